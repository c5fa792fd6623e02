import SemanticCache
import Testing

@Suite struct LoopStatsTests {
    @Test func whatIsCountedIsHandedOverOnceAndRemembered() throws {
        let stats = LoopStats()
        let other = try #require(Namespace("other"))
        stats.record(.stored, in: .default)
        stats.record(.stored, in: .default)
        stats.record(.flushed(3), in: other)
        #expect(stats.sinceStart()[.default]?[.stores] == 2)

        let first = stats.drain()
        #expect(first.count == 2)
        #expect(first[.default]?[.stores] == 2)
        #expect(first[other]?[.flushed] == 3)
        #expect(stats.drain().isEmpty)

        stats.record(.stored, in: .default)
        #expect(stats.sinceStart()[.default]?[.stores] == 3)
        #expect(stats.drain()[.default]?[.stores] == 1)
        #expect(stats.sinceStart()[.default]?[.stores] == 3)
        #expect(stats.sinceStart()[other]?[.flushed] == 3)
    }
}
