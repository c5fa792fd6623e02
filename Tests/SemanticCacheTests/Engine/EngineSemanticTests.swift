import SemanticCache
import SemanticCacheTesting
import Testing

@Suite struct EngineSemanticTests {
    private static let other =
        #"{"model":"gpt-4o","messages":[{"role":"user","content":"Forgot my password, and now?"}]}"#
    private static let third = #"{"model":"gpt-4o","messages":[{"role":"user","content":"What about my password?"}]}"#

    private let search = ScriptedSearch()

    private func cache(_ change: (inout NamespaceSettings) -> Void = { _ in }) -> EngineUnderTest {
        var settings = CacheSettings()
        change(&settings.defaults)
        return EngineUnderTest(settings, search: search)
    }

    @Test func aStoredTextIsFindableAtOnce() throws {
        let cache = cache()
        let id = try cache.canonical().fingerprint
        guard case .stored(id, 60, .some) = try cache.fill("answer", timeToLive: 60) else {
            Issue.record("not stored for the semantic tier")
            return
        }
        let element = try #require(search.inserted.first)
        #expect(element.entry == id)
        #expect(element.text == "How do I reset my password?")
        search.hasVectors = false
        let other = try cache.canonical(Self.other).fingerprint
        #expect(try cache.fill(question: Self.other, timeToLive: 60) == .stored(id: other, timeToLive: 60))
        #expect(search.inserted.count == 1)
    }

    @Test func theBestScoreIsServedNotTheBestCosine() throws {
        let cache = cache()
        _ = try cache.fill("near")
        _ = try cache.fill("right", question: Self.other)
        let near = try cache.canonical().fingerprint
        let right = try cache.canonical(Self.other).fingerprint
        search.finds((near, 0.97, 0.80, nil), (right, 0.93, 0.90, nil))
        let hit = try #require(try cache.lookup(Self.third).hit)
        #expect(hit.tier == .semantic)
        #expect(hit.entry.id == right)
        #expect(hit.similarity == 0.93)
        #expect(hit.score == 0.90)
        #expect(Array(cache.store.calls.suffix(3)) == [.fetch, .fetchCandidate, .writeAlias])

        // The alias makes the same wording an exact hit, without a search.
        let searches = search.queries.count
        #expect(try cache.lookup(Self.third).hit?.tier == .exact)
        #expect(search.queries.count == searches)
        #expect(cache.events.suffix(4) == ["embedded", "candidate served", "hit", "hit"])
    }

    @Test func anAliasIsNotFollowedByWhoIsStricterByNow() throws {
        let cache = cache()
        _ = try cache.fill("right", question: Self.other)
        search.finds((try cache.canonical(Self.other).fingerprint, 0.93, 0.90, nil))
        #expect(try cache.lookup(Self.third).hit?.tier == .semantic)
        search.finds()
        #expect(try cache.lookup(Self.third) { $0.minimumSimilarity = 0.95 }.miss?.reason == .absent)
        #expect(try cache.lookup(Self.third) { $0.allowsSemantic = false }.miss?.reason == .absent)
        cache.engine.settings.defaults.semantic.minimumScore = 0.95
        #expect(try cache.lookup(Self.third).miss?.reason == .absent)
        cache.engine.settings.defaults.semantic.minimumScore = nil
        search.rules = 2
        #expect(try cache.lookup(Self.third).miss?.reason == .absent)
        search.rules = 1
        #expect(try cache.lookup(Self.third).hit?.tier == .exact)
    }

    @Test func aCandidateThatIsGoneOrBlockedGivesWayToTheNext() throws {
        let cache = cache()
        _ = try cache.fill("blocked")
        _ = try cache.fill("right", question: Self.other)
        let (blocked, right) = (try cache.canonical().fingerprint, try cache.canonical(Self.other).fingerprint)
        let gone = try cache.canonical(EngineUnderTest.question.replacing("reset", with: "lose")).fingerprint
        var outcomes: [BlockOutcome] = []
        cache.engine.block(
            EntryKey(namespace: .default, fingerprint: blocked),
            for: try cache.canonical(Self.third).fingerprint
        ) { outcomes.append($0) }
        #expect(outcomes == [.blocked])
        search.finds((gone, 0.99, 0.99, nil), (blocked, 0.98, 0.98, nil), (right, 0.93, 0.90, nil))
        #expect(try cache.lookup(Self.third).hit?.entry.id == right)
        #expect(search.removed == [gone])
    }

