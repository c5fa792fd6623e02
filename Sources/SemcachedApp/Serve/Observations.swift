import CacheServer
import Redis
import RedisStorage
import SemanticCache
import TraceExport

extension LoopObservation {
    /// What the parts of an event loop say of themselves.
    init(_ client: LoopRedisClient, _ store: RedisResponseStore) {
        self.init()
        let counts = client.counts
        connection = Connection(client.state)
        connects = counts.connects
        commands["ok"] = counts.replies - counts.errorReplies
        commands["error"] = counts.errorReplies
        for code in RedisError.Code.ofCommands { commands[code.word] = counts.failures[code] ?? 0 }
        commandsInFlight = client.inFlight
        roundTrips = BucketCounts(counts.roundTrips, total: counts.replies)
        let near = store.nearCacheUse
        nearCacheEntries = store.nearCacheEntries
        nearCacheBytes = near.bytes
        nearCacheHits = near.hits
        nearCacheMisses = near.misses
    }
}

extension LoopObservation.Connection {
    fileprivate init(_ state: RedisConnectionState) {
        switch state {
        case .up: self = .up
        case .connecting: self = .connecting
        case .breakerOpen: self = .breakerOpen
        case .idle, .closed: self = .closed
        }
    }
}

extension RedisError.Code {
    /// Those that commands of event loops can fail with.
    fileprivate static let ofCommands: [Self] = [
        .notConnected, .breakerOpen, .overloaded, .deadlineExceeded, .connectionClosed, .protocolViolation, .shutDown,
    ]

    /// The code as metrics name it.
    fileprivate var word: String {
        switch self {
        case .notConnected: "not_connected"
        case .breakerOpen: "breaker_open"
        case .overloaded: "overloaded"
        case .shutDown: "shut_down"
        case .deadlineExceeded: "deadline"
        case .connectionClosed: "connection_closed"
        case .protocolViolation: "protocol_violation"
        case .authenticationFailed: "authentication_failed"
        case .canceled: "canceled"
        }
    }
}

extension BucketCounts {
    fileprivate init(_ times: RoundTripTimes, total: Int) {
        // The last bucket has no upper bound.
        let bounded = times.counts.dropLast()
        self.init(
            bounds: bounded.indices.map { Double(UInt64(1) << UInt64($0)) / 1e6 },
            counts: bounded.map { UInt64($0) },
            total: UInt64(total),
            sum: Double(times.sumNanoseconds) / 1e9
        )
    }
}

extension ProcessObservation {
    /// What the parts that the event loops share say of themselves.
    init(_ waiters: WaiterTable, _ semantic: SemanticSlot?, _ spans: SpanQueue?, _ log: RequestLogWriter?) {
        self.init()
        waitingLookups = waiters.count
        let spans = spans?.counts ?? SpanCounts()
        self.spans = spans.words
        queuedSpans = spans.queued
        droppedLogLines = log?.dropped ?? 0
        guard let semantic else {
            embeddings = EmbeddingTally().counts
            return
        }
        let state = semantic.state
        indexBytes = semantic.tier?.index.usage.bytes
        unreadParts = state?.unreadParts ?? 64
        isIndexCaughtUp = state?.isCaughtUp ?? false
        embeddings = semantic.embeddings.counts
        embeddingsInFlight = semantic.embeddings.inFlight
    }
}
