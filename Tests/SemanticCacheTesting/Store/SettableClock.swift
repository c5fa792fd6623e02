import SemanticCache
import Synchronization

/// Clocks that stand still until they are advanced.
public final class SettableClock: Sendable {
    private let times: Mutex<(microseconds: Int64, uptimeNanoseconds: UInt64)>

    /// Creates clocks that show `now`, one hour after the process began.
    public init(now: Timestamp = Timestamp(milliseconds: 1_700_000_000_000)) {
        times = Mutex((now.milliseconds * 1000, 3_600_000_000_000))
    }

    /// The wall clock, in microseconds since 1970.
    public var microseconds: Int64 { times.withLock { $0.microseconds } }

    /// The wall clock.
    public var now: Timestamp { Timestamp(milliseconds: microseconds / 1000) }

    /// The monotonic clock, in nanoseconds.
    public var uptimeNanoseconds: UInt64 { times.withLock { $0.uptimeNanoseconds } }

    /// Both clocks, as an engine takes them.
    public var engineClock: EngineClock {
        EngineClock(now: { self.now }, uptime: { self.uptimeNanoseconds })
    }

    /// Moves both clocks on.
    public func advance(milliseconds: Int) { advance(microseconds: milliseconds * 1000) }

    /// Moves both clocks on.
    public func advance(microseconds: Int) {
        times.withLock { times in
            times.microseconds += Int64(microseconds)
            times.uptimeNanoseconds += UInt64(microseconds) * 1000
        }
    }
}