    @Test(arguments: [
        (Judgment.Rejection.threshold, MissReason.belowThreshold, "threshold"), (.score, .guarded, "score"),
        (.guarded(.numbers), .guarded, "numbers"),
    ])
    func aRefusedCandidateIsNamed(rejection: Judgment.Rejection, reason: MissReason, name: String) throws {
        let cache = cache()
        search.finds((try cache.canonical(Self.other).fingerprint, 0.85, 0.7, rejection))
        let miss = try #require(try cache.lookup().miss)
        #expect(miss.reason == reason)
        #expect(miss.nearest == Miss.Nearest(similarity: 0.85, rejectedBy: name))
        #expect(miss.ticket != nil)
        #expect(cache.store.calls == [.fetch, .acquire])
    }

    @Test func withoutVectorsAQuestionIsAMissThatSaysSo() throws {
        let cache = cache()
        search.finding = .unavailable
        #expect(try cache.lookup().miss?.reason == .semanticUnavailable)
        search.finding = .tooLong
        #expect(try cache.lookup(Self.other).miss?.reason == .absent)
    }

    @Test func whatIsSwitchedOffIsNotAsked() throws {
        let cache = cache { $0.semantic.isEnabled = false }
        #expect(try cache.lookup().miss?.reason == .absent)
        let tools = EngineUnderTest.question.replacing(#"{"model""#, with: #"{"logprobs":true,"model""#)
        #expect(try self.cache().lookup(tools).miss?.reason == .absent)
        #expect(search.queries.isEmpty)
    }

    @Test func theCallersLeastSimilarityOnlyRaisesTheThreshold() throws {
        let cache = cache { $0.semantic.threshold = 0.85 }
        _ = try cache.lookup { $0.minimumSimilarity = 0.5 }
        _ = try cache.lookup { $0.minimumSimilarity = 0.95 }
        #expect(search.queries.map(\.settings.threshold) == [0.85, 0.95])
    }

    @Test func shadowModeTellsOfAMissAndComparesWithWhatComes() throws {
        let cache = cache { $0.semantic.mode = .shadow }
        func answer(_ text: String) -> String {
            #"{"choices":[{"index":0,"message":{"role":"assistant","content":"\#(text)"},"finish_reason":"stop"}]}"#
        }
        _ = try cache.fill(answer("Click the link."), question: Self.other)
        search.finds((try cache.canonical(Self.other).fingerprint, 0.93, 0.90, nil))
        for (said, similarity, verdict) in [
            ("click  the LINK.", 0.0, "shadow agrees"), ("Use the link.", 0.95, "shadow agrees"),
            ("Buy a boat.", 0.1, "shadow disagrees"),
        ] {
            search.answerSimilarity = similarity
            let miss = try #require(try cache.lookup { $0.skipsSearch = false }.miss)
            #expect(cache.events.last == "miss absent")
            #expect(cache.events.contains("shadow hit"))
            let ticket = try cache.engine.ticket(from: try #require(miss.ticket))
            #expect(ticket.shadow == (try cache.canonical(Self.other).fingerprint))
            var request = try cache.storeRequest(answer(said), ticket: ticket)
            request.claim = nil
            cache.engine.compareWithShadow(request)
            #expect(cache.events.last == verdict)
        }
        #expect(!cache.store.calls.contains(.writeAlias))
    }

    @Test func aLookupWaitsForTheChangeThatItNames() throws {
        let cache = cache()
        let change = ChangeToken(bucket: 1, milliseconds: 2, number: 3)
        #expect(try cache.lookup { $0.after = change }.miss?.reason == .absent)
        #expect(search.queries.count == 1)
        search.knowsChanges = false
        #expect(try cache.lookup(Self.other) { $0.after = change }.miss?.reason == .semanticUnavailable)
        #expect(search.queries.count == 1)
        #expect(search.awaited == [change, change])
    }
}
