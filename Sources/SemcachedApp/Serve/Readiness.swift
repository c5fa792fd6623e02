import Redis

/// What is missing before the service is ready.
enum Readiness {
    /// One sentence for each thing that is missing.
    static func missing(_ redis: RedisConnectionState) -> [String] {
        redis == .up ? [] : ["Redis does not answer: \(redis.lastError ?? "not connected yet")"]
    }
}
