import SemanticCache
import Testing

@Suite struct CountLimitsTests {
    @Test func sumsStopAtTheLargestValue() {
        var counts = NamespaceCounts()
        counts[.savedNanodollars] = .max - 1
        counts[.stores] = 2
        var both = counts
        both.merge(counts)
        #expect(both[.savedNanodollars] == .max)
        #expect(both[.stores] == 4)
    }
}
