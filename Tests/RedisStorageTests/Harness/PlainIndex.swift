import NIOConcurrencyHelpers
import SemanticCache

/// An index that only remembers what it holds.
final class PlainIndex: VectorIndex {
    // A lock that the thread sanitizer knows.
    private let contents = NIOLockedValueBox<[Fingerprint: IndexElement]>([:])
    private let onFirstInsert: NIOLockedValueBox<(@Sendable () -> Void)?>

    /// Creates an empty index; `onFirstInsert` is called before the first insertion ends.
    init(onFirstInsert: (@Sendable () -> Void)? = nil) { self.onFirstInsert = NIOLockedValueBox(onFirstInsert) }

    /// What it holds.
    var elements: [Fingerprint: IndexElement] { contents.withLockedValue { $0 } }

    /// The entries that it holds.
    var entries: Set<Fingerprint> { contents.withLockedValue { Set($0.keys) } }

    func insert(_ element: IndexElement) {
        contents.withLockedValue { $0[element.entry] = element }
        onFirstInsert.withLockedValue { $0.take() }?()
    }

    func remove(_ entry: Fingerprint, in namespace: Namespace) { contents.withLockedValue { $0[entry] = nil } }

    func removeAll(in namespace: Namespace, where isGone: @escaping @Sendable (Fingerprint) -> Bool) {
        contents.withLockedValue { elements in
            elements = elements.filter { $0.value.namespace != namespace || !isGone($0.key) }
        }
    }

    func whenSettled(_ completion: @escaping @Sendable () -> Void) { completion() }

    func removeAll() { contents.withLockedValue { $0 = [:] } }

    func neighbors(
        of vector: [Float],
        in partition: Partition,
        having attributes: [AttributeDigest],
        count: Int,
        now: Timestamp,
        completion: @escaping @Sendable ([Neighbor]) -> Void
    ) { completion([]) }

    var usage: IndexUsage {
        var usage = IndexUsage()
        usage.elements = contents.withLockedValue { $0.count }
        return usage
    }
}
