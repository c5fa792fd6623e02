/// The answer of `GET /v1/stats`: the figures of all replicas together.
public struct StatsBody: Sendable, Hashable {
    /// `5m`, `1h`, `24h`, `7d` or `all`.
    public var window: String
    /// The namespace asked for; null for all.
    @ExplicitNull public var namespace: String?
    /// The counts, which stand beside the other members.
    public var counts: CountsBody
    /// Live entries now.
    public var entries: Int
    /// Bytes of the live entries' values in Redis now.
    public var bytes: Int
    /// Durations in milliseconds.
    public var latencyMS: LatenciesBody
    /// How often the best candidates of lookups were how similar, by `served`, `guarded` and `below_threshold`: counts by
    /// the hundredth of cosine that they begin at, such as `0.87`.
    public var similarity: [String: [String: Int]]
    /// What a semantic hit takes; nil from a server that does not tell.
    public var semantic: SemanticStatusBody?
    /// The counts over time, oldest first.
    public var series: [SeriesPointBody]
    /// The counts by namespace.
    public var namespaces: [String: CountsBody]
    /// The replicas that were heard of lately.
    public var replicas: [ReplicaBody]
    /// The false hits of late, newest first, whatever the window; nil from a server that does not tell.
    public var recentFeedback: [FalseHitBody]?

    /// Creates an answer.
    public init(
        window: String,
        namespace: String?,
        counts: CountsBody,
        entries: Int,
        bytes: Int,
        latencyMS: LatenciesBody,
        similarity: [String: [String: Int]] = [:],
        semantic: SemanticStatusBody? = nil,
        series: [SeriesPointBody],
        namespaces: [String: CountsBody],
        replicas: [ReplicaBody],
        recentFeedback: [FalseHitBody]? = nil
    ) {
        self.window = window
        self.namespace = namespace
        self.counts = counts
        self.entries = entries
        self.bytes = bytes
        self.latencyMS = latencyMS
        self.similarity = similarity
        self.semantic = semantic
        self.series = series
        self.namespaces = namespaces
        self.replicas = replicas
        self.recentFeedback = recentFeedback
    }
}

extension StatsBody: Codable {
    enum CodingKeys: String, CodingKey {
        case window, namespace, entries, bytes
        case latencyMS = "latency_ms"
        case similarity, semantic, series, namespaces, replicas
        case recentFeedback = "recent_feedback"
    }

    /// Reads an answer.
    public init(from decoder: any Decoder) throws {
        let members = try decoder.container(keyedBy: CodingKeys.self)
        window = try members.decode(String.self, forKey: .window)
        _namespace = try members.decode(ExplicitNull<String>.self, forKey: .namespace)
        counts = try CountsBody(from: decoder)
        entries = try members.decode(Int.self, forKey: .entries)
        bytes = try members.decode(Int.self, forKey: .bytes)
        latencyMS = try members.decode(LatenciesBody.self, forKey: .latencyMS)
        similarity = try members.decode([String: [String: Int]].self, forKey: .similarity)
        semantic = try members.decodeIfPresent(SemanticStatusBody.self, forKey: .semantic)
        series = try members.decode([SeriesPointBody].self, forKey: .series)
        namespaces = try members.decode([String: CountsBody].self, forKey: .namespaces)
        replicas = try members.decode([ReplicaBody].self, forKey: .replicas)
        recentFeedback = try members.decodeIfPresent([FalseHitBody].self, forKey: .recentFeedback)
    }

    /// Writes an answer.
    public func encode(to encoder: any Encoder) throws {
        var members = encoder.container(keyedBy: CodingKeys.self)
        try members.encode(window, forKey: .window)
        try members.encode(_namespace, forKey: .namespace)
        try counts.encode(to: encoder)
        try members.encode(entries, forKey: .entries)
        try members.encode(bytes, forKey: .bytes)
        try members.encode(latencyMS, forKey: .latencyMS)
        try members.encode(similarity, forKey: .similarity)
        try members.encodeIfPresent(semantic, forKey: .semantic)
        try members.encode(series, forKey: .series)
        try members.encode(namespaces, forKey: .namespaces)
        try members.encode(replicas, forKey: .replicas)
        try members.encodeIfPresent(recentFeedback, forKey: .recentFeedback)
    }
}

