import SemanticCache
import SemanticCacheTesting
import Testing

@testable import VectorSearch

@Suite(.timeLimit(.minutes(2))) struct ConcurrentUseTests {
    @Test(arguments: [0, 10_000])
    func searchesAndChangesDoNotDisturbEachOther(inlineElements: Int) async {
        let source = StoredElements()
        var settings = LocalVectorIndexSettings(dimensions: 24)
        settings.inlineElements = inlineElements
        settings.maximumBytes = LocalVectorIndex(settings).usage.heldBytes + 150 * 1024
        let index = LocalVectorIndex(settings, source: source)
        // Even elements stay for the whole test, odd ones come and go.
        for number in stride(from: 0, to: 1200, by: 2) {
            let element = IndexElement.sample(number, partition: number % 3)
            source.store(element)
            index.insert(element)
        }
        await withTaskGroup(of: Void.self) { group in
            for task in 0..<2 {
                group.addTask {
                    for round in 0..<3 {
                        for number in stride(from: 1 + 2 * task, to: 1200, by: 4) {
                            let element = IndexElement.sample(number, partition: number % 3)
                            source.store(element)
                            index.insert(element)
                            if (number + round) % 3 > 0 {
                                source.delete(.numbered(number))
                                index.remove(.numbered(number))
                            }
                        }
                        index.sweep(now: Timestamp(milliseconds: 1))
                        index.removeAll(in: .default) { _ in false }
                    }
                }
                group.addTask {
                    for number in stride(from: 2 * task, to: 1200, by: 4) {
                        let asked = IndexElement.sample(number).direction
                        let found = await index.neighbors(of: asked, in: number % 3, count: 1)
                        // Memory is short: an element may be out of it, never another's text in its place.
                        if let first = found.first, first.entry == .numbered(number) {
                            #expect(first.text == "text \(number)")
                        }
                        #expect(found.allSatisfy { $0.similarity <= 1 && $0.similarity >= -1 })
                    }
                }
            }
        }
        for number in 0..<1200 { index.remove(.numbered(number)) }
        #expect(index.usage.elements == 0)
        #expect(index.usage.partitions == 0)
    }

    @Test func aSearchSeesTheRowsAsTheyWereWhenItBegan() {
        let contents = IndexContents(layout: RowLayout(dimensions: 24), maximumBytes: .max, reloads: false)
        for number in 0..<600 { contents.insert(.sample(number)) }
        let before = contents.find(.numbered(0))?.beginReading()
        for number in 0..<600 where number % 2 == 0 { contents.remove(.numbered(number)) }
        for number in 600..<900 { contents.insert(.sample(number)) }
        let seen = (before?.blocks ?? []).flatMap { block in (0..<block.count).map { block.text(at: $0) } }
        #expect(seen == (0..<600).map { "text \($0)" })
    }
}
