public import CacheAPI

/// An answer, and what the cache had to do with it.
public struct CachedAnswer: Sendable {
    /// The answer as the upstream gave it, now or earlier: the same JSON value.
    public var response: [UInt8]
    /// What the cache did.
    public var use: CacheUse
}

/// What the cache did for a request.
public struct CacheUse: Sendable, Hashable {
    /// Where the answer was found; nil when the upstream was called.
    public var hit: CacheHit?
    /// What became of the upstream's answer; nil when it was not offered to the cache.
    public var stored: StoreResultBody?
    /// What kept the cache from answering or from taking the answer, worth a line in a log; nil when nothing did.
    public var failure: CacheClientError?
}
