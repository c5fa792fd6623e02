import SemanticCache
import SemanticCacheTesting
import Testing

@testable import VectorSearch

@Suite struct LocalVectorIndexTests {
    @Test(arguments: VectorIndexContract.promises)
    func memoryKeeps(_ promise: VectorIndexContract.Promise) async throws {
        try await promise.check(IndexOnTrial(MemoryVectorIndex()))
    }

    @Test(arguments: VectorIndexContract.promises)
    func theLocalIndexKeeps(_ promise: VectorIndexContract.Promise) async throws {
        try await promise.check(IndexOnTrial(LocalVectorIndex(LocalVectorIndexSettings(dimensions: 24))))
    }

    @Test(arguments: VectorIndexContract.promises)
    func theLocalIndexOnItsThreadsKeeps(_ promise: VectorIndexContract.Promise) async throws {
        var settings = LocalVectorIndexSettings(dimensions: 24)
        settings.inlineElements = 0
        try await promise.check(IndexOnTrial(LocalVectorIndex(settings)))
    }

    @Test(arguments: ScanKernel.available)
    func everyKernelFindsTheSame(_ kernel: ScanKernel) async {
        let index = LocalVectorIndex(LocalVectorIndexSettings(dimensions: 100), source: nil, kernel: kernel)
        let elements = (0..<700).map { IndexElement.sample($0, dimensions: 100) }
        for element in elements { index.insert(element) }
        for element in elements {
            #expect(await index.neighbors(of: element.direction, count: 1).map(\.entry) == [element.entry])
        }
    }

    @Test(arguments: [0, 1, 2, 3])
    func randomChangesLeaveWhatTheDoubleHolds(seed: UInt64) async {
        var generator = SeededGenerator(seed: seed)
        let index = LocalVectorIndex(LocalVectorIndexSettings(dimensions: 24))
        let double = MemoryVectorIndex()
        // The last seed has few partitions, so that they take several blocks.
        let partitions = seed == 3 ? 2 : 20
        for step in 0..<6000 {
            change(index, double, partitions: partitions, now: Int64(step), &generator)
            guard step % 40 == 0 else { continue }
            let partition = generator.below(partitions)
            let asked = generator.unitVector(dimensions: 24)
            let found = await index.neighbors(of: asked, in: partition, at: Int64(step))
            let expected = await double.neighbors(of: asked, in: partition, at: Int64(step))
            #expect(found.map(\.text) == expected.map(\.text))
            index.sweep(now: Timestamp(milliseconds: Int64(step)), limit: 100)
        }
        index.sweep(now: Timestamp(milliseconds: 6000))
        index.sweep(now: Timestamp(milliseconds: 6000))
        await expectEqualRemovals(index, double, partitions: partitions, at: 6000, &generator)
    }

    private func change(
        _ index: LocalVectorIndex,
        _ double: MemoryVectorIndex,
        partitions: Int,
        now: Int64,
        _ generator: inout SeededGenerator
    ) {
        let number = generator.below(1500)
        if generator.below(3) == 0 {
            index.remove(.numbered(number))
            double.remove(.numbered(number))
            return
        }
        let text = String(repeating: "ab ", count: generator.below(40)) + "\(number)"
        let element = IndexElement.sample(
            number,
            version: generator.next(),
            partition: generator.below(8) == 0 ? 0 : number % partitions,
            text: text,
            expiresAt: now + Int64(generator.below(4000))
        )
        index.insert(element)
        double.insert(element)
    }

    @Test func elementsOfOtherDimensionsAndTooLongTextsAreIgnored() async {
        let index = LocalVectorIndex(LocalVectorIndexSettings(dimensions: 24))
        index.insert(.sample(1, dimensions: 23))
        index.insert(.sample(2, text: String(repeating: "x", count: 1 << 20 + 1)))
        #expect(index.usage.elements == 0)
        index.insert(.sample(3))
        #expect(await index.neighbors(of: IndexElement.sample(1, dimensions: 23).direction).isEmpty)
        #expect(await index.neighbors(of: [Float](repeating: 0, count: 24)).isEmpty)
        #expect(await index.neighbors(of: [Float](repeating: .nan, count: 24)).isEmpty)
    }

    @Test func noElementEntersAPartitionOfAnotherNamespace() async throws {
        let other = try #require(Namespace("other"))
        let index = LocalVectorIndex(LocalVectorIndexSettings(dimensions: 24))
        index.insert(.sample(1))
        index.insert(.sample(2, namespace: other))
        #expect(await index.neighbors(of: IndexElement.sample(2).direction).map(\.entry) == [.numbered(1)])
    }
}
