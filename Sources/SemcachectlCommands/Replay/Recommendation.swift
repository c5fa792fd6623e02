/// Which settings keep the share of false hits inside a budget.
struct Recommendation: Sendable, Hashable {
    /// A point of a profile.
    struct Choice: Sendable, Hashable {
        /// `semantic.profile`.
        var profile: String
        /// `semantic.threshold`.
        var threshold: Double
        /// What the lookups came to there.
        var tally: ReplayTally
    }

    /// What can be said.
    enum Verdict: String, Sendable, CaseIterable {
        /// The whole interval of the choice's share is inside the budget.
        case found
        /// The share of the choice is inside the budget, but its interval is not: the sample is too small.
        case tooSmall = "too_small"
        /// Nothing is inside the budget.
        case none
        /// Nothing tells which hits are false.
        case unjudged
    }

    /// The greatest share of false hits in judged hits.
    let budget: Double
    /// What can be said.
    let verdict: Verdict
    /// The settings; nil without any.
    let choice: Choice?

    /// Chooses, in each profile, the lowest threshold inside the budget, and of those the one with the most hits.
    ///
    /// `profiles` are in the order of preference, each with its thresholds in ascending order.
    init(budget: Double, _ profiles: [[Choice]]) {
        self.budget = budget
        func best(_ isInside: (Choice) -> Bool) -> Choice? {
            let lowest = profiles.compactMap { $0.first(where: isInside) }
            return lowest.dropFirst().reduce(lowest.first) { best, other in
                best.map { other.tally.hits > $0.tally.hits ? other : $0 }
            }
        }
        if let choice = best({ $0.tally.falseHitInterval.map { $0.upper <= budget } ?? false }) {
            (verdict, self.choice) = (.found, choice)
        } else if let choice = best({ $0.tally.falseHitRatio.map { $0 <= budget } ?? false }) {
            (verdict, self.choice) = (.tooSmall, choice)
        } else {
            let isJudged = profiles.contains { $0.contains { $0.tally.judged > 0 } }
            (verdict, self.choice) = (isJudged ? .none : .unjudged, nil)
        }
    }
}
