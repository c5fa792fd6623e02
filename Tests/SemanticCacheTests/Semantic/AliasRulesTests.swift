import SemanticCache
import SemanticCacheTesting
import Testing

@Suite struct AliasRulesTests {
    private struct NoEmbedder: Embedder {
        var modelID = "m"
        let dimensions = 2
        let maximumTokens: Int? = nil

        func embed(
            _ text: String,
            deadline: Deadline,
            completion: @escaping @Sendable (Result<[Float], EmbedderError>) -> Void
        ) { completion(.failure(.unavailable)) }
    }

    private func tier(model: String = "m", isCalibrated: Bool = true) -> SemanticTier {
        SemanticTier(
            embedder: NoEmbedder(modelID: model),
            index: MemoryVectorIndex(),
            verifier: LexicalVerifier(isCalibrated: isCalibrated),
            clock: EngineClock(now: { Timestamp(milliseconds: 0) }, uptime: { 0 })
        )
    }

    private func alias(_ tier: SemanticTier, similarity: Double = 0.9, score: Double) -> Alias.Judgment {
        Alias.Judgment(similarity: similarity, score: score, rules: tier.rules(for: SemanticSettings()))
    }

    @Test func modelProfileGuardsAndCalibrationAreParted() {
        var balanced = SemanticSettings()
        balanced.profile = .balanced
        var all = [
            tier().rules(for: SemanticSettings()), tier().rules(for: balanced),
            tier(model: "n").rules(for: SemanticSettings()), tier(isCalibrated: false).rules(for: SemanticSettings()),
        ]
        for kind in SemanticSettings.Guard.allCases {
            var settings = SemanticSettings()
            settings.guards.remove(kind)
            all.append(tier().rules(for: settings))
        }
        #expect(Set(all).count == all.count)
        #expect(tier().rules(for: balanced) == tier().rules(for: balanced))
    }

    @Test func anAliasIsHeldToThresholdAndScoreOfNow() {
        let tier = tier()
        var settings = SemanticSettings()
        #expect(tier.upholds(alias(tier, score: 0.8), under: settings))
        #expect(!tier.upholds(alias(tier, score: 0.7), under: settings))
        #expect(!tier.upholds(alias(tier, similarity: 0.79, score: 0.8), under: settings))
        settings.minimumScore = 0.85
        #expect(!tier.upholds(alias(tier, score: 0.8), under: settings))
    }

    @Test func withoutCalibrationOnlyANamedScoreDecides() {
        let tier = tier(isCalibrated: false)
        var settings = SemanticSettings()
        #expect(tier.upholds(alias(tier, score: 0.1), under: settings))
        settings.minimumScore = 0.5
        #expect(!tier.upholds(alias(tier, score: 0.1), under: settings))
    }
}
