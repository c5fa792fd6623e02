public import SemanticCache

/// Everything the daemon can be told, as plain values; what is not told keeps the value written here.
public struct DaemonConfiguration: Sendable {
    /// How the server listens.
    public var server = ServerSettings()
    /// What the server takes.
    public var limits = LimitSettings()
    /// How Redis is reached.
    public var redis = RedisSettings()
    /// How tickets are signed.
    public var tickets = TicketSettings()
    /// Bytes of entries that each process may keep itself, 0 for none (`near_cache.max_bytes`).
    public var nearCacheBytes = 16 << 20
    /// Where the semantic tier searches (`semantic.index`).
    public var semanticIndex = SemanticIndex.local
    /// Most bytes of memory for the local index (`semantic.max_index_bytes`).
    public var maximumIndexBytes = 1 << 30
    /// Elements of a partition above which the local index makes a graph, nil for never (`semantic.hnsw_above`).
    public var graphAbove: Int? = 50_000
    /// Milliseconds that changes gather before the index reads them (`semantic.index_delay_ms`).
    public var indexDelayMilliseconds: Int?
    /// Where embeddings come from.
    public var embedder = EmbedderSettings()
    /// The file of the keys that callers present; nil asks nobody for one (`auth.keys_file`).
    public var keysFile: String?
    /// What is logged.
    public var log = LogSettings()
    /// Where spans go.
    public var tracing = TracingSettings()
    /// How long requests in flight may take to finish after SIGTERM (`shutdown.grace_seconds`).
    public var shutdownGrace = Duration.seconds(10)
    /// The settings of every namespace and the prices of models.
    public var cache = CacheSettings()

    /// Creates the defaults.
    public init() {}
}

/// Where the semantic tier searches.
public enum SemanticIndex: String, Sendable, CaseIterable {
    /// In the memory of each process.
    case local
    /// In Redis.
    case redis
}
