import SemanticCache
import SemanticCacheTesting
import Testing

@testable import VectorSearch

/// What becomes of graphs when memory is short; one takes 3 MiB and more.
@Suite(.timeLimit(.minutes(2))) struct GraphMemoryTests {
    private let source = StoredElements()

    private func index(mebibytes: Int) -> SettledIndex {
        SettledIndex(graphAbove: 64, source: source, maximumBytes: mebibytes << 20)
    }

    private func fill(_ index: SettledIndex, _ numbers: Range<Int>, text: String? = nil) {
        for number in numbers {
            let element = IndexElement.sample(number, partition: number / 1000, text: text)
            source.store(element)
            index.insert(element)
        }
    }

    /// Fills partitions with ten elements of 100 kB each.
    private func fillUp(_ index: SettledIndex, partitions: ClosedRange<Int>) {
        let text = String(repeating: "x", count: 100_000)
        for partition in partitions { fill(index, partition * 1000..<partition * 1000 + 10, text: text) }
    }

    private func finds(_ number: Int, in index: SettledIndex, partition: Int) async -> Bool {
        let found = await index.neighbors(of: IndexElement.sample(number).direction, in: partition, count: 1)
        return found.first?.entry == .numbered(number)
    }

    @Test func aGraphIsCountedUntilItGoes() async {
        let index = index(mebibytes: 100)
        fill(index, 0..<300)
        let before = index.usage.heldBytes
        #expect(await finds(7, in: index, partition: 0))
        #expect(index.usage.heldBytes > before + 300 * (64 + 132))
        for number in 0..<300 { index.remove(.numbered(number)) }
        let empty = index.usage.heldBytes
        #expect(empty < before)
        await index.settle()
        #expect(index.usage.heldBytes == empty)
    }

    @Test func noGraphIsMadeThatDoesNotFit() async {
        let index = index(mebibytes: 3)
        fill(index, 0..<300)
        #expect(await finds(7, in: index, partition: 0))
        #expect(index.graph() == nil)
        #expect(source.asked.isEmpty)
    }

    @Test func aGraphLeavesBeforeTheElements() async {
        let index = index(mebibytes: 6)
        fill(index, 0..<300)
        #expect(await finds(7, in: index, partition: 0))
        #expect(index.graph() != nil)
        fillUp(index, partitions: 1...4)
        #expect(index.usage.heldBytes <= 6 << 20)
        #expect(index.graph() == nil)
        #expect(await finds(7, in: index, partition: 0))
        #expect(source.asked.isEmpty)
    }

    @Test func elementsThatHaveLeftMemoryComeBackAndGetAGraphAgain() async {
        let index = index(mebibytes: 8)
        fill(index, 0..<300)
        #expect(await finds(7, in: index, partition: 0))
        fillUp(index, partitions: 1...9)
        #expect(index.graph() == nil)
        #expect(index.usage.heldBytes <= 8 << 20)
        for number in 1000..<10_000 { index.remove(.numbered(number)) }
        #expect(await finds(7, in: index, partition: 0))
        #expect(!source.asked.isEmpty)
        let searches = index.graphSearches
        #expect(await finds(299, in: index, partition: 0))
        #expect(index.graphSearches > searches)
        #expect(index.usage.elements == 300)
    }
}
