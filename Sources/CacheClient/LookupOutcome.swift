public import CacheAPI

/// What a lookup came to.
public enum LookupOutcome<Answer: Sendable>: Sendable {
    /// The cache has the upstream's answer.
    case hit(Answer, CacheHit)
    /// The upstream must be called; its answer is worth storing.
    case miss(CacheMiss)
    /// The upstream must be called, and the cache left alone for this request.
    case bypass(CacheBypass)
}

/// Where an answer out of the cache comes from.
public struct CacheHit: Sendable, Hashable {
    /// 64 hex digits, for feedback.
    public var entryID: String
    /// `exact` or `semantic`.
    public var tier: String
    /// Of a semantic hit: the cosine of the two texts' embeddings.
    public var similarity: Double?
    /// Seconds since the entry was stored.
    public var age: Int
    /// Whether another caller's call to the upstream was waited for; nil of a replayed stream, which does not tell.
    public var coalesced: Bool?
    /// Of a semantic hit: the stored question, where the caller may see it; nil of a replayed stream.
    public var matched: String?
    /// What the hit saved; nil of a replayed stream.
    public var saved: HitSavingsBody?
}

/// The right to fill a missing entry.
public struct CacheMiss: Sendable, Hashable {
    /// Why there is no answer: `absent`, `below_threshold`, `guarded`, `too_old`, `no_cache` or `semantic_unavailable`.
    public var reason: String
    /// Names the request to ``CacheClient/store(_:for:)`` and ``CacheClient/release(_:)-(CacheMiss)``; nil when its
    /// answer must not be stored.
    public var ticket: String?
    /// Whether this caller fills (`granted`), or another one does already (`held`); nil when nobody keeps order.
    public var lease: LeaseBody?
    /// The nearest candidate that was refused.
    public var nearest: NearestBody?
}

/// Why there is no cache for a request.
public struct CacheBypass: Sendable, Hashable {
    /// As the server says (`redis_unavailable`, `deadline`, `uncacheable`, `disabled`, `rate_limited`, …); `unreachable`
    /// when it did not answer in time, `unexpected_answer` when something else did, `cancelled` when the task was.
    public var reason: String
    /// What the client ran into; nil when the server itself said to bypass it.
    public var error: CacheClientError?

    /// Creates a bypass for what the client ran into.
    init(_ error: CacheClientError, isCancelled: Bool) {
        self.error = error
        reason =
            switch error {
            case _ where isCancelled: "cancelled"
            case .misconfigured: "misconfigured"
            case .unreachable: "unreachable"
            case .problem(let problem, _): problem.code
            case .unexpected: "unexpected_answer"
            }
    }

    /// Creates the bypass that the server said.
    init(reason: String) { self.reason = reason }
}
