public import SemanticCache
import Synchronization

/// A ``VectorIndex`` that compares with every element it holds, in floats.
public final class MemoryVectorIndex: VectorIndex {
    private let elements = Mutex([Fingerprint: IndexElement]())

    /// Creates an empty index.
    public init() {}

    /// Adds an element, or replaces the one of the same entry.
    public func insert(_ element: IndexElement) { elements.withLock { $0[element.entry] = element } }

    /// Forgets an entry.
    public func remove(_ entry: Fingerprint, in namespace: Namespace) { elements.withLock { $0[entry] = nil } }

    /// Forgets the entries of a namespace that `isGone` says.
    public func removeAll(in namespace: Namespace, where isGone: @escaping @Sendable (Fingerprint) -> Bool) {
        let held = elements.withLock { $0.values.filter { $0.namespace == namespace }.map(\.entry) }
        for entry in held where isGone(entry) { remove(entry, in: namespace) }
    }

    /// Forgets everything.
    public func removeAll() { elements.withLock { $0 = [:] } }

    /// Completes at once.
    public func whenSettled(_ completion: @escaping @Sendable () -> Void) { completion() }

    /// Finds the nearest entries of a partition that have the attributes and live at `now`, before it returns.
    public func neighbors(
        of vector: [Float],
        in partition: Partition,
        having attributes: [AttributeDigest],
        count: Int,
        now: Timestamp,
        completion: @escaping @Sendable ([Neighbor]) -> Void
    ) {
        let living = elements.withLock { elements in
            elements.values.filter {
                $0.partition == partition && $0.expiresAt > now && $0.attributes.hasAll(of: attributes)
            }
        }
        let found = living.map {
            Neighbor(entry: $0.entry, text: $0.text, similarity: MemoryVectorIndex.cosine(vector, $0.vector))
        }
        completion(Array(found.sorted { $0.similarity > $1.similarity }.prefix(max(0, count))))
    }

    /// How much is held; bytes are those of the vectors and texts.
    public var usage: IndexUsage {
        elements.withLock { elements in
            var usage = IndexUsage()
            usage.elements = elements.count
            usage.bytes = elements.values.reduce(0) { $0 + $1.text.utf8.count + $1.vector.components.count }
            usage.partitions = Set(elements.values.map(\.partition)).count
            return usage
        }
    }

    /// The cosine of a unit vector and a stored one.
    public static func cosine(_ vector: [Float], _ stored: QuantizedVector) -> Double {
        guard vector.count == stored.components.count else { return 0 }
        var product = 0.0
        var squares = 0.0
        for (left, right) in zip(vector, stored.components) {
            product += Double(left) * Double(right)
            squares += Double(right) * Double(right)
        }
        return squares > 0 ? max(-1, min(1, product / squares.squareRoot())) : 0
    }
}
