/// What a recorded log would have hit and saved.
struct ReplayReport {
    /// The operating points, and what the lookups came to at each.
    let points: ReplayPoints
    private(set) var tallies: [ReplayTally]
    /// Lines with a request.
    var requests = 0
    /// Requests that are never cached.
    var uncacheable = 0
    /// Requests that the semantic tier does not compare, by reason.
    var ineligible: [String: Int] = [:]
    /// Requests whose candidates could not be had.
    var unavailable = 0
    /// Answers that the server does not cache, by reason.
    var refused: [String: Int] = [:]
    /// Lines that are no requests.
    var bad = 0
    /// Why the semantic tier was not simulated; nil when it was.
    var withoutSemantic: String?
    /// Whether prices were given.
    var isPriced = false
    /// What is recommended for the budget; nil when none was stated.
    var recommendation: Recommendation?
    /// What shadow mode has seen, when no line tells which hits are false.
    var shadow: (agreed: Int, disagreed: Int)?

    /// Creates an empty report.
    init(_ points: ReplayPoints) {
        self.points = points
        tallies = points.all.map { _ in ReplayTally() }
    }

    /// The figures at the settings as they are.
    var current: ReplayTally { tallies[points.current] }

    /// Dollars that hits save; nil when no price was given.
    var dollars: Double? { isPriced ? current.dollars : nil }

    /// The first false hits at the settings as they are: the line, and the one whose answer it got.
    private(set) var falseHitLines: [(asked: Int, stored: Int)] = []
    private static let mostFalseHitLines = 50

    /// Counts the outcomes of the lookup on a line, one for each point.
    mutating func count(_ outcomes: [CacheSimulation.Outcome], line: Int, _ price: ModelPrice?) {
        for (place, outcome) in outcomes.enumerated() { tallies[place].count(outcome, price) }
        if case .hit(let hit) = outcomes[points.current], hit.verdict?.isFalse == true,
            falseHitLines.count < Self.mostFalseHitLines
        {
            falseHitLines.append((line, hit.source))
        }
    }

    /// The figures by threshold under one least score.
    func rows(_ sweep: ReplayPoints.Sweep) -> [(threshold: Double, tally: ReplayTally)] {
        ReplayPoints.thresholds.enumerated().map { ($1, tallies[sweep.first + $0]) }
    }

    /// Chooses settings for a budget.
    mutating func recommend(budget: Double) {
        let profiles = points.sweeps.filter { $0.name != ReplayPoints.configured }
        recommendation = Recommendation(
            budget: budget,
            profiles.map { sweep in
                rows(sweep).map { Recommendation.Choice(profile: sweep.name, threshold: $0.threshold, tally: $0.tally) }
            }
        )
    }
}
