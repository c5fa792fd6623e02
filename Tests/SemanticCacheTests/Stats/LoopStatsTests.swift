import SemanticCache
import Testing

@Suite struct LoopStatsTests {
    @Test func whatIsCountedIsHandedOverOnceAndRemembered() throws {
        let stats = LoopStats(labels: NamespaceLabels())
        let other = try #require(Namespace("other"))
        stats.record(.stored, in: .default)
        stats.record(.stored, in: .default)
        stats.record(.flushed(3), in: other)
        #expect(stats.sinceStart()["default"]?[.stores] == 2)

        let first = stats.drain()
        #expect(first.count == 2)
        #expect(first[.default]?[.stores] == 2)
        #expect(first[other]?[.flushed] == 3)
        #expect(stats.drain().isEmpty)

        stats.record(.stored, in: .default)
        #expect(stats.sinceStart()["default"]?[.stores] == 3)
        #expect(stats.drain()[.default]?[.stores] == 1)
        #expect(stats.sinceStart()["default"]?[.stores] == 3)
        #expect(stats.sinceStart()["other"]?[.flushed] == 3)
    }

    @Test func namespacesBeyondAHundredShareALabelAndNoCountGoesDown() throws {
        let labels = NamespaceLabels()
        let loops = [LoopStats(labels: labels), LoopStats(labels: labels)]
        for number in 0..<150 {
            let namespace = try #require(Namespace("n\(number)"))
            loops[number % 2].record(.stored, in: namespace)
            _ = loops[number % 2].drain()
        }
        let late = try #require(Namespace("n149"))
        for _ in 0..<1000 { loops[0].record(.stored, in: late) }
        let first = try #require(Namespace("n1"))
        loops[0].record(.stored, in: first)
        let (left, right) = (loops[0].sinceStart(), loops[1].sinceStart())
        #expect(Set(left.keys).union(right.keys).count == NamespaceLabels.maximum + 1)
        #expect(left["other"]?[.stores] == 1025)
        #expect(right["other"]?[.stores] == 25)
        #expect(left["n1"]?[.stores] == 1)
        #expect(left["n149"] == nil)
    }
}
