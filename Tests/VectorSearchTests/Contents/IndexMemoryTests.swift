import SemanticCache
import SemanticCacheTesting
import Testing

@testable import VectorSearch

/// What happens when the elements do not fit into memory.
@Suite(.timeLimit(.minutes(2))) struct IndexMemoryTests {
    private let source = StoredElements()

    /// An index with room for a part of what the tests put in: an element of 24 dimensions takes about 150 bytes.
    private func index(kilobytes: Int, withSource: Bool = true) -> LocalVectorIndex {
        var settings = LocalVectorIndexSettings(dimensions: 24)
        let empty = LocalVectorIndex(settings).usage.heldBytes
        settings.maximumBytes = empty + kilobytes * 1024
        return LocalVectorIndex(settings, source: withSource ? source : nil)
    }

    private func fill(_ index: LocalVectorIndex, _ numbers: Range<Int>, perPartition: Int) {
        for number in numbers {
            let element = IndexElement.sample(number, partition: number / perPartition)
            source.store(element)
            index.insert(element)
        }
    }

    private func finds(_ number: Int, in partition: Int, of index: LocalVectorIndex) async -> Bool {
        let found = await index.neighbors(of: IndexElement.sample(number).direction, in: partition, count: 1)
        return found.first?.entry == .numbered(number)
    }

    @Test func theBoundHoldsAndWhatLeftIsLoadedAgain() async {
        let index = index(kilobytes: 160)
        let bound = index.usage.heldBytes + 160 * 1024
        fill(index, 0..<1500, perPartition: 50)
        #expect(index.usage.elements == 1500)
        #expect(index.usage.heldBytes <= bound)
        #expect(source.asked.isEmpty)
        for number in 0..<1500 {
            #expect(await finds(number, in: number / 50, of: index))
            #expect(index.usage.heldBytes <= bound)
        }
        #expect(!source.asked.isEmpty)
        #expect(index.usage.elements == 1500)
    }

    @Test func whatWasUsedLastStays() async {
        let index = index(kilobytes: 100)
        fill(index, 0..<400, perPartition: 50)
        #expect(source.asked.isEmpty)
        for round in 0..<10 {
            #expect(await finds(7, in: 0, of: index))
            fill(index, 1000 + round * 50..<1050 + round * 50, perPartition: 50)
        }
        #expect(source.asked.isEmpty)
    }

    @Test func withoutASourceWhatLeavesIsForgotten() async {
        let index = index(kilobytes: 100, withSource: false)
        fill(index, 0..<2000, perPartition: 50)
        #expect(index.usage.elements < 1000)
        #expect(await finds(1999, in: 39, of: index))
        #expect(await !finds(0, in: 0, of: index))
    }

    @Test func onePartitionBeyondTheBoundKeepsAPartOfItselfAndLeavesTheOthersThere() async {
        let index = index(kilobytes: 250)
        let bound = index.usage.heldBytes + 250 * 1024
        fill(index, 0..<20, perPartition: 1_000_000)
        for number in 20..<2500 {
            let element = IndexElement.sample(number, partition: 9)
            source.store(element)
            index.insert(element)
        }
        #expect(index.usage.heldBytes <= bound)
        #expect(index.usage.elements == 2500)
        let found = await index.neighbors(of: IndexElement.sample(2499).direction, in: 9, count: 5000)
        #expect(500..<2480 ~= found.count)
        #expect(source.asked.isEmpty)
        #expect(await finds(7, in: 0, of: index))
    }

    @Test func stubsThatAloneExceedTheBoundAreForgotten() async {
        let index = index(kilobytes: 40)
        let bound = index.usage.heldBytes + 40 * 1024
        fill(index, 0..<3000, perPartition: 10)
        #expect(index.usage.heldBytes <= bound)
        #expect(await finds(2999, in: 299, of: index))
    }

    /// A partition of elements 0..<50 that has left memory.
    private func dropped() -> LocalVectorIndex {
        let index = index(kilobytes: 100)
        fill(index, 0..<50, perPartition: 50)
        fill(index, 50..<1000, perPartition: 50)
        return index
    }

    @Test func searchesOfAPartitionShareOneLoad() async {
        let index = dropped()
        source.holdBack()
        await withTaskGroup(of: Bool.self) { group in
            for number in 0..<10 { group.addTask { await finds(number, in: 0, of: index) } }
            while source.asked.isEmpty { await Task.yield() }
            source.release()
            for await found in group { #expect(found) }
        }
        #expect(source.asked.count == 1)
    }

    @Test func whatIsRemovedOrReplacedDuringALoadStaysSo() async {
        let index = dropped()
        source.holdBack()
        async let found = index.neighbors(of: IndexElement.sample(1).direction, in: 0, count: 100)
        while source.asked.isEmpty { await Task.yield() }
        index.remove(.numbered(1))
        index.insert(.sample(2, version: 2, partition: 0, text: "newer"))
        index.insert(.sample(3, version: 2, partition: 77))
        let gone = Set([Fingerprint.numbered(4)])
        index.removeAll(in: .default, where: gone.contains)
        index.insert(.sample(5000, partition: 0))
        source.release()
        let texts = await Set(found.map(\.text))
        let expected = (0..<50).filter { ![1, 2, 3, 4].contains($0) }.map { "text \($0)" } + ["newer", "text 5000"]
        #expect(texts == Set(expected))
    }

    @Test func whatIsRemovedWhileAbsentDoesNotComeBack() async {
        let index = dropped()
        index.remove(.numbered(1))
        let gone = Set([Fingerprint.numbered(2)])
        index.removeAll(in: .default, where: gone.contains)
        let found = await index.neighbors(of: IndexElement.sample(1).direction, in: 0, count: 100)
        #expect(Set(found.map(\.text)) == Set((0..<50).filter { $0 != 1 && $0 != 2 }.map { "text \($0)" }))
    }

    @Test func everythingForgottenDuringALoadStaysForgotten() async {
        let index = dropped()
        source.holdBack()
        async let found = index.neighbors(of: IndexElement.sample(1).direction, in: 0, count: 100)
        while source.asked.isEmpty { await Task.yield() }
        index.removeAll()
        source.release()
        #expect(await found.isEmpty)
        #expect(index.usage.elements == 0)
    }

    @Test func whatTheSourceNoLongerHasIsForgotten() async {
        let index = dropped()
        for number in 0..<50 where number != 7 { source.delete(.numbered(number)) }
        let before = index.usage.elements
        #expect(await finds(7, in: 0, of: index))
        #expect(index.usage.elements == before - 49)
    }

    @Test func aSourceThatIsDownLeavesWhatIsThereAndIsAskedAgain() async {
        let index = dropped()
        source.setDown(true)
        index.insert(.sample(6000, partition: 0))
        let found = await index.neighbors(of: IndexElement.sample(1).direction, in: 0, count: 100)
        #expect(found.map(\.text) == ["text 6000"])
        source.setDown(false)
        #expect(await finds(1, in: 0, of: index))
    }

    @Test func randomChangesWithLittleMemoryLeaveWhatTheDoubleHolds() async {
        var generator = SeededGenerator(seed: 11)
        let index = index(kilobytes: 60)
        let double = MemoryVectorIndex()
        for step in 0..<6000 {
            let number = generator.below(700)
            if generator.below(3) == 0 {
                index.remove(.numbered(number))
                double.remove(.numbered(number))
                source.delete(.numbered(number))
            } else {
                let element = IndexElement.sample(number, version: generator.next(), partition: number % 35)
                source.store(element)
                index.insert(element)
                double.insert(element)
            }
            guard step % 10 == 0 else { continue }
            let partition = generator.below(35)
            let asked = generator.unitVector(dimensions: 24)
            let found = await index.neighbors(of: asked, in: partition)
            let expected = await double.neighbors(of: asked, in: partition)
            #expect(found.map(\.text) == expected.map(\.text))
            #expect(index.usage.elements == double.usage.elements)
        }
        #expect(!source.asked.isEmpty)
    }
}
