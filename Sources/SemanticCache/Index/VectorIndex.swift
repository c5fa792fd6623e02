/// Finds stored texts near a vector within one partition.
///
/// A hint: the store says whether an entry still is. Shared by all event loops and changed by whoever reads the change
/// log; every method may be called on any thread at any time and returns without waiting for anybody.
///
/// Mutations take effect in their order: before they return when the index is in this process, later when it is not, see
/// ``whenSettled(_:)``. An index in another process may drop mutations while it cannot be reached or too many wait, and
/// takes an element for gone when its entry is. A search costs its caller O(dimensions) at most.
public protocol VectorIndex: Sendable {
    /// Adds an element, or replaces the one of the same entry.
    func insert(_ element: IndexElement)

    /// Forgets an entry of a namespace that is gone; does nothing when it is not there.
    func remove(_ entry: Fingerprint, in namespace: Namespace)

    /// Forgets the entries of a namespace that `isGone` says; O(entries of the namespace).
    func removeAll(in namespace: Namespace, where isGone: @escaping @Sendable (Fingerprint) -> Bool)

    /// Forgets everything.
    func removeAll()

    /// Calls `completion` once all mutations asked for before have taken effect or were dropped: exactly once, on any
    /// thread, before the call returns when nothing is under way.
    func whenSettled(_ completion: @escaping @Sendable () -> Void)

    /// Finds the `count` nearest entries of a partition that have all of the attributes and live at `now`, nearest first,
    /// by cosine; nothing when the index cannot be asked.
    ///
    /// `vector` is a unit vector. Completes exactly once, on any thread, possibly before the call returns. An index in
    /// another process looks for attributes among the nearest thousand only.
    func neighbors(
        of vector: [Float],
        in partition: Partition,
        having attributes: [AttributeDigest],
        count: Int,
        now: Timestamp,
        completion: @escaping @Sendable ([Neighbor]) -> Void
    )

    /// How much is held; of an index in another process as it was when somebody counted last.
    var usage: IndexUsage { get }
}

extension VectorIndex {
    /// Finds the nearest entries whatever their attributes.
    public func neighbors(
        of vector: [Float],
        in partition: Partition,
        count: Int,
        now: Timestamp,
        completion: @escaping @Sendable ([Neighbor]) -> Void
    ) {
        neighbors(of: vector, in: partition, having: [], count: count, now: now, completion: completion)
    }

    /// Waits until all mutations asked for before have taken effect or were dropped.
    public func settle() async {
        await withCheckedContinuation { continuation in whenSettled { continuation.resume() } }
    }
}

/// One stored text as the index holds it.
public struct IndexElement: Sendable, Hashable {
    /// The entry.
    public var entry: Fingerprint
    /// Distinguishes two fills of the same fingerprint.
    public var version: UInt64
    /// The namespace of the entry.
    public var namespace: Namespace
    /// What the entry may be compared within.
    public var partition: Partition
    /// The last user text of the entry's request.
    public var text: String
    /// The text's vector.
    public var vector: QuantizedVector
    /// When the entry expires, by Redis' clock.
    public var expiresAt: Timestamp
    /// The attributes that the entry has.
    public var attributes: [AttributeDigest]

    /// Creates an element.
    public init(
        entry: Fingerprint,
        version: UInt64,
        namespace: Namespace,
        partition: Partition,
        text: String,
        vector: QuantizedVector,
        expiresAt: Timestamp,
        attributes: [AttributeDigest] = []
    ) {
        self.entry = entry
        self.version = version
        self.namespace = namespace
        self.partition = partition
        self.text = text
        self.vector = vector
        self.expiresAt = expiresAt
        self.attributes = attributes
    }
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

/// How much an index holds.
public struct IndexUsage: Sendable, Hashable {
    /// Elements that can be found.
    public var elements = 0
    /// Bytes of this process' memory that they take, all in; nil when they are elsewhere.
    public var bytes: Int?
    /// Partitions with at least one element; nil when the index does not count them.
    public var partitions: Int?

    /// Creates a usage of nothing.
    public init() {}
}

/// Reads elements back that an index has dropped for want of memory.
public protocol IndexElementSource: Sendable {
    /// Reads the elements of `entries` that still are; the others are left out.
    ///
    /// Completes exactly once, on any thread; with nil when the source cannot be asked now.
    func elements(
        of entries: [Fingerprint],
        in namespace: Namespace,
        completion: @escaping @Sendable ([IndexElement]?) -> Void
    )
}