/// Durations in milliseconds, by kind.
public struct LatenciesBody: Codable, Sendable, Hashable {
    /// Lookups that the exact tier answered.
    public var lookupExact: PercentilesBody
    /// Lookups that the semantic tier answered.
    public var lookupSemantic: PercentilesBody
    /// Lookups that missed.
    public var lookupMiss: PercentilesBody
    /// Embedding a text.
    public var embed: PercentilesBody

    /// Creates durations.
    public init(
        lookupExact: PercentilesBody,
        lookupSemantic: PercentilesBody,
        lookupMiss: PercentilesBody,
        embed: PercentilesBody
    ) {
        self.lookupExact = lookupExact
        self.lookupSemantic = lookupSemantic
        self.lookupMiss = lookupMiss
        self.embed = embed
    }

    enum CodingKeys: String, CodingKey {
        case lookupExact = "lookup_exact"
        case lookupSemantic = "lookup_semantic"
        case lookupMiss = "lookup_miss"
        case embed
    }
}

/// Three percentiles in milliseconds; null when nothing was measured.
public struct PercentilesBody: Codable, Sendable, Hashable {
    /// The median.
    @ExplicitNull public var p50: Double?
    /// 95 % were at most this.
    @ExplicitNull public var p95: Double?
    /// 99 % were at most this.
    @ExplicitNull public var p99: Double?

    /// Creates percentiles.
    public init(p50: Double?, p95: Double?, p99: Double?) {
        self.p50 = p50
        self.p95 = p95
        self.p99 = p99
    }
}

/// The counts of one span of time.
public struct SeriesPointBody: Codable, Sendable, Hashable {
    /// When the span begins, RFC 3339.
    public var at: String
    /// Lookups.
    public var lookups: Int
    /// Hits of the exact tier.
    public var exact: Int
    /// Hits of the semantic tier.
    public var semantic: Int
    /// Hits that waited for another caller's fill; nil from a server that does not tell.
    public var coalesced: Int?
    /// Misses.
    public var misses: Int
    /// Bypasses; nil from a server that does not tell.
    public var bypasses: Int?

    /// Creates a point.
    public init(
        at: String,
        lookups: Int,
        exact: Int,
        semantic: Int,
        coalesced: Int? = nil,
        misses: Int,
        bypasses: Int? = nil
    ) {
        self.at = at
        self.lookups = lookups
        self.exact = exact
        self.semantic = semantic
        self.coalesced = coalesced
        self.misses = misses
        self.bypasses = bypasses
    }
}

/// What a replica last said of itself.
public struct ReplicaBody: Codable, Sendable, Hashable {
    /// Names the replica's process.
    public var id: String
    /// Its version.
    public var version: String
    /// Seconds since it started.
    public var uptime: Int
    /// Vectors in its index.
    public var indexEntries: Int
    /// Milliseconds that its index is behind; null without an index.
    @ExplicitNull public var indexLagMS: Int?
    /// Entries that it holds in memory.
    public var nearCacheEntries: Int
    /// `up` or `down`.
    public var redis: String

    /// Creates a status.
    public init(
        id: String,
        version: String,
        uptime: Int,
        indexEntries: Int,
        indexLagMS: Int?,
        nearCacheEntries: Int,
        redis: String
    ) {
        self.id = id
        self.version = version
        self.uptime = uptime
        self.indexEntries = indexEntries
        self.indexLagMS = indexLagMS
        self.nearCacheEntries = nearCacheEntries
        self.redis = redis
    }

    enum CodingKeys: String, CodingKey {
        case id, version, uptime
        case indexEntries = "index_entries"
        case indexLagMS = "index_lag_ms"
        case nearCacheEntries = "near_cache_entries"
        case redis
    }
}
