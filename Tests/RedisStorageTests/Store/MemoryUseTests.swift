import RedisStorage
import SemanticCache
import SemanticCacheTesting
import Testing

@Suite struct MemoryUseTests {
    /// The answers have 1.5 KB of text, 1.8 KB with the JSON around it, and the requests 600 B.
    @Test func anEntryTakesAtMostOneAndAHalfKilobytesOfRedis() async throws {
        let count = 10_000
        try await withRedisServer { server in
            let store = try HostedStore(server)
            try await store.up()
            var texts = try EnglishTexts()
            // Scripts and the namespace's own keys are no entry's.
            for number in 0..<200 { _ = try await store.put(texts.entry(.numbered(-number - 1))) }
            let before = try #require(try server.info("used_memory"))
            for number in 0..<count {
                #expect(try await store.put(texts.entry(.numbered(number))) == .stored(timeToLive: 7200))
            }
            let after = try #require(try server.info("used_memory"))
            let perEntry = (after - before) / count
            print("Redis memory per entry: \(perEntry) B")
            #expect(perEntry <= 1536)
            try await store.close()
        }
    }
}
