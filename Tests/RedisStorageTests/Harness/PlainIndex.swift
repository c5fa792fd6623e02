import SemanticCache
import Synchronization

/// An index that only remembers what it holds.
final class PlainIndex: VectorIndex {
    private let contents = Mutex<[Fingerprint: IndexElement]>([:])
    private let onFirstInsert: Mutex<(@Sendable () -> Void)?>

    /// Creates an empty index; `onFirstInsert` is called before the first insertion ends.
    init(onFirstInsert: (@Sendable () -> Void)? = nil) { self.onFirstInsert = Mutex(onFirstInsert) }

    /// What it holds.
    var elements: [Fingerprint: IndexElement] { contents.withLock { $0 } }

    /// The entries that it holds.
    var entries: Set<Fingerprint> { contents.withLock { Set($0.keys) } }

    func insert(_ element: IndexElement) {
        contents.withLock { $0[element.entry] = element }
        onFirstInsert.withLock { $0.take() }?()
    }

    func remove(_ entry: Fingerprint) { contents.withLock { $0[entry] = nil } }

    func removeAll(in namespace: Namespace, where isGone: (Fingerprint) -> Bool) {
        contents.withLock { elements in
            elements = elements.filter { $0.value.namespace != namespace || !isGone($0.key) }
        }
    }

    func removeAll() { contents.withLock { $0 = [:] } }

    func neighbors(
        of vector: [Float],
        in partition: Partition,
        count: Int,
        now: Timestamp,
        completion: @escaping @Sendable ([Neighbor]) -> Void
    ) { completion([]) }

    var usage: IndexUsage {
        var usage = IndexUsage()
        usage.elements = contents.withLock { $0.count }
        return usage
    }
}
