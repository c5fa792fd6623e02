/// What one event loop's parts say of themselves when somebody scrapes the metrics.
public struct LoopObservation: Sendable {
    /// The state of its connection to Redis.
    public enum Connection: String, Sendable, CaseIterable {
        /// Redis answers.
        case up
        /// Being opened, or waiting to try again.
        case connecting
        /// Too many failures in a row; only probes are sent.
        case breakerOpen = "breaker_open"
        /// Closed, or not begun.
        case closed
    }

    /// The state of its connection to Redis.
    public var connection = Connection.closed
    /// How often a connection to Redis has come up.
    public var connects = 0
    /// Commands to Redis by what became of them, in words that do not grow in number.
    public var commands: [String: Int] = [:]
    /// Commands that wait for a reply.
    public var commandsInFlight = 0
    /// Times from command to reply.
    public var roundTrips = BucketCounts()
    /// Entries whose decoded form is held.
    public var nearCacheEntries = 0
    /// Bytes that they take.
    public var nearCacheBytes = 0
    /// Entries that Redis sent and whose decoded form was at hand.
    public var nearCacheHits = 0
    /// Entries that Redis sent and that had to be decoded.
    public var nearCacheMisses = 0

    /// Creates zeros.
    public init() {}

    /// Adds another loop's numbers; the state stays.
    mutating func add(_ other: LoopObservation) {
        connects += other.connects
        commands.merge(other.commands, uniquingKeysWith: +)
        commandsInFlight += other.commandsInFlight
        roundTrips.merge(other.roundTrips)
        nearCacheEntries += other.nearCacheEntries
        nearCacheBytes += other.nearCacheBytes
        nearCacheHits += other.nearCacheHits
        nearCacheMisses += other.nearCacheMisses
    }
}

/// What the parts that all event loops share say of themselves when somebody scrapes the metrics.
public struct ProcessObservation: Sendable {
    /// Lookups that wait for another caller's fill.
    public var waitingLookups = 0
    /// Bytes of this process' memory that the index takes; nil when they are elsewhere.
    public var indexBytes: Int?
    /// How many of the 64 parts of the entries the index has yet to read.
    public var unreadParts = 0
    /// Whether the semantic tier can be asked and its index knows all but the changes of the last moments.
    public var isIndexCaughtUp = false
    /// Texts given to the embedder, by what became of them, in words that do not grow in number.
    public var embeddings: [String: Int] = [:]
    /// Texts that the embedder has and has not answered yet.
    public var embeddingsInFlight = 0
    /// Spans by what became of them, in words that do not grow in number.
    public var spans: [String: Int] = [:]
    /// Spans that wait to be exported.
    public var queuedSpans = 0
    /// Lines of the request log that were dropped, as nobody read them fast enough.
    public var droppedLogLines = 0

    /// Creates zeros.
    public init() {}
}
