public import JSONScanning

/// What a lookup asks; a class, because several closures hold it on the way to the answer.
public final class LookupRequest: Sendable {
    /// The namespace.
    public let namespace: Namespace
    /// The endpoint.
    public let endpoint: Endpoint
    /// The upstream request.
    public let body: JSONValue
    /// What its canonical form says.
    public let canonical: CanonicalRequest
    /// What the caller allows.
    public let options: LookupOptions
    /// When it arrived, on the monotonic clock, in nanoseconds.
    public let arrivedAt: UInt64
    /// Takes down how long the steps take; nil when nobody wants to know.
    public let stages: StageTimes?

    /// Creates a request.
    public init(
        namespace: Namespace,
        endpoint: Endpoint,
        body: JSONValue,
        canonical: CanonicalRequest,
        options: LookupOptions,
        arrivedAt: UInt64,
        stages: StageTimes? = nil
    ) {
        self.namespace = namespace
        self.endpoint = endpoint
        self.body = body
        self.canonical = canonical
        self.options = options
        self.arrivedAt = arrivedAt
        self.stages = stages
    }
}

/// What the caller of a lookup allows.
public struct LookupOptions: Sendable, Hashable {
    /// Skip the search but allow the fill.
    public var skipsSearch = false
    /// Never store this answer.
    public var forbidsStore = false
    /// Seconds that the fill lives.
    public var timeToLive: Int?
    /// The oldest entry that is accepted, in seconds.
    public var maximumAge: Int?
    /// Whether near-duplicates are accepted.
    public var allowsSemantic = true
    /// Least similarity that is accepted, where it is more than the namespace's threshold.
    public var minimumSimilarity: Double?
    /// A change that the semantic tier must know of before it is asked.
    public var after: ChangeToken?
    /// Whether a semantic hit may make the same wording an exact hit next time: whoever may only read leaves nothing.
    public var leavesAlias = true
    /// Whether this caller would fill.
    public var wantsLease = true
    /// How long to wait for another caller's fill.
    public var waitMilliseconds = 0
    /// Whether the caller asks once more if another caller holds the lease: then only that second lookup is counted.
    public var asksAgain = false
    /// Labels for the entry.
    public var tags: [String] = []

    /// Creates the defaults.
    public init() {}
}
