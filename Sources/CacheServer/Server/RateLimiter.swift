import NIOConcurrencyHelpers

/// Limits the requests of each key: a token bucket that fills at a rate up to a burst.
///
/// The limit holds for the process, across its event loops.
final class RateLimiter: Sendable {
    private struct Bucket {
        var tokens: Double
        var filledAt: UInt64
    }

    private let rate: Double
    private let burst: Double
    private let buckets = NIOLockedValueBox<[String: Bucket]>([:])

    /// Creates a limiter; a rate of 0 lets everything pass, and a burst of 0 is one second's worth.
    init(requestsPerSecond: Int, burst: Int) {
        rate = Double(requestsPerSecond)
        self.burst = burst > 0 ? Double(burst) : max(1, Double(requestsPerSecond))
    }

    /// Takes one token of `key`; nil when there was one, else the whole seconds until there is.
    func secondsToWait(key: String, uptime: UInt64) -> Int? {
        guard rate > 0 else { return nil }
        return buckets.withLockedValue { buckets in
            var bucket = buckets[key] ?? Bucket(tokens: burst, filledAt: uptime)
            let elapsed = uptime > bucket.filledAt ? Double(uptime - bucket.filledAt) / 1e9 : 0
            bucket.tokens = min(burst, bucket.tokens + elapsed * rate)
            bucket.filledAt = max(uptime, bucket.filledAt)
            defer { buckets[key] = bucket }
            if bucket.tokens >= 1 {
                bucket.tokens -= 1
                return nil
            }
            return max(1, Int(((1 - bucket.tokens) / rate).rounded(.up)))
        }
    }
}
