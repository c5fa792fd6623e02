public import NIOCore
public import SemanticCache

/// What the server's routes call besides the engine; none of it is on the path of a lookup.
public struct ServerServices: Sendable {
    /// Entries and flushes.
    public var administration: any EntryAdministration
    /// The counts of all replicas.
    public var statsReader: any StatsReader
    /// The false hits that callers tell of.
    public var falseHits: any FalseHitLog
    /// What is missing before the service is ready, one sentence each; empty when it is ready.
    public var missing: @Sendable () async -> [String]
    /// How well the semantic index agrees with Redis; nil without one.
    public var indexState: @Sendable () -> IndexState?
    /// What the parts that the event loops share say of themselves.
    public var observe: @Sendable () -> ProcessObservation
    /// How requests are traced; nil when they are not.
    public var tracing: RequestTracing?
    /// Where requests are logged; nil when they are not.
    public var requestLog: RequestLog?
    /// The version in answers.
    public var version: String

    /// Creates the services.
    public init(
        administration: any EntryAdministration,
        statsReader: any StatsReader,
        falseHits: any FalseHitLog,
        missing: @escaping @Sendable () async -> [String],
        indexState: @escaping @Sendable () -> IndexState? = { nil },
        observe: @escaping @Sendable () -> ProcessObservation = { ProcessObservation() },
        tracing: RequestTracing? = nil,
        requestLog: RequestLog? = nil,
        version: String
    ) {
        self.administration = administration
        self.statsReader = statsReader
        self.falseHits = falseHits
        self.missing = missing
        self.indexState = indexState
        self.observe = observe
        self.tracing = tracing
        self.requestLog = requestLog
        self.version = version
    }
}

/// How well the semantic index of this process agrees with Redis.
public struct IndexState: Sendable, Hashable {
    /// Elements that can be found.
    public var elements: Int
    /// Milliseconds that may have passed since a change that it does not know; nil before it has been read.
    public var lagMilliseconds: Int?

    /// Creates a state.
    public init(elements: Int, lagMilliseconds: Int?) {
        self.elements = elements
        self.lagMilliseconds = lagMilliseconds
    }
}

/// What one event loop serves with.
public struct LoopParts {
    /// Decides.
    public var engine: CacheEngine
    /// Counts.
    public var stats: LoopStats
    /// Whether Redis answers this loop.
    public var isRedisUp: () -> Bool
    /// Entries whose decoded form this loop holds.
    public var nearCacheEntries: () -> Int
    /// Ends what the loop still has to tell Redis, after the last request.
    public var finish: () -> EventLoopFuture<Void>
    /// What the parts say of themselves when somebody scrapes the metrics.
    public var observe: () -> LoopObservation

    /// Creates the parts.
    public init(
        engine: CacheEngine,
        stats: LoopStats,
        isRedisUp: @escaping () -> Bool,
        nearCacheEntries: @escaping () -> Int,
        finish: @escaping () -> EventLoopFuture<Void>,
        observe: @escaping () -> LoopObservation = { LoopObservation() }
    ) {
        self.engine = engine
        self.stats = stats
        self.isRedisUp = isRedisUp
        self.nearCacheEntries = nearCacheEntries
        self.finish = finish
        self.observe = observe
    }
}
