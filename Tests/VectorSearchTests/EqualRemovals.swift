import SemanticCache
import SemanticCacheTesting
import Testing

/// Removes the even ones of 1,500 elements of 24 dimensions from an index and its double at once, expects both to find
/// the same of what is left, and nothing to be left when the index has lost the rest too.
func expectEqualRemovals(
    _ index: some VectorIndex,
    _ double: MemoryVectorIndex,
    partitions: Int,
    at now: Int64,
    _ generator: inout SeededGenerator
) async {
    let even = Set((0..<750).map { Fingerprint.numbered($0 * 2) })
    index.removeAll(in: .default, where: even.contains)
    double.removeAll(in: .default, where: even.contains)
    for partition in 0..<partitions {
        let asked = generator.unitVector(dimensions: 24)
        let found = await index.neighbors(of: asked, in: partition, count: 2000, at: now)
        let expected = await double.neighbors(of: asked, in: partition, count: 2000, at: now)
        #expect(Set(found.map(\.entry)) == Set(expected.map(\.entry)))
    }
    for number in 0..<1500 { index.remove(.numbered(number)) }
    #expect(index.usage.elements == 0)
    #expect(index.usage.partitions == 0)
}

extension IndexUsage {
    /// Bytes held in this process.
    var heldBytes: Int { bytes ?? 0 }
}
