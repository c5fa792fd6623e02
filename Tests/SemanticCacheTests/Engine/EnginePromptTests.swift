import JSONScanning
import SemanticCache
import SemanticCacheTesting
import Testing

@Suite struct EnginePromptTests {
    private static let question = "How do I reset my password?"
    private static let reworded = "How can I reset my password?"

    private struct Unexpected: Error { var what: String }

    private let tier = ScriptedSearch()

    private func cache(_ change: (inout NamespaceSettings) -> Void = { _ in }) -> EngineUnderTest {
        var settings = CacheSettings()
        change(&settings.defaults)
        return EngineUnderTest(settings, search: tier)
    }

    private func prompt(_ text: String, _ attributes: [String: String]) -> Prompt {
        Prompt(text: text, attributes: attributes.map { Attribute(name: $0, value: $1) })
    }

    @discardableResult
    private func set(
        _ text: String = question,
        _ attributes: [String: String] = [:],
        response: String = "answer",
        in cache: EngineUnderTest
    ) throws -> Fingerprint {
        let prompt = prompt(text, attributes)
        let request = prompt.request
        let response = PromptAnswer(prompt: prompt, response: response).entryResponse
        let canonical = try cache.engine.canonicalize(
            try JSONDocument(request).root,
            endpoint: .prompts,
            namespace: .default,
            purpose: .storing
        )
        let answers = Completions<StoreOutcome>()
        cache.engine.store(
            StoreRequest(
                key: EntryKey(namespace: .default, fingerprint: canonical.fingerprint),
                endpoint: .prompts,
                canonical: canonical,
                requestBytes: request,
                responseBytes: response,
                assessment: Endpoint.prompts.assess(try JSONDocument(response).root),
                claim: nil,
                isForbidden: false,
                timeToLive: 60,
                tags: []
            )
        ) { answers.all.append($0) }
        guard case .stored(let id, 60, _) = answers.only else {
            throw Unexpected(what: "not stored: \(answers.all)")
        }
        return id
    }

    private func search(
        _ text: String,
        _ attributes: [String: String] = [:],
        by strategies: [PromptSearch.Strategy],
        limit: Int = 1,
        context: [String] = [],
        in cache: EngineUnderTest
    ) throws -> [PromptMatch]? {
        let answers = Completions<PromptSearchOutcome>()
        try cache.engine.search(
            PromptSearch(
                namespace: .default,
                prompt: prompt(text, attributes),
                strategies: strategies,
                limit: limit,
                context: context,
                arrivedAt: cache.storage.clock.uptimeNanoseconds
            )
        ) { answers.all.append($0) }
        switch answers.only {
        case .found(let matches): return matches
        case .unavailable: return nil
        case nil: throw Unexpected(what: "completed \(answers.all.count) times")
        }
    }

    @Test func theSamePromptIsFoundExactlyWithoutAVector() throws {
        let cache = cache()
        let id = try set(in: cache)
        let match = try #require(try search(Self.question.uppercased(), by: [.exact], in: cache)?.first)
        #expect(match.entry.id == id)
        #expect(match.answer.response == "answer")
        #expect(match.strategy == .exact)
        #expect(match.similarity == 1)
        #expect(tier.queries.isEmpty)
        #expect(cache.events == ["stored", "hit"])
    }

    @Test func whiteSpaceAroundAPromptDoesNotCount() throws {
        let cache = cache()
        let id = try set(" \(Self.question)\n", ["user": "a"], in: cache)
        for attributes in [["user": "a"], [:]] {
            #expect(try search("\(Self.question)\t", attributes, by: [.exact], in: cache)?.first?.entry.id == id)
        }
    }

    @Test func anAliasForOtherWordsIsNotTheSamePrompt() throws {
        let cache = cache()
        let id = try set(in: cache)
        tier.finds((id, 0.99, 0.99, nil))
        let body = try JSONDocument(prompt(Self.reworded, [:]).request).root
        let canonical = try cache.engine.canonicalize(
            body,
            endpoint: .prompts,
            namespace: .default,
            purpose: .storing
        )
        let request = LookupRequest(
            namespace: .default,
            endpoint: .prompts,
            body: body,
            canonical: canonical,
            options: LookupOptions(),
            arrivedAt: cache.storage.clock.uptimeNanoseconds
        )
        #expect(cache.lookup(request).hit?.tier == .semantic)
        #expect(cache.store.calls.last == .writeAlias)
        #expect(try search(Self.reworded, by: [.exact], in: cache)?.isEmpty == true)
    }

    @Test func theVerySamePromptIsFoundSemanticallyWithoutAVector() throws {
        let cache = cache()
        try set(in: cache)
        #expect(try search(Self.question, by: [.semantic], in: cache)?.first?.strategy == .semantic)
        #expect(tier.queries.isEmpty)
        // Letters of another case may be another question.
        #expect(try search(Self.question.uppercased(), by: [.semantic], in: cache)?.isEmpty == true)
        #expect(tier.queries.count == 1)
    }

