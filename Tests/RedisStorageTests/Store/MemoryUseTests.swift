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

    /// As above, with vectors of 384 dimensions; a record of the change log is kept for an hour, apart from the entry.
    @Test func aVectorAndItsTextAddLessThanSixHundredBytes() async throws {
        let count = 10_000
        try await withRedisServer { server in
            let store = try HostedStore(server)
            try await store.up()
            var texts = try EnglishTexts()
            func put(_ numbers: Range<Int>) async throws {
                for number in numbers {
                    var entry = texts.entry(.numbered(number))
                    entry.semantic = try .sample(number)
                    _ = try await store.put(entry)
                }
            }
            try await put(-200..<0)
            let before = try #require(try server.info("used_memory"))
            try await put(0..<count)
            let after = try #require(try server.info("used_memory"))
            let streams = try server.keys("*}:c").reduce(0) { sum, name in
                sum + (try server.command("MEMORY", "USAGE", name, "SAMPLES", "0").integer ?? 0)
            }
            let perEntry = (after - before - streams) / count
            print("Redis memory per entry with a vector: \(perEntry) B, and for an hour \(streams / count) B of log")
            #expect(perEntry <= 1536 + 600)
            #expect(streams / count <= 150)
            try await store.close()
        }
    }
}
