import SemanticCache
import SemanticCacheTesting
import Testing

@testable import VectorSearch

@Suite struct RowGraphTests {
    private func row(_ number: Int, layout: RowLayout) -> GraphRow {
        let vector = IndexElement.sample(number, dimensions: layout.dimensions).vector
        let padding = [Int8](repeating: 0, count: layout.stride - layout.dimensions)
        return GraphRow(
            components: (vector.components + padding).map { UInt8(bitPattern: $0) ^ 0x80 },
            scale: vector.scale
        )
    }

    @Test(arguments: ScanKernel.available, [24, 100])
    func rowsAreFoundByThemselvesBeyondTheFirstCapacity(_ kernel: ScanKernel, dimensions: Int) throws {
        let layout = RowLayout(dimensions: dimensions)
        let graph = try #require(RowGraph(kernel: kernel, layout: layout, capacity: 1))
        #expect(graph.nearest(to: row(0, layout: layout)) == [])
        for number in 0..<500 { #expect(graph.add(row(number, layout: layout))) }
        for number in 0..<500 {
            let found = try #require(graph.nearest(to: row(number, layout: layout)))
            #expect(found.first == UInt32(number))
            #expect(found.count == RowGraph.searchBreadth)
            #expect(Set(found).count == found.count)
        }
    }

    @Test func markedRowsAreNotFound() throws {
        let layout = RowLayout(dimensions: 24)
        let graph = try #require(RowGraph(kernel: .best, layout: layout, capacity: 64))
        for number in 0..<300 { #expect(graph.add(row(number, layout: layout))) }
        let even = (0..<150).map { UInt32($0 * 2) }
        graph.mark(even)
        graph.mark(even + [5000])
        for number in 0..<300 {
            let found = try #require(graph.nearest(to: row(number, layout: layout)))
            #expect((found.first == UInt32(number)) == (number % 2 == 1))
            #expect(found.allSatisfy { $0 % 2 == 1 })
        }
        graph.mark((0..<300).map(UInt32.init))
        #expect(graph.nearest(to: row(7, layout: layout)) == [])
        // What is added to a graph without living rows is found.
        #expect(graph.add(row(300, layout: layout)))
        #expect(graph.nearest(to: row(7, layout: layout)) == [300])
    }

    @Test func bytesGrowWithTheRows() throws {
        let layout = RowLayout(dimensions: 384)
        let graph = try #require(RowGraph(kernel: .best, layout: layout, capacity: 10))
        let empty = graph.bytes
        for number in 0..<1000 { #expect(graph.add(row(number, layout: layout))) }
        #expect(graph.bytes > empty + 990 * (384 + 132))
        #expect(graph.bytes < RowGraph.estimatedBytes(rows: 1000, layout: layout))
    }

    @Test func moreRowsThanHaveNumbersAreRefused() {
        #expect(RowGraph(kernel: .best, layout: RowLayout(dimensions: 24), capacity: 1 << 31) == nil)
    }
}
