import NIOCore
import NIOPosix
import Redis
import SemanticCache
import SemanticCacheTesting
import Testing

@testable import RedisStorage

@Suite struct RedisVectorCacheTests {
    private let clock = SettableClock()
    private let vector = QuantizedVector([0.5, -0.25, 0.125, 1])

    /// Runs `body` with a cache that is connected and a client of the same server.
    private func run(
        _ server: RedisServer,
        _ body: (RedisVectorCache, RedisClient) async throws -> Void
    ) async throws {
        let eventLoop = MultiThreadedEventLoopGroup.singleton.next()
        let cache = RedisVectorCache(
            redis: RedisTopology(configuration: try .testing(server), eventLoop: eventLoop, logger: silent),
            storage: .testing,
            timeToLive: 1000,
            clock: clock.engineClock,
            eventLoop: eventLoop,
            logger: silent
        )
        cache.start()
        let client = try redisClient(server)
        client.start()
        try await client.waitUntilAvailable(within: .seconds(30))
        let result: Result<Void, any Error>
        do { result = .success(try await body(cache, client)) } catch { result = .failure(error) }
        await cache.shutdown()
        await client.shutdown()
        try result.get()
    }

    private func recall(_ cache: RedisVectorCache, _ texts: [String], _ model: String = "m") async -> [QuantizedVector?]
    {
        await withCheckedContinuation { continuation in
            cache.vectors(of: texts, by: model) { continuation.resume(returning: $0) }
        }
    }

    /// Inserts until it can be read: what comes before the connection is up is not kept.
    private func keep(_ cache: RedisVectorCache, _ vectors: [String: QuantizedVector]) async throws {
        let texts = Array(vectors.keys)
        try await eventually("the vectors are kept") {
            cache.insert(vectors, by: "m")
            return await recall(cache, texts) == texts.map { vectors[$0] }
        }
    }

    @Test(arguments: VectorCacheContract.promises)
    func memoryKeeps(_ promise: VectorCacheContract.Promise) async throws {
        try await promise.check(MemoryVectorCache())
    }

    @Test func redisKeepsThemAll() async throws {
        try await withRedisServer { server in
            try await run(server) { cache, client in
                // What comes before the connection is up is not kept.
                try await keep(cache, ["warm": try #require(vector)])
                for promise in VectorCacheContract.promises {
                    #expect(try await client.send(RedisCommand(words: ["FLUSHALL"])) == .status("OK"))
                    do { try await promise.check(cache) } catch { Issue.record("\(promise): \(error)") }
                }
            }
        }
    }

    @Test func neitherKeyNorValueShowsTheText() async throws {
        try await withRedisServer { server in
            try await run(server) { cache, client in
                try await keep(cache, ["a very private question": try #require(vector)])
                let keys = try #require(try await client.send(RedisCommand(words: ["KEYS", "*"])).elements)
                #expect(keys.count == 1)
                let key = try #require(keys.first?.bytes)
                let head = Array("semcached:{".utf8)
                #expect(Array(key.prefix(head.count)) == head)
                #expect(Array(key[(head.count + 3)..<(head.count + 7)]) == Array("}:m:".utf8))
                #expect(key.count == head.count + 7 + 32)
                let value = try #require(try await client.send(RedisCommand("GET", key)).bytes)
                #expect(value.count == 9 + 4)
                let life = try #require(try await client.send(RedisCommand("TTL", key)).integer)
                #expect(900...1000 ~= life)
            }
        }
    }

    @Test func onlyUseInTheSecondHalfOfItsLifeRenewsAVector() async throws {
        try await withRedisServer { server in
            try await run(server) { cache, client in
                try await keep(cache, ["text": try #require(vector)])
                let keys = try #require(try await client.send(RedisCommand(words: ["KEYS", "*"])).elements)
                let key = try #require(keys.first?.bytes)
                func life() async throws -> Int64 {
                    try #require(try await client.send(RedisCommand("TTL", key)).integer)
                }
                #expect(try await client.send(RedisCommand("EXPIRE", key, Array("300".utf8))) == .integer(1))
                clock.advance(milliseconds: 499_000)
                #expect(await recall(cache, ["text"]) == [vector])
                // The second answer comes after whatever the first one caused.
                #expect(await recall(cache, ["text"]) == [vector])
                #expect(try await life() <= 300)
                clock.advance(milliseconds: 1000)
                #expect(await recall(cache, ["text"]) == [vector])
                #expect(await recall(cache, ["text"]) == [vector])
                #expect(try await life() > 900)
            }
        }
    }

    @Test(
        arguments: [
            [], [1], [2, 0, 0, 0, 0, 0x3F, 0x80, 0, 0, 1, 2], [1, 0, 0, 0, 0, 0x7F, 0xC0, 0, 0, 1, 2],
            [1, 0, 0, 0, 0, 0x3F, 0x80, 0, 0], [1, 0, 0, 0, 0, 0x3F, 0x80, 0, 0, 0x80], [1, 0, 0, 0, 0, 0, 0, 0, 0, 1],
        ] as [[UInt8]]
    )
    func valueThatIsNoVectorIsRefused(_ bytes: [UInt8]) {
        #expect(CachedVector(bytes) == nil)
    }

    @Test func valuesAreReadAsTheyWereWritten() throws {
        let cached = CachedVector(try #require(vector), renewal: 1_700_000_500)
        #expect(CachedVector(cached.bytes) == cached)
    }

    @Test func withoutRedisNothingIsKnownAndNothingWaits() async throws {
        try await withRedisServer { server in
            try await run(server) { cache, _ in
                try await keep(cache, ["text": try #require(vector)])
                server.kill()
                cache.insert(["other": try #require(vector)], by: "m")
                #expect(await recall(cache, ["text", "other"]) == [nil, nil])
                try await server.restart()
                try await keep(cache, ["text": try #require(vector)])
            }
        }
    }
}
