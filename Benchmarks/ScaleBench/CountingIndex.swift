import NIOConcurrencyHelpers
import SemanticCache

/// Counts what it is told and keeps nothing: what is measured is how it is told.
final class CountingIndex: VectorIndex {
    private let counts = NIOLockedValueBox(0)

    var inserted: Int { counts.withLockedValue { $0 } }
    var usage: IndexUsage { IndexUsage() }

    func insert(_ element: IndexElement) { counts.withLockedValue { $0 += 1 } }
    func remove(_ entry: Fingerprint, in namespace: Namespace) {}
    func removeAll(in namespace: Namespace, where isGone: @escaping @Sendable (Fingerprint) -> Bool) {}
    func removeAll() {}
    func whenSettled(_ completion: @escaping @Sendable () -> Void) { completion() }

    func neighbors(
        of vector: [Float],
        in partition: Partition,
        having attributes: [AttributeDigest],
        count: Int,
        now: Timestamp,
        completion: @escaping @Sendable ([Neighbor]) -> Void
    ) {
        completion([])
    }
}
