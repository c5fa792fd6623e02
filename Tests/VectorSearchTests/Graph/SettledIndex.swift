import SemanticCache
import SemanticCacheTesting

@testable import VectorSearch

/// A local index that answers a search once its graphs are as they are going to be.
final class SettledIndex: VectorIndex {
    let index: LocalVectorIndex

    /// An index whose partitions get a graph above so many elements.
    init(graphAbove: Int, dimensions: Int = 24, source: (any IndexElementSource)? = nil, maximumBytes: Int = .max) {
        var settings = LocalVectorIndexSettings(dimensions: dimensions)
        settings.graphAbove = graphAbove
        settings.inlineElements = 0
        settings.maximumBytes = maximumBytes
        index = LocalVectorIndex(settings, source: source)
    }

    func insert(_ element: IndexElement) { index.insert(element) }
    func remove(_ entry: Fingerprint, in namespace: Namespace) { index.remove(entry, in: namespace) }
    func whenSettled(_ completion: @escaping @Sendable () -> Void) { index.whenSettled(completion) }
    func removeAll() { index.removeAll() }
    func removeAll(in namespace: Namespace, where isGone: @escaping @Sendable (Fingerprint) -> Bool) {
        index.removeAll(in: namespace, where: isGone)
    }
    var usage: IndexUsage { index.usage }

    func neighbors(
        of vector: [Float],
        in partition: Partition,
        having attributes: [AttributeDigest],
        count: Int,
        now: Timestamp,
        completion: @escaping @Sendable ([Neighbor]) -> Void
    ) {
        // The first search asks for the graph.
        let search = { @Sendable [index] (completion: @escaping @Sendable ([Neighbor]) -> Void) in
            index.neighbors(
                of: vector,
                in: partition,
                having: attributes,
                count: count,
                now: now,
                completion: completion
            )
        }
        search { _ in
            Task {
                await self.settle()
                search(completion)
            }
        }
    }

    /// Waits until nothing is left to be done for graphs.
    func settle() async {
        while index.hasGraphWork { try? await Task.sleep(for: .microseconds(200)) }
    }

    /// Searches that a graph has answered.
    var graphSearches: Int { index.graphSearches }

    /// The partition's graph as it is now.
    func graph(of partition: Int = 0) -> PartitionGraph? {
        index.locked { $0.find(.numbered(partition))?.graph }
    }
}