    @Test func fewerAttributesFindTheLatestExactly() throws {
        let cache = cache()
        let alice = try set(Self.question, ["user": "alice", "team": "x"], in: cache)
        let bob = try set(Self.question, ["user": "bob", "team": "x"], in: cache)
        func found(_ attributes: [String: String]) throws -> Fingerprint? {
            try search(Self.question, attributes, by: [.exact], in: cache)?.first?.entry.id
        }
        #expect(try found([:]) == bob)
        #expect(try found(["team": "x"]) == bob)
        #expect(try found(["user": "alice"]) == alice)
        #expect(try found(["user": "alice", "team": "x"]) == alice)
        #expect(try found(["user": "alice", "team": "y"]) == nil)
        #expect(try found(["user": "alice", "team": "x", "more": "1"]) == nil)
    }

    @Test func whatLacksAnAttributeIsNeverServed() throws {
        let cache = cache()
        let bob = try set(Self.question, ["user": "bob"], in: cache)
        // An index is a hint, and may be wrong.
        tier.finds((bob, 0.99, 0.99, nil))
        #expect(try search(Self.reworded, ["user": "alice"], by: [.semantic], in: cache)?.isEmpty == true)
        #expect(tier.queries.last?.attributes == [Attribute(name: "user", value: "alice")])
        #expect(try search(Self.reworded, ["user": "bob"], by: [.semantic], in: cache)?.count == 1)
    }

    @Test func aLookupOfTheEndpointMindsAttributesToo() throws {
        let cache = cache()
        let bob = try set(Self.question, ["user": "bob"], in: cache)
        tier.finds((bob, 0.99, 0.99, nil))
        func lookup(_ user: String) throws -> LookupOutcome? {
            let body = try JSONDocument(prompt(Self.reworded, ["user": user]).request).root
            let request = LookupRequest(
                namespace: .default,
                endpoint: .prompts,
                body: body,
                canonical: try cache.engine.canonicalize(
                    body,
                    endpoint: .prompts,
                    namespace: .default,
                    purpose: .storing
                ),
                options: LookupOptions(),
                arrivedAt: cache.storage.clock.uptimeNanoseconds
            )
            return cache.lookup(request).only
        }
        guard case .miss = try lookup("alice") else {
            Issue.record("another's entry was served")
            return
        }
        guard case .hit = try lookup("bob") else {
            Issue.record("no hit")
            return
        }
    }

    @Test func asManyAsAreWantedComeTheBestFirstAndEachOnce() throws {
        let cache = cache()
        let ids = try (0..<4).map { try set("question \($0)", response: "\($0)", in: cache) }
        tier.finds(
            (ids[2], 0.97, 0.95, nil),
            (ids[0], 0.96, 0.96, nil),
            (ids[1], 0.95, 0.2, .score),
            (ids[3], 0.9, 0.9, nil)
        )
        func found(_ text: String, _ limit: Int) throws -> [String]? {
            try search(text, by: [.exact, .semantic], limit: limit, in: cache)?.map(\.answer.response)
        }
        #expect(try found("another", 10) == ["0", "2", "3"])
        #expect(try found("another", 2) == ["0", "2"])
        #expect(try found("Question 2", 10) == ["2", "0", "3"])
    }

    @Test func aFlushedEntryIsNotFoundAndLeavesTheIndex() throws {
        let cache = cache()
        let id = try set(in: cache)
        _ = cache.storage.flush(.namespace(.default, model: nil, tags: []))
        tier.finds((id, 0.99, 0.99, nil))
        #expect(try search(Self.question, by: [.exact, .semantic], in: cache)?.isEmpty == true)
        #expect(tier.removed == [id])
    }

    @Test func withoutAVectorOnlyWhatWasFoundExactlyIsAnAnswer() throws {
        let cache = cache()
        try set(in: cache)
        tier.finding = .unavailable
        #expect(try search(Self.question, by: [.exact, .semantic], limit: 5, in: cache)?.count == 1)
        #expect(try search(Self.reworded, by: [.exact, .semantic], in: cache) == nil)
        #expect(cache.events.suffix(1) == ["miss semantic_unavailable"])
    }

    @Test func aPromptThatLeansOnItsContextFindsNothing() throws {
        let cache = cache()
        try set("How much does it cost?", in: cache)
        try set(in: cache)
        #expect(try search("How much does it cost?", by: [.exact], context: ["Hi"], in: cache)?.isEmpty == true)
        #expect(try search("How much does it cost?", by: [.exact], in: cache)?.count == 1)
        #expect(try search(Self.question, by: [.exact], context: ["Hi"], in: cache)?.count == 1)
    }

    @Test func shadowModeAndASwitchedOffCacheServeNothingInOtherWords() throws {
        let shadow = cache { $0.semantic.mode = .shadow }
        let id = try set(in: shadow)
        tier.finds((id, 0.99, 0.99, nil))
        #expect(try search(Self.reworded, by: [.semantic], in: shadow)?.isEmpty == true)
        let off = cache { $0.isEnabled = false }
        #expect(try search(Self.question, by: [.exact], in: off)?.isEmpty == true)
        #expect(off.events == ["bypass disabled"])
    }
}
