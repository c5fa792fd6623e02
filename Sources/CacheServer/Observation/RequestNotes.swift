import SemanticCache
import Tracing

/// What is known of one request besides its answer; there only when somebody wants to know.
final class RequestNotes {
    var namespace: String?
    /// The name of the caller's key.
    var keyID: String?
    /// In one word what came out: `hit`, `miss`, `bypass`, `stored`, `refused`.
    var outcome: String?
    /// Why, of a miss, a bypass or a refusal.
    var reason: String?
    /// The tier of a hit.
    var tier: String?
    /// The similarity of a semantic hit.
    var similarity: Double?
    /// Whether the cache failed, although the answer is no error.
    var isFailure = false
    /// The request's span, if there is one.
    var span: (any Span)?
    /// What the clocks are apart, in nanoseconds: the time since 1970 less the monotonic one.
    var clockOffset: UInt64 = 0
    /// Takes down how long the steps take, when the span is recorded.
    var stages: StageTimes?
}

extension Exchange {
    /// Notes which namespace a request is about.
    func note(_ namespace: Namespace) { notes?.namespace = namespace.name }

    /// Notes what a lookup came to.
    func note(_ outcome: LookupOutcome, of request: LookupRequest, in loop: ServerLoop) {
        if notes == nil {
            guard case .bypass(let reason) = outcome, reason.isFailure, loop.observer != nil else { return }
            // Few lookups fail, so that only these need notes.
            notes = RequestNotes()
        }
        guard let notes else { return }
        notes.namespace = request.namespace.name
        switch outcome {
        case .hit(let hit):
            notes.outcome = "hit"
            notes.tier = hit.isCoalesced ? "coalesced" : hit.tier.rawValue
            notes.similarity = hit.similarity
        case .miss(let miss):
            notes.outcome = "miss"
            notes.reason = miss.reason.rawValue
        case .bypass(let reason):
            notes.outcome = "bypass"
            notes.reason = reason.rawValue
            notes.isFailure = reason.isFailure
        }
    }

    /// Notes what a search of prompts came to.
    func note(_ outcome: PromptSearchOutcome) {
        guard let notes else { return }
        switch outcome {
        case .found(let matches):
            notes.outcome = matches.isEmpty ? "miss" : "hit"
            notes.tier = matches.first?.strategy.rawValue
            notes.similarity = matches.first?.similarity
        case .unavailable(let reason):
            notes.outcome = "failed"
            notes.reason = reason.rawValue
        }
    }

    /// Notes what a store came to.
    func note(_ outcome: StoreOutcome, in namespace: Namespace) {
        guard let notes else { return }
        notes.namespace = namespace.name
        switch outcome {
        case .stored: notes.outcome = "stored"
        case .refused(let reason):
            notes.outcome = "refused"
            notes.reason = reason.rawValue
        case .unavailable: notes.outcome = "failed"
        }
    }
}

extension BypassReason {
    /// Whether something failed; the others are as somebody wanted it.
    fileprivate var isFailure: Bool { self == .redisUnavailable || self == .deadline }
}
