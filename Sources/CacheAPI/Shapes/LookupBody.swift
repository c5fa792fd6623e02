/// The body of `POST /v1/lookup` and of `POST /v1/explain`, as a client sends it.
public struct LookupBody: Codable, Sendable, Hashable {
    /// The namespace; nil for `default`.
    public var namespace: String?
    /// The upstream API; nil for `chat.completions`.
    public var endpoint: String?
    /// The upstream request, verbatim.
    public var request: JSONText
    /// What the caller accepts and wants.
    public var cache: CacheOptions?

    /// Creates a body.
    public init(namespace: String? = nil, endpoint: String? = nil, request: JSONText, cache: CacheOptions? = nil) {
        self.namespace = namespace
        self.endpoint = endpoint
        self.request = request
        self.cache = cache
    }
}

/// The `cache` member of a lookup; a nil member leaves the server's default.
public struct CacheOptions: Codable, Sendable, Hashable {
    /// Skip the search but allow the fill.
    public var noCache: Bool?
    /// Never store this answer.
    public var noStore: Bool?
    /// Seconds that the fill made with this ticket lives.
    public var ttl: Int?
    /// Seconds that an accepted entry may be old.
    public var sMaxage: Int?
    /// False to ask the exact tier only.
    public var semantic: Bool?
    /// Least similarity that is accepted, 0 to 1.
    public var minSimilarity: Double?
    /// False not to take a lease.
    public var lease: Bool?
    /// Milliseconds to wait for another caller's fill, 0 to 60000.
    public var waitMS: Int?
    /// Whether the caller asks once more, with ``waitMS``, if another caller holds the lease: then only that second
    /// lookup is counted.
    public var asksAgain: Bool?
    /// Kept on the entry.
    public var tags: [String]?
    /// The `change` of a store that the semantic tier must know of.
    public var after: String?

    /// Creates options that leave every default.
    public init() {}

    enum CodingKeys: String, CodingKey {
        case noCache = "no-cache"
        case noStore = "no-store"
        case ttl
        case sMaxage = "s-maxage"
        case semantic
        case minSimilarity = "min_similarity"
        case lease
        case waitMS = "wait_ms"
        case asksAgain = "asks_again"
        case tags, after
    }
}
