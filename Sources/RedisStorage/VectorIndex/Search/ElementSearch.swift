import SemanticCache

/// Holds vectors in Redis and finds the nearest: what differs between vector sets and a search index.
///
/// Which entry is where is the directory's business, what is valid the store's: this neither knows of expiry nor of
/// namespaces beyond giving back what it was told.
protocol ElementSearch: Sendable {
    /// The shards to which new elements of partitions go, and makes ready what elements are added to.
    func shards(for partitions: [PartitionDigest: Namespace]) async throws(CommandFailure) -> [PartitionDigest: UInt8]

    /// Adds elements where they were placed; one that is there is replaced.
    func add(_ elements: [PlacedElement]) async throws(CommandFailure)

    /// Takes over that elements which are there expire at another time.
    func renew(_ entries: [PlacedEntry]) async throws(CommandFailure)

    /// Those of the entries that are not where they were placed; does what else is wanting for them to be found.
    func missing(of entries: [PlacedEntry]) async throws(CommandFailure) -> [PlacedEntry]

    /// Removes entries from where they were placed; what is not there is none the less removed.
    func drop(_ entries: [PlacedEntry]) async throws(CommandFailure)

    /// The entries of a partition nearest to a vector, nearest first by a similarity that is not exact.
    func nearest(
        to vector: [Float],
        in partition: PartitionDigest,
        count: Int
    ) async throws(CommandFailure) -> SearchCandidates
}

/// What a search in Redis brought.
struct SearchCandidates: Sendable {
    /// The entries and the shards that have them, nearest first.
    var entries: [(entry: Fingerprint, shard: UInt8)] = []
    /// The namespace that all of them are in; nil when there are none.
    var namespace: Namespace?
}

extension [UInt8] {
    /// The components of a vector as IEEE 754 binary32, the least byte first.
    init(littleEndian vector: some Collection<Float>) {
        self = []
        reserveCapacity(4 * vector.count)
        for component in vector {
            let pattern = component.bitPattern
            for shift in stride(from: UInt32(0), to: 32, by: 8) { append(UInt8(truncatingIfNeeded: pattern >> shift)) }
        }
    }
}

extension QuantizedVector {
    /// The components as numbers.
    var floats: [Float] { components.map { Float($0) * scale } }
}
