import Redis
import RedisStorage
import SemanticCache
import SemanticCacheTesting
import Testing

@Suite struct HotEntryTests {
    private let key = EntryKey.numbered(1)

    @Test func aHotEntryIsNotServedOnceItIsFlushedRemovedReplacedOrExpired() async throws {
        try await withRedisServer { server in
            try await RedisReplicas.with(server) { replicas in
                func heat(_ entry: NewEntry) async throws {
                    _ = try await replicas.first.put(entry)
                    for _ in 0..<3 {
                        #expect(try await replicas.second.fetch(entry.key).entry?.response == entry.response)
                    }
                    #expect(try await replicas.second.on { $0.nearCacheEntries } == 1)
                }
                try await heat(.sample(key))
                #expect(try await replicas.flush(.namespace(.default, model: nil, tags: [])) == 1)
                #expect(try await replicas.second.fetch(key).isAbsent)

                try await heat(.sample(key, response: "2"))
                #expect(try await replicas.remove(key))
                #expect(try await replicas.second.fetch(key).isAbsent)

                try await heat(.sample(key, response: "3"))
                #expect(try await replicas.flush(.namespace(.default, model: "gpt-4o", tags: [])) == 1)
                #expect(try await replicas.second.fetch(key).isAbsent)

                try await heat(.sample(key, response: "4"))
                try await heat(.sample(key, response: "5"))

                try await heat(.sample(key, response: "6", timeToLive: 4))
                try await eventually("it expires") { try await replicas.second.fetch(key).isAbsent }
            }
        }
    }

    @Test func hitsOfAllReplicasAreCountedExactly() async throws {
        try await withRedisServer { server in
            try await RedisReplicas.with(server) { replicas in
                let keys = (0..<100).map { EntryKey.numbered($0) }
                for (number, key) in keys.enumerated() {
                    _ = try await replicas.first.put(.sample(key))
                    for store in [replicas.first, replicas.second] {
                        let entry = try #require(try await store.fetch(key).entry)
                        try await store.on { for _ in 0...number { $0.countHit(of: entry) } }
                    }
                }
                try await replicas.first.on { $0.start() }
                try await replicas.second.on { $0.start() }
                for (number, key) in keys.enumerated() {
                    try await eventually("the hits are counted") {
                        try await replicas.administration.entry(key)?.hits == 2 * (number + 1)
                    }
                    // Counting leaves the entry as it was.
                    #expect(try await replicas.first.fetch(key).entry != nil)
                }
            }
        }
    }

    @Test func hitsOfAReplacedEntryAreNotTheNewOnes() async throws {
        try await withRedisServer { server in
            try await RedisReplicas.with(server) { replicas in
                _ = try await replicas.first.put(.sample(key))
                let old = try #require(try await replicas.first.fetch(key).entry)
                try await replicas.first.on { $0.countHit(of: old) }
                _ = try await replicas.second.put(.sample(key))
                try await replicas.first.writeHits()
                #expect(try await replicas.administration.entry(key)?.hits == 0)
            }
        }
    }

    @Test func theLastHitsAreWrittenAtTheEnd() async throws {
        try await withRedisServer { server in
            let store = try HostedStore(server)
            try await store.up()
            _ = try await store.put(.sample(key))
            let entry = try #require(try await store.fetch(key).entry)
            try await store.on { $0.countHit(of: entry) }
            try await store.close()
            let client = try redisClient(server)
            client.start()
            try await client.waitUntilAvailable(within: .seconds(30))
            let administration = RedisAdministration(client: client, configuration: .testing)
            #expect(try await administration.entry(key)?.hits == 1)
            await client.shutdown()
        }
    }
}
