import SemanticCache

/// Counts of measurements by upper bound, as a scrape shows them.
public struct BucketCounts: Sendable, Hashable {
    /// Upper bounds, ascending, in the unit of the metric; what is above all of them is counted in ``total`` only.
    public var bounds: [Double]
    /// How many measurements are under each bound and under none before it.
    public var counts: [UInt64]
    /// The number of all measurements.
    public var total: UInt64
    /// Their sum.
    public var sum: Double

    /// Creates counts; the two arrays are of one length.
    public init(bounds: [Double] = [], counts: [UInt64] = [], total: UInt64 = 0, sum: Double = 0) {
        self.bounds = bounds
        self.counts = counts
        self.total = total
        self.sum = sum
    }

    /// The seconds of a histogram, `width` of its buckets in one: 4 are a doubling.
    init(_ histogram: Histogram, width: Int = 4) {
        self.init(total: histogram.total, sum: Double(histogram.sumNanoseconds) / 1e9)
        // The last bucket has no upper bound.
        for end in stride(from: width, to: Histogram.bucketCount, by: width) {
            bounds.append(Histogram.microseconds(ofBucket: end - 1).upperBound / 1e6)
            counts.append(histogram.counts.isEmpty ? 0 : histogram.counts[(end - width)..<end].reduce(0, +))
        }
    }

    /// The cosines of a histogram, finest where thresholds are; the sum takes each for the middle of its hundredth.
    init(_ histogram: SimilarityHistogram) {
        self.init()
        var start = 0
        for end in [50, 60, 70, 75] + Array(stride(from: 80, to: 100, by: 2)) + [SimilarityHistogram.bucketCount] {
            bounds.append(Double(min(end, 100)) / 100)
            counts.append(UInt64((start..<end).reduce(0) { $0 + max(0, histogram.counts[$1] ?? 0) }))
            start = end
        }
        total = counts.reduce(0, +)
        sum = histogram.counts.reduce(0) { $0 + min(1, Double($1.key) / 100 + 0.005) * Double($1.value) }
    }

    /// Adds others' counts, which have the same bounds, or are the first ones.
    mutating func merge(_ other: BucketCounts) {
        guard !bounds.isEmpty else { return self = other }
        for (place, count) in other.counts.enumerated() where place < counts.count { counts[place] += count }
        total += other.total
        sum += other.sum
    }
}
