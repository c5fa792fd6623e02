import Testing

@testable import SemcachectlCommands

@Suite struct RecommendationTests {
    /// Wilson's bounds as statsmodels' proportion_confint(method: "wilson") has them.
    @Test(arguments: [
        (0, 10, 0.0, 0.27753), (1, 10, 0.01788, 0.40415), (5, 100, 0.02154, 0.11175), (10, 10, 0.72247, 1.0),
        (0, 381, 0.0, 0.009982), (1, 1, 0.20655, 1.0),
    ])
    func boundsAreWilsons(count: Int, total: Int, lower: Double, upper: Double) throws {
        let interval = try #require(WilsonInterval(count, of: total))
        #expect(abs(interval.lower - lower) < 1e-4)
        #expect(abs(interval.upper - upper) < 1e-4)
    }

    @Test func anEmptySampleHasNoBounds() {
        #expect(WilsonInterval(0, of: 0) == nil)
        #expect(WilsonInterval(2, of: 1) == nil)
    }

    @Test(arguments: [(0.01, 381), (0.05, 73), (0.5, 4)])
    func theLeastSampleIsJustLargeEnough(share: Double, least: Int) throws {
        #expect(WilsonInterval.leastSample(for: share) == least)
        #expect(try #require(WilsonInterval(0, of: least)).upper <= share)
        #expect(try #require(WilsonInterval(0, of: least - 1)).upper > share)
    }

    private func choices(_ profile: String, _ rows: [(Double, hits: Int, wrong: Int)]) -> [Recommendation.Choice] {
        rows.map { threshold, hits, wrong in
            var tally = ReplayTally()
            (tally.semantic, tally.judged, tally.falseHits) = (hits, hits, wrong)
            return Recommendation.Choice(profile: profile, threshold: threshold, tally: tally)
        }
    }

    @Test func theLowestThresholdOfTheProfileWithMoreHitsIsChosen() {
        let strict = choices("strict", [(0.8, 900, 0), (0.9, 800, 0)])
        let balanced = choices("balanced", [(0.8, 1500, 30), (0.9, 1200, 1), (0.95, 1000, 0)])
        let found = Recommendation(budget: 0.01, [strict, balanced])
        #expect(found.verdict == .found)
        #expect(found.choice?.profile == "balanced")
        #expect(found.choice?.threshold == 0.9)
        #expect(
            Recommendation(budget: 0.01, [strict, choices("balanced", [(0.8, 900, 0)])]).choice?.profile == "strict"
        )
    }

    @Test func aShareInsideTheBudgetOfTooFewHitsIsNoProof() {
        let small = Recommendation(budget: 0.01, [choices("strict", [(0.8, 50, 1), (0.9, 40, 0)])])
        #expect(small.verdict == .tooSmall)
        #expect(small.choice?.threshold == 0.9)
        #expect(small.sentence.contains("At least 381 judged hits are needed"))
    }

    @Test func nothingInsideTheBudgetIsSaid() {
        #expect(Recommendation(budget: 0.01, [choices("strict", [(0.8, 50, 5), (0.9, 0, 0)])]).verdict == .none)
    }

    @Test func withoutJudgedHitsNothingIsRecommended() {
        let unjudged = Recommendation(budget: 0.01, [choices("strict", [(0.8, 0, 0)])])
        #expect(unjudged.verdict == .unjudged)
        #expect(unjudged.choice == nil)
        #expect(unjudged.sentence.contains("label"))
    }
}
