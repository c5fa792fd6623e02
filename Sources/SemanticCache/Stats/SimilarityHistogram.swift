/// What the verifier said of the best candidate of a lookup.
public enum CandidateVerdict: String, Sendable, Hashable, CaseIterable {
    /// It may be served.
    case served
    /// A guard or the score refused it.
    case guarded
    /// It is less similar than the threshold.
    case belowThreshold = "below_threshold"
}

/// How often the best candidates were how similar: counts by hundredths of cosine, mergeable.
public struct SimilarityHistogram: Sendable, Hashable {
    /// Buckets: the last is a similarity of 1, the first also takes everything below 0.
    public static let bucketCount = 101

    /// Counts by hundredths.
    public private(set) var counts: [Int: Int64] = [:]

    /// Creates an empty histogram.
    public init() {}

    /// Number of similarities.
    public var total: Int64 { counts.values.reduce(0, &+) }

    /// Adds one similarity.
    public mutating func record(_ similarity: Double) {
        add(1, at: Int((max(0, min(1, similarity)) * 100).rounded(.down)))
    }

    /// Adds to a bucket; ignores one that there is not.
    public mutating func add(_ count: Int64, at bucket: Int) {
        guard 0..<Self.bucketCount ~= bucket else { return }
        counts[bucket, default: 0] &+= count
    }

    /// Adds another's counts.
    public mutating func merge(_ other: SimilarityHistogram) { counts.merge(other.counts, uniquingKeysWith: &+) }
}
