/// A point in wall-clock time.
public struct Timestamp: Sendable, Hashable, Comparable {
    /// Milliseconds since 1970-01-01T00:00:00Z.
    public var milliseconds: Int64

    /// Creates a timestamp.
    public init(milliseconds: Int64) { self.milliseconds = milliseconds }

    /// Whether the left one is earlier.
    public static func < (left: Timestamp, right: Timestamp) -> Bool { left.milliseconds < right.milliseconds }

    /// The time `seconds` before, 1970 at the earliest.
    func earlier(bySeconds seconds: Int) -> Timestamp {
        Timestamp(milliseconds: milliseconds - min(Int64(clamping: seconds), milliseconds / 1000) * 1000)
    }
}

/// A point in monotonic time until which an answer is of use.
public struct Deadline: Sendable, Hashable, Comparable {
    /// Nanoseconds on the clock that ``EngineClock/uptime`` reads.
    public var uptimeNanoseconds: UInt64

    /// Creates a deadline.
    public init(uptimeNanoseconds: UInt64) { self.uptimeNanoseconds = uptimeNanoseconds }

    /// Whether the left one is earlier.
    public static func < (left: Deadline, right: Deadline) -> Bool {
        left.uptimeNanoseconds < right.uptimeNanoseconds
    }

    /// The deadline `milliseconds` later.
    public func advanced(byMilliseconds milliseconds: Int) -> Deadline {
        Deadline(uptimeNanoseconds: uptimeNanoseconds &+ UInt64(max(0, milliseconds)) &* 1_000_000)
    }
}

/// The clocks, handed in: the engine reads none by itself.
public struct EngineClock: Sendable {
    /// The wall clock.
    public var now: @Sendable () -> Timestamp
    /// The monotonic clock, in nanoseconds.
    public var uptime: @Sendable () -> UInt64

    /// Creates a pair of clocks.
    public init(now: @escaping @Sendable () -> Timestamp, uptime: @escaping @Sendable () -> UInt64) {
        self.now = now
        self.uptime = uptime
    }
}
