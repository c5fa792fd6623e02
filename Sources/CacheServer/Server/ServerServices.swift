public import NIOCore
public import SemanticCache

/// What the server's routes call besides the engine; none of it is on the path of a lookup.
public struct ServerServices: Sendable {
    /// Entries and flushes.
    public var administration: any EntryAdministration
    /// The counts of all replicas.
    public var statsReader: any StatsReader
    /// What is missing before the service is ready, one sentence each; empty when it is ready.
    public var missing: @Sendable () async -> [String]
    /// The version in answers.
    public var version: String

    /// Creates the services.
    public init(
        administration: any EntryAdministration,
        statsReader: any StatsReader,
        missing: @escaping @Sendable () async -> [String],
        version: String
    ) {
        self.administration = administration
        self.statsReader = statsReader
        self.missing = missing
        self.version = version
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

    /// Creates the parts.
    public init(
        engine: CacheEngine,
        stats: LoopStats,
        isRedisUp: @escaping () -> Bool,
        nearCacheEntries: @escaping () -> Int,
        finish: @escaping () -> EventLoopFuture<Void>
    ) {
        self.engine = engine
        self.stats = stats
        self.isRedisUp = isRedisUp
        self.nearCacheEntries = nearCacheEntries
        self.finish = finish
    }
}
