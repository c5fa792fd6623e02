/// Counts of durations in buckets that grow by a constant factor, so that histograms of many replicas add up.
///
/// Four buckets per doubling from 1 µs to about 17 minutes: a percentile is off by at most 9 % (the middle of a bucket
/// is reported). After the log-linear layout of HdrHistogram.
public struct Histogram: Sendable, Hashable {
    /// Number of buckets.
    public static let bucketCount = 120

    /// Counts by bucket.
    public private(set) var counts: [UInt64]
    /// Sum of all durations, in nanoseconds.
    public private(set) var sumNanoseconds: UInt64 = 0

    /// Creates an empty histogram.
    public init() { counts = [] }

    /// Number of durations.
    public var total: UInt64 { counts.reduce(0, +) }

    /// Adds one duration, in constant time.
    public mutating func record(nanoseconds: UInt64) {
        add(1, toBucket: Histogram.bucket(ofNanoseconds: nanoseconds))
        sumNanoseconds &+= nanoseconds
    }

    /// Adds `count` to a bucket; out-of-range buckets are ignored.
    public mutating func add(_ count: UInt64, toBucket bucket: Int) {
        guard 0..<Histogram.bucketCount ~= bucket else { return }
        if counts.isEmpty { counts = Array(repeating: 0, count: Histogram.bucketCount) }
        counts[bucket] += count
    }

    /// Adds to the sum of durations.
    public mutating func add(sumNanoseconds: UInt64) { self.sumNanoseconds &+= sumNanoseconds }

    /// Adds another histogram's counts.
    public mutating func merge(_ other: Histogram) {
        for (bucket, count) in other.counts.enumerated() where count > 0 { add(count, toBucket: bucket) }
        sumNanoseconds &+= other.sumNanoseconds
    }

    /// The duration in milliseconds below which `fraction` (0 to 1) of all lie; nil when there is none.
    public func milliseconds(atFraction fraction: Double) -> Double? {
        let total = self.total
        guard total > 0 else { return nil }
        let rank = max(1, UInt64((Double(total) * fraction).rounded(.up)))
        var seen: UInt64 = 0
        for (bucket, count) in counts.enumerated() {
            seen += count
            if seen >= rank {
                let range = Histogram.microseconds(ofBucket: bucket)
                return (range.lowerBound + range.upperBound) / 2 / 1000
            }
        }
        return nil
    }

    /// The bucket that counts a duration.
    public static func bucket(ofNanoseconds nanoseconds: UInt64) -> Int {
        let microseconds = nanoseconds / 1000
        guard microseconds >= 4 else { return Int(microseconds) }
        let doubling = 63 - microseconds.leadingZeroBitCount
        let quarter = Int(microseconds >> UInt64(doubling - 2)) & 3
        return min((doubling - 1) * 4 + quarter, bucketCount - 1)
    }

    /// The durations in microseconds that a bucket counts: from the lower bound up to, not including, the upper.
    public static func microseconds(ofBucket bucket: Int) -> ClosedRange<Double> {
        func start(_ bucket: Int) -> Double {
            guard bucket >= 4 else { return Double(bucket) }
            return Double((UInt64(4 + bucket % 4)) << UInt64(bucket / 4 - 1))
        }
        return start(bucket)...start(bucket + 1)
    }
}
