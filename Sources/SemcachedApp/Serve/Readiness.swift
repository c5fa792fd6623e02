import CacheServer
import Redis
import RedisStorage

/// What is missing before the service is ready.
enum Readiness {
    /// One sentence for each thing that is missing.
    static func missing(_ redis: RedisConnectionState, _ semantic: SemanticSlot?) -> [String] {
        guard redis == .up else { return ["Redis does not answer: \(redis.lastError ?? "not connected yet")"] }
        return semantic?.missing.map { [$0] } ?? []
    }
}

extension IndexState {
    /// The state as the server shows it.
    init(_ feed: IndexFeedState) {
        self.init(elements: feed.elements, lagMilliseconds: feed.staleMilliseconds)
    }
}
