import SemanticCache
import SemanticCacheTesting
import Testing

@testable import VectorSearch

@Suite(.timeLimit(.minutes(5))) struct GraphSearchTests {
    @Test(arguments: VectorIndexContract.promises, [4, 100])
    func anIndexWithGraphsKeeps(_ promise: VectorIndexContract.Promise, graphAbove: Int) async throws {
        try await promise.check(IndexOnTrial(SettledIndex(graphAbove: graphAbove)))
    }

    /// An index of elements 0..<count in one partition, whose graph is ready.
    private func filled(_ count: Int, graphAbove: Int = 64) async -> SettledIndex {
        let index = SettledIndex(graphAbove: graphAbove)
        for number in 0..<count { index.insert(.sample(number)) }
        _ = await index.neighbors(of: IndexElement.sample(0).direction)
        return index
    }

    private func finds(_ number: Int, in index: SettledIndex, partition: Int = 0) async -> Bool {
        let found = await index.neighbors(of: IndexElement.sample(number).direction, in: partition, count: 1)
        return found.first?.entry == .numbered(number)
    }

    @Test func theGraphAnswersAboveTheSizeAndGoesBelowHalfOfIt() async {
        let index = await filled(100, graphAbove: 100)
        #expect(index.graphSearches == 0)
        index.insert(.sample(100))
        #expect(await finds(100, in: index))
        #expect(index.graphSearches == 1)
        for number in 50..<100 { index.remove(.numbered(number)) }
        #expect(index.graph() != nil)
        #expect(await finds(7, in: index))
        for number in 40..<50 { index.remove(.numbered(number)) }
        #expect(index.graph() == nil)
        let searches = index.graphSearches
        #expect(await finds(7, in: index))
        #expect(index.graphSearches == searches)
    }

    @Test func withoutASizeThereIsNoGraph() async {
        var settings = LocalVectorIndexSettings(dimensions: 24)
        settings.graphAbove = nil
        let index = LocalVectorIndex(settings)
        for number in 0..<3000 { index.insert(.sample(number)) }
        for number in 0..<10 { #expect(await index.neighbors(of: IndexElement.sample(number).direction).count == 5) }
        #expect(!index.hasGraphWork)
        #expect(index.graphSearches == 0)
    }

    @Test func whatIsAddedAfterwardsIsFoundAtOnceAndWhatIsRemovedIsNot() async {
        let index = await filled(600)
        for number in 600..<1200 {
            index.insert(.sample(number))
            let found = await index.index.neighbors(of: IndexElement.sample(number).direction, count: 1)
            #expect(found.first?.entry == .numbered(number))
            index.remove(.numbered(number - 300))
            let left = await index.index.neighbors(of: IndexElement.sample(number - 300).direction, count: 5)
            #expect(!left.contains { $0.entry == .numbered(number - 300) })
        }
        #expect(index.graphSearches > 0)
        #expect(index.usage.elements == 600)
        for number in stride(from: 900, to: 1200, by: 10) { #expect(await finds(number, in: index)) }
    }

    @Test func expiredElementsAreNotFoundBeforeTheyAreSwept() async {
        let index = SettledIndex(graphAbove: 64)
        for number in 0..<500 { index.insert(.sample(number, expiresAt: number % 5 == 0 ? 9000 : 1000)) }
        let asked = IndexElement.sample(1).direction
        #expect(await index.neighbors(of: asked, at: 999).first?.entry == .numbered(1))
        let searches = index.graphSearches
        #expect(searches > 0)
        let found = await index.neighbors(of: asked, count: 20, at: 1000)
        let expected = await unindexed(500) { $0 % 5 == 0 }.neighbors(of: asked, count: 20, at: 1000)
        #expect(found == expected)
        index.index.sweep(now: Timestamp(milliseconds: 1000))
        #expect(index.usage.elements == 100)
        #expect(await index.neighbors(of: asked, count: 20, at: 1000) == expected)
    }

    private func unindexed(_ count: Int, where isHeld: (Int) -> Bool) -> MemoryVectorIndex {
        let double = MemoryVectorIndex()
        for number in 0..<count where isHeld(number) { double.insert(.sample(number)) }
        return double
    }

    @Test func aReplacedEntryIsFoundByItsNewVectorAlone() async {
        let index = await filled(300)
        for number in 0..<50 {
            let moved = IndexElement.sample(
                number,
                version: 2,
                text: "moved",
                vector: IndexElement.sample(5000 + number).direction
            )
            index.insert(moved)
            let found = await index.index.neighbors(of: moved.direction, count: 1)
            #expect(found.first?.text == "moved")
            let old = await index.index.neighbors(of: IndexElement.sample(number).direction, count: 5)
            #expect(!old.contains { $0.entry == .numbered(number) && $0.similarity > 0.999 })
        }
        #expect(index.graphSearches > 0)
    }

    @Test func oneVectorMayBeThereManyTimes() async {
        let index = SettledIndex(graphAbove: 64)
        let same = IndexElement.sample(0).direction
        for number in 0..<300 { index.insert(.sample(number, vector: same)) }
        for number in 300..<500 { index.insert(.sample(number)) }
        #expect(await index.neighbors(of: same, count: 20).allSatisfy { $0.similarity > 0.999 })
        for number in 300..<500 { #expect(await finds(number, in: index)) }
        for number in 1..<300 { index.remove(.numbered(number)) }
        #expect(await index.neighbors(of: same, count: 1).first?.entry == .numbered(0))
    }

    /// Texts of one template, say, whose vectors are nearly the same.
    @Test func manyNearVectorsDoNotHideTheOthers() async {
        var generator = SeededGenerator(seed: 9)
        let index = SettledIndex(graphAbove: 64)
        let middle = IndexElement.sample(0).direction
        for number in 0..<400 {
            index.insert(.sample(number, vector: generator.unitVector(near: middle, spread: 0.05)))
        }
        for number in 400..<600 { index.insert(.sample(number)) }
        var missed = 0
        for number in 400..<600 where await !finds(number, in: index) { missed += 1 }
        #expect(missed <= 1)
        #expect(index.graphSearches > 150)
    }

    @Test func anEntryThatComesAndGoesManyTimesStaysFound() async {
        let index = await filled(300)
        for _ in 0..<500 {
            index.remove(.numbered(3))
            index.insert(.sample(3))
            await index.settle()
            let found = await index.index.neighbors(of: IndexElement.sample(3).direction, count: 1)
            #expect(found.first?.entry == .numbered(3))
        }
        // Dead slots are bounded: the graph was made anew.
        #expect((index.graph()?.additions ?? 0) < 600)
    }

    @Test(arguments: [0, 1, 2])
    func randomChangesLeaveWhatTheDoubleHolds(seed: UInt64) async {
        var generator = SeededGenerator(seed: seed)
        let index = SettledIndex(graphAbove: 20)
        let double = MemoryVectorIndex()
        var missed = 0
        for step in 0..<6000 {
            let now = Int64(step)
            let number = generator.below(1500)
            if generator.below(3) == 0 {
                index.remove(.numbered(number))
                double.remove(.numbered(number))
            } else {
                let expiry = now + Int64(generator.below(4000))
                let version = generator.next()
                let moved = generator.below(4) == 0 ? generator.unitVector(dimensions: 24) : nil
                let element = IndexElement.sample(
                    number,
                    version: version,
                    partition: number % 3,
                    vector: moved,
                    expiresAt: expiry
                )
                index.insert(element)
                double.insert(element)
            }
            guard step % 40 == 0 else { continue }
            let partition = generator.below(3)
            let asked = generator.unitVector(dimensions: 24)
            let expected = await double.neighbors(of: asked, in: partition, at: now)
            for found in [
                await index.index.neighbors(of: asked, in: partition, at: now),
                await index.neighbors(of: asked, in: partition, at: now),
            ] where found != expected { missed += 1 }
            index.index.sweep(now: Timestamp(milliseconds: now), limit: 100)
        }
        #expect(missed <= 3, "of 300 searches")
        #expect(index.graphSearches > 100)
        index.index.sweep(now: Timestamp(milliseconds: 6000))
        index.index.sweep(now: Timestamp(milliseconds: 6000))
        await expectEqualRemovals(index, double, partitions: 3, at: 6000, &generator)
    }

    @Test func searchesAndChangesDoNotDisturbEachOther() async {
        let index = SettledIndex(graphAbove: 16)
        // Even elements stay for the whole test, odd ones come and go.
        for number in stride(from: 0, to: 1200, by: 2) { index.insert(.sample(number, partition: number % 3)) }
        for partition in 0..<3 { _ = await index.neighbors(of: IndexElement.sample(0).direction, in: partition) }
        let missed = await withTaskGroup(of: Int.self) { group in
            for task in 0..<2 {
                group.addTask {
                    for round in 0..<3 {
                        for number in stride(from: 1 + 2 * task, to: 1200, by: 4) {
                            index.insert(.sample(number, partition: number % 3))
                            if (number + round) % 3 > 0 { index.remove(.numbered(number)) }
                        }
                        index.index.sweep(now: Timestamp(milliseconds: 1))
                        index.removeAll(in: .default) { _ in false }
                    }
                    return 0
                }
                group.addTask {
                    var missed = 0
                    for number in stride(from: 2 * task, to: 1200, by: 4) {
                        let asked = IndexElement.sample(number).direction
                        let found = await index.index.neighbors(of: asked, in: number % 3, count: 1)
                        if found.first?.entry != .numbered(number) { missed += 1 }
                        if found.first?.entry == .numbered(number) { #expect(found.first?.text == "text \(number)") }
                    }
                    return missed
                }
            }
            return await group.reduce(0, +)
        }
        #expect(missed <= 6, "of 600 searches")
        for number in 0..<1200 { index.remove(.numbered(number)) }
        await index.settle()
        #expect(index.usage.elements == 0)
        #expect(index.usage.partitions == 0)
    }

    @Test func anIndexMayLeaveWhileItsGraphIsMade() async {
        for _ in 0..<20 {
            let index = SettledIndex(graphAbove: 16)
            for number in 0..<300 { index.insert(.sample(number)) }
            #expect(await index.index.neighbors(of: IndexElement.sample(7).direction, count: 1).count == 1)
        }
    }

    @Test func everythingIsForgottenWithItsGraph() async {
        let index = await filled(300)
        index.removeAll()
        #expect(index.usage.elements == 0)
        #expect(await index.neighbors(of: IndexElement.sample(1).direction) == [])
        for number in 0..<300 { index.insert(.sample(number)) }
        #expect(await finds(7, in: index))
        #expect(index.graph()?.isReady == true)
    }
}
