import RedisStorage
import SemanticCache
import Synchronization

/// A clock that a test sets.
final class CountedTime: Sendable {
    private let milliseconds: Mutex<Int64>

    /// Begins at a full hour, 2026-11-21T12:00:00Z.
    init(_ milliseconds: Int64 = 1_795_262_400_000) { self.milliseconds = Mutex(milliseconds) }

    var now: Timestamp { Timestamp(milliseconds: milliseconds.withLock { $0 }) }

    func advance(seconds: Int64) { milliseconds.withLock { $0 += seconds * 1000 } }
}

extension Deployment {
    func flusher(_ time: CountedTime, replica: String = "replica-1") -> StatsFlusher {
        StatsFlusher(client: client, configuration: configuration, replica: replica) { time.now }
    }

    func reader(_ time: CountedTime) -> RedisStatsReader {
        RedisStatsReader(client: client, configuration: configuration) { time.now }
    }

    static func status(_ id: String = "replica-1") -> ReplicaStatus {
        ReplicaStatus(id: id, version: "0.1.0", uptime: 5, nearCacheEntries: 17)
    }

    /// Counts in which nothing is zero.
    static func counts(_ number: Int64 = 1) -> NamespaceCounts {
        var counts = NamespaceCounts()
        for (place, counter) in NamespaceCounts.Counter.allCases.enumerated() {
            counts[counter] = number * Int64(place + 1)
        }
        for (place, reason) in MissReason.allCases.enumerated() { counts.misses[reason] = number * Int64(place + 1) }
        for (place, reason) in BypassReason.allCases.enumerated() {
            counts.bypasses[reason] = number * Int64(place + 2)
        }
        for (place, reason) in RefusalReason.allCases.enumerated() {
            counts.refused[reason] = number * Int64(place + 3)
        }
        for (place, kind) in NamespaceCounts.Latency.allCases.enumerated() {
            var histogram = Histogram()
            for step in 0..<number {
                histogram.record(nanoseconds: UInt64(1000 * (place + 1) + 777_000 * Int(step)))
            }
            counts.latencies[kind] = histogram
        }
        return counts
    }
}
