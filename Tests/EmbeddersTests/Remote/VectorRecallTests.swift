import Embedders
import SemanticCache
import SemanticCacheTesting
import Testing

@Suite struct VectorRecallTests {
    @Test func vectorThatAnotherReplicaAskedForIsNotAskedForAgain() async throws {
        let cache = MemoryVectorCache()
        try await RemoteHarness.run(cache: cache) { first in
            #expect(RemoteHarness.isVector(await first.embed("a"), of: "a"))
            #expect(cache.count == 1)
            // Another replica with the same settings.
            let second = try await RemoteEmbedder.connect(
                try RemoteHarness.configuration(first.server.url),
                cache: cache,
                clock: .system,
                logger: first.log.logger
            )
            let result = await second.vector(of: "a", within: 60_000)
            #expect(RemoteHarness.isVector(result, of: "a", tolerance: 0.01))
            await second.shutdown()
            #expect(first.asks.map(\.texts) == [["a"]])
        }
    }

    @Test func textsOfOneWindowAreOneLookup() async throws {
        let cache = MemoryVectorCache()
        try await RemoteHarness.run(cache: cache) {
            $0.batchWindow = .seconds(3600)
            $0.maximumBatch = 4
        } _: { harness in
            _ = await harness.embed(["a", "b", "c", "d"])
            #expect(cache.lookups.map(\.count) == [4])
            #expect(harness.asks.map(\.texts.count) == [4])
        }
    }

    @Test func vectorOfAnotherSizeIsNotTaken() async throws {
        let cache = MemoryVectorCache()
        try await RemoteHarness.run(cache: cache) { harness in
            let stale = try #require(QuantizedVector([1, 2, 3]))
            cache.insert(["a": stale], by: harness.embedder.modelID)
            #expect(RemoteHarness.isVector(await harness.embed("a"), of: "a"))
        }
    }

    @Test func knownTextsAreAnsweredWhileTheServerFails() async throws {
        let cache = MemoryVectorCache()
        try await RemoteHarness.run(cache: cache) {
            $0.failuresToOpen = 1
            $0.memoryBytes = 0
        } _: { harness in
            #expect(RemoteHarness.isVector(await harness.embed("known"), of: "known"))
            harness.server.respond { _ in .raw("{}", status: 500) }
            #expect(await harness.embed("unknown") == .failure(.unavailable))
            #expect(RemoteHarness.isVector(await harness.embed("known"), of: "known", tolerance: 0.01))
        }
    }

    @Test func cacheThatNeverAnswersIsSkipped() async throws {
        let cache = MemoryVectorCache()
        cache.fallSilent()
        try await RemoteHarness.run(cache: cache) {
            $0.cacheTimeout = .milliseconds(5)
        } _: { harness in
            #expect(RemoteHarness.isVector(await harness.embed("a"), of: "a"))
        }
    }
}
