public import JSONScanning

/// The body of `POST /v1/lookup` and of `POST /v1/explain`.
public struct LookupEnvelope: Sendable {
    /// `namespace`, as it was sent; nil when it was left out.
    public var namespace: String?
    /// `endpoint`, as it was sent; nil when it was left out.
    public var endpoint: String?
    /// `request`.
    public var request: JSONValue
    /// `cache`.
    public var control = CacheControl()

    private static let known = ["namespace", "endpoint", "request", "cache"]

    /// Reads a body.
    public init(_ document: JSONDocument) throws(EnvelopeError) {
        let reader = try EnvelopeReader(document.root, path: "$")
        var request: JSONValue?
        var namespace: String?
        var endpoint: String?
        var control = CacheControl()
        try reader.forEachMember(Self.known) { name, value throws(EnvelopeError) in
            if name.matches("request") {
                request = value
            } else if name.matches("namespace") {
                if !value.isNull { namespace = try reader.string(value, "namespace") }
            } else if name.matches("endpoint") {
                if !value.isNull { endpoint = try reader.string(value, "endpoint") }
            } else if name.matches("cache") {
                if !value.isNull { control = try CacheControl(value, path: "$.cache") }
            } else {
                return false
            }
            return true
        }
        guard let request else { throw reader.missing("request") }
        self.request = request
        self.namespace = namespace
        self.endpoint = endpoint
        self.control = control
    }
}

/// The `cache` member of a lookup.
public struct CacheControl: Sendable, Hashable {
    /// `no-cache`: skip the search but allow the fill.
    public var skipsSearch = false
    /// `no-store`: never store this answer.
    public var forbidsStore = false
    /// `ttl`: seconds that the fill lives.
    public var timeToLive: Int?
    /// `s-maxage`: the oldest entry that is accepted, in seconds.
    public var maximumAge: Int?
    /// `semantic`: whether near-duplicates are accepted.
    public var allowsSemantic = true
    /// `min_similarity`: least similarity that is accepted.
    public var minimumSimilarity: Double?
    /// `lease`: whether this caller would fill.
    public var wantsLease = true
    /// `wait_ms`: how long to wait for another caller's fill.
    public var waitMilliseconds = 0
    /// `asks_again`: whether the caller asks once more, with `wait_ms`, if another caller holds the lease.
    public var asksAgain = false
    /// `tags`: kept on the entry.
    public var tags: [String] = []
    /// `after`: the `change` of a store that the semantic tier must know of.
    public var after: String?

    /// Creates the defaults.
    public init() {}

    private static let known = [
        "no-cache", "no-store", "ttl", "s-maxage", "semantic", "min_similarity", "lease", "wait_ms",
        "asks_again", "tags", "after",
    ]

    init(_ value: JSONValue, path: String) throws(EnvelopeError) {
        let reader = try EnvelopeReader(value, path: path)
        var control = CacheControl()
        try reader.forEachMember(Self.known) { name, value throws(EnvelopeError) in
            if name.matches("no-cache") {
                if !value.isNull { control.skipsSearch = try reader.bool(value, "no-cache") }
            } else if name.matches("no-store") {
                if !value.isNull { control.forbidsStore = try reader.bool(value, "no-store") }
            } else if name.matches("ttl") {
                if !value.isNull { control.timeToLive = try reader.integer(value, "ttl", in: 1...Int.max) }
            } else if name.matches("s-maxage") {
                if !value.isNull { control.maximumAge = try reader.integer(value, "s-maxage", in: 0...Int.max) }
            } else if name.matches("semantic") {
                if !value.isNull { control.allowsSemantic = try reader.bool(value, "semantic") }
            } else if name.matches("min_similarity") {
                if !value.isNull { control.minimumSimilarity = try reader.number(value, "min_similarity", in: 0...1) }
            } else if name.matches("lease") {
                if !value.isNull { control.wantsLease = try reader.bool(value, "lease") }
            } else if name.matches("wait_ms") {
                if !value.isNull { control.waitMilliseconds = try reader.integer(value, "wait_ms", in: 0...60_000) }
            } else if name.matches("asks_again") {
                if !value.isNull { control.asksAgain = try reader.bool(value, "asks_again") }
            } else if name.matches("after") {
                if !value.isNull { control.after = try reader.string(value, "after") }
            } else if name.matches("tags") {
                if !value.isNull { control.tags = try reader.tags(value, "tags") }
            } else {
                return false
            }
            return true
        }
        self = control
    }
}
