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

    private func fill(_ index: SettledIndex, _ numbers: Range<Int>, partition: Int, text: String? = nil) {
        for number in numbers {
            let element = IndexElement.sample(number, partition: partition, text: text)
            source.store(element)
            index.insert(element)
        }
    }

    private func finds(_ number: Int, in index: SettledIndex, partition: Int) async -> Bool {
        let found = await index.neighbors(of: IndexElement.sample(number).direction, in: partition, count: 1)
        return found.first?.entry == .numbered(number)
    }

    @Test func aGraphIsCountedUntilItGoes() async {
        let index = index(mebibytes: 100)
        fill(index, 0..<300, partition: 0)
        let before = index.usage.bytes
        #expect(await finds(7, in: index, partition: 0))
        #expect(index.usage.bytes > before + 300 * (64 + 132))
        for number in 0..<300 { index.remove(.numbered(number)) }
        let empty = index.usage.bytes
        #expect(empty < before)
        await index.settle()
        #expect(index.usage.bytes == empty)
    }

    @Test func noGraphIsMadeThatDoesNotFit() async {
        let index = index(mebibytes: 3)
        fill(index, 0..<300, partition: 0)
        #expect(await finds(7, in: index, partition: 0))
        #expect(index.graph() == nil)
        #expect(source.asked.isEmpty)
    }

    @Test func aGraphLeavesBeforeTheElements() async {
        let index = index(mebibytes: 6)
        fill(index, 0..<300, partition: 0)
        #expect(await finds(7, in: index, partition: 0))
        #expect(index.graph() != nil)
        fill(index, 1000..<1040, partition: 1, text: String(repeating: "x", count: 100_000))
        #expect(index.usage.bytes <= 6 << 20)
        #expect(index.graph() == nil)
        #expect(await finds(7, in: index, partition: 0))
        #expect(source.asked.isEmpty)
    }

    @Test func elementsThatHaveLeftMemoryComeBackAndGetAGraphAgain() async {
        let index = index(mebibytes: 8)
        fill(index, 0..<300, partition: 0)
        #expect(await finds(7, in: index, partition: 0))
        fill(index, 1000..<1090, partition: 1, text: String(repeating: "x", count: 100_000))
        #expect(index.graph() == nil)
        #expect(index.usage.bytes <= 8 << 20)
        for number in 1000..<1090 { index.remove(.numbered(number)) }
        #expect(await finds(7, in: index, partition: 0))
        #expect(!source.asked.isEmpty)
        let searches = index.graphSearches
        #expect(await finds(299, in: index, partition: 0))
        #expect(index.graphSearches > searches)
        #expect(index.usage.elements == 300)
    }
}
