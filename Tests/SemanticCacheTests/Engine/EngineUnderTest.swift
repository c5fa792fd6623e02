import JSONScanning
import SemanticCache
import SemanticCacheTesting

/// An engine on a ``MemoryResponseStore``, with everything that it counted.
final class EngineUnderTest {
    /// Remembers events as the names that the counts have.
    final class Recorder: StatsRecorder {
        var events: [String] = []
        let counts = LoopStats(labels: NamespaceLabels())

        func record(_ event: StatsEvent, in namespace: Namespace) {
            counts.record(event, in: namespace)
            switch event {
            case .hit(let hit, _): events.append(hit.isCoalesced ? "coalesced" : "hit")
            case .miss(let reason, _): events.append("miss \(reason.rawValue)")
            case .bypass(let reason, _): events.append("bypass \(reason.rawValue)")
            case .stored: events.append("stored")
            case .refused(let reason): events.append("refused \(reason.rawValue)")
            case .embedded: events.append("embedded")
            case .candidate(let verdict, _): events.append("candidate \(verdict.rawValue)")
            case .shadowHit: events.append("shadow hit")
            case .shadowCompared(let agrees): events.append(agrees ? "shadow agrees" : "shadow disagrees")
            case .rejected, .lease: break
            case .flushed: events.append("flushed")
            case .feedback: events.append("feedback")
            }
        }
    }

    static let secret = Array("0123456789abcdef0123456789abcdef".utf8)
    static let question = #"{"model":"gpt-4o","messages":[{"role":"user","content":"How do I reset my password?"}]}"#

    let store: MemoryResponseStore
    let recorder = Recorder()
    let engine: CacheEngine

    init(
        _ settings: CacheSettings = CacheSettings(),
        storage: MemoryStorage = MemoryStorage(),
        search: ScriptedSearch? = nil,
        hasKey: Bool = true
    ) {
        store = MemoryResponseStore(storage)
        engine = CacheEngine(
            store: store,
            search: search,
            stats: recorder,
            signer: hasKey ? TicketSigner(secret: Self.secret) : nil,
            clock: storage.clock.engineClock,
            settings: settings,
            ticketSeconds: 3600
        )
    }

    convenience init(_ change: (inout NamespaceSettings) -> Void) {
        var settings = CacheSettings()
        change(&settings.defaults)
        self.init(settings)
    }

    var storage: MemoryStorage { store.storage }
    var events: [String] { recorder.events }

    private func body(_ text: String) throws -> JSONValue { try JSONDocument(Array(text.utf8)).root }

    func canonical(_ text: String = question) throws -> CanonicalRequest {
        try engine.canonicalize(try body(text), endpoint: .chatCompletions, namespace: .default, purpose: .storing)
    }

    func request(
        _ text: String = question,
        agedMilliseconds: Int = 0,
        _ change: (inout LookupOptions) -> Void = { _ in }
    ) throws -> LookupRequest {
        var options = LookupOptions()
        change(&options)
        return LookupRequest(
            namespace: .default,
            endpoint: .chatCompletions,
            body: try body(text),
            canonical: try canonical(text),
            options: options,
            arrivedAt: storage.clock.uptimeNanoseconds - UInt64(agedMilliseconds) * 1_000_000
        )
    }

    /// The answers of a lookup that have come so far; one, unless it waits.
    func lookup(_ request: LookupRequest) -> Completions<LookupOutcome> {
        let answers = Completions<LookupOutcome>()
        engine.lookup(request) { answers.all.append($0) }
        return answers
    }

    func lookup(
        _ text: String = question,
        _ change: (inout LookupOptions) -> Void = { _ in }
    ) throws -> Completions<LookupOutcome> {
        lookup(try request(text, change))
    }

    /// Stores an answer, with the ticket of a miss or without.
    func fill(
        _ answer: String = #"{"choices":[]}"#,
        ticket text: String? = nil,
        question: String = question,
        refusal: RefusalReason? = nil,
        timeToLive: Int? = nil,
        tags: [String] = []
    ) throws -> StoreOutcome? {
        let ticket = try text.map { try engine.ticket(from: $0) }
        let answers = Completions<StoreOutcome>()
        engine.store(
            try storeRequest(
                answer,
                ticket: ticket,
                question: question,
                refusal: refusal,
                timeToLive: timeToLive,
                tags: tags
            )
        ) { answers.all.append($0) }
        return answers.only
    }

    /// What a store of an answer asks.
    func storeRequest(
        _ answer: String,
        ticket: Ticket? = nil,
        question: String = question,
        refusal: RefusalReason? = nil,
        timeToLive: Int? = nil,
        tags: [String] = []
    ) throws -> StoreRequest {
        let canonical = try canonical(question)
        return StoreRequest(
            key: ticket?.key ?? EntryKey(namespace: .default, fingerprint: canonical.fingerprint),
            endpoint: .chatCompletions,
            canonical: canonical,
            requestBytes: ticket?.request ?? Array(question.utf8),
            responseBytes: Array(answer.utf8),
            assessment: ResponseAssessment(
                refusal: refusal,
                usage: TokenUsage(promptTokens: 1000, completionTokens: 100),
                isPlainText: true
            ),
            claim: ticket?.claim,
            shadow: ticket?.shadow,
            isForbidden: ticket.map { $0.claim == nil } ?? false,
            timeToLive: timeToLive ?? ticket?.timeToLive,
            tags: ticket?.tags ?? tags
        )
    }
}

/// What a completion was given, in order.
final class Completions<Outcome> {
    var all: [Outcome] = []

    /// The answer, if there was exactly one.
    var only: Outcome? { all.count == 1 ? all[0] : nil }
}

extension Completions<LookupOutcome> {
    var hit: Hit? {
        guard case .hit(let hit) = only else { return nil }
        return hit
    }

    var miss: Miss? {
        guard case .miss(let miss) = only else { return nil }
        return miss
    }

    var bypass: BypassReason? {
        guard case .bypass(let reason) = only else { return nil }
        return reason
    }
}
