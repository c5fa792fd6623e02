/// How a ``LocalVectorIndex`` works.
public struct LocalVectorIndexSettings: Sendable, Hashable {
    /// Components of the vectors; elements and searches with another count are ignored.
    public var dimensions: Int
    /// Most bytes of memory; beyond them, the partitions that were used longest ago leave it
    /// (`semantic.max_index_bytes`).
    public var maximumBytes = Int.max
    /// Threads that search large partitions and take loaded elements in.
    public var threads = 2
    /// Most elements of a partition that is searched on the caller's thread instead.
    public var inlineElements = 2048
    /// Elements of a partition above which a graph is made at the first search; nil for never (`semantic.hnsw_above`).
    ///
    /// Below half of them it goes.
    public var graphAbove: Int? = 50_000

    /// Creates the defaults.
    public init(dimensions: Int) { self.dimensions = dimensions }
}
