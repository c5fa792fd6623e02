/// What became of the commands of a client since it was made.
public struct CommandCounts: Sendable, Hashable {
    /// Commands that were answered, errors of the server among them.
    public var replies = 0
    /// Replies that were errors of the server, redirections of a cluster among them.
    public var errorReplies = 0
    /// Commands without a reply, by why there is none.
    public var failures: [RedisError.Code: Int] = [:]
    /// How often a connection has come up.
    public var connects = 0
    /// The times from command to reply.
    public var roundTrips = RoundTripTimes()

    /// Creates zeros.
    public init() {}
}

/// Counts of times in buckets that double: bucket `n` has those of less than 2ⁿ microseconds that are in no lower one.
public struct RoundTripTimes: Sendable, Hashable {
    /// Number of buckets; the last one also has whatever is longer.
    public static let bucketCount = 25

    /// Counts by bucket.
    public private(set) var counts = [Int](repeating: 0, count: bucketCount)
    /// The sum of all times, in nanoseconds.
    public private(set) var sumNanoseconds: UInt64 = 0

    /// Creates zeros.
    public init() {}

    /// Adds one time, in constant time.
    mutating func record(nanoseconds: UInt64) {
        let microseconds = nanoseconds / 1000
        counts[min(64 - microseconds.leadingZeroBitCount, Self.bucketCount - 1)] += 1
        sumNanoseconds &+= nanoseconds
    }
}

/// Counts the commands of one client on its event loop.
final class CommandTally {
    private(set) var counts = CommandCounts()

    func connected() { counts.connects += 1 }

    func answered(isError: Bool, nanoseconds: UInt64) {
        counts.replies += 1
        if isError { counts.errorReplies += 1 }
        counts.roundTrips.record(nanoseconds: nanoseconds)
    }

    func failed(_ code: RedisError.Code) { counts.failures[code, default: 0] += 1 }
}
