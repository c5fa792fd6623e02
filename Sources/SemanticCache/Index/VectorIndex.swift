/// Finds stored texts near a vector within one partition.
///
/// A hint: the store says whether an entry still is.
public protocol VectorIndex: Sendable {
    /// Adds or replaces the vector of an entry, which the index forgets at `expiresAt`.
    func insert(
        _ vector: [Float],
        of entry: Fingerprint,
        text: String,
        in partition: Partition,
        expiresAt: Timestamp
    ) async
    /// Forgets an entry.
    func remove(_ entry: Fingerprint, from partition: Partition) async
    /// The `count` nearest live entries, nearest first, by cosine.
    func neighbors(of vector: [Float], in partition: Partition, count: Int, now: Timestamp) async -> [Neighbor]
}

/// A stored text near the one that was asked.
public struct Neighbor: Sendable, Hashable {
    /// The entry.
    public var entry: Fingerprint
    /// Its text.
    public var text: String
    /// Cosine similarity, -1 to 1.
    public var similarity: Double

    /// Creates a neighbor.
    public init(entry: Fingerprint, text: String, similarity: Double) {
        self.entry = entry
        self.text = text
        self.similarity = similarity
    }
}

/// Says no to a candidate that only looks like the question asked.
public protocol CandidateGuard: Sendable {
    /// The name in answers and settings, such as `numbers`.
    var name: String { get }
    /// Whether `stored` may answer `asked`, as far as this guard can tell.
    func admits(_ stored: String, for asked: String) -> Bool
}
