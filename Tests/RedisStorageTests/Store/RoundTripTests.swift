import Redis
import RedisStorage
import SemanticCache
import SemanticCacheTesting
import Testing

@Suite struct RoundTripTests {
    private let key = EntryKey.numbered(1)

    @Test func aHitIsOneCommandAMissTwoAndAFillOne() async throws {
        try await withRedisServer { server in
            let store = try HostedStore(server)
            try await store.up()
            // The server learns the scripts by the first calls.
            let learning = try #require(try await store.claim(.numbered(2)))
            _ = try await store.commit(Fill(entry: .sample(.numbered(2)), claim: learning))
            _ = try await store.release(.numbered(2), learning.token)

            try server.resetCommandCounts()
            #expect(try await store.fetch(key).isAbsent)
            let claim = try #require(try await store.claim(key))
            #expect(try server.storeCommands() == ["mget": 1, "evalsha": 1])

            try server.resetCommandCounts()
            #expect(try await store.commit(Fill(entry: .sample(key), claim: claim)) == .stored(timeToLive: 7200))
            #expect(try server.storeCommands() == ["evalsha": 1])

            try server.resetCommandCounts()
            for _ in 0..<5 { #expect(try await store.fetch(key).entry != nil) }
            #expect(try server.storeCommands() == ["mget": 5])
            #expect(try server.commandCounts()["get"] == nil)

            try server.resetCommandCounts()
            #expect(try await store.release(key, claim.token) == .released)
            #expect(try server.storeCommands() == ["evalsha": 1])
            try await store.close()
        }
    }

    @Test func aServerThatForgotTheScriptsLearnsThemAgain() async throws {
        try await withRedisServer { server in
            let store = try HostedStore(server)
            try await store.up()
            #expect(try await store.put(.sample(key)) == .stored(timeToLive: 7200))
            try server.command("SCRIPT", "FLUSH")
            try server.resetCommandCounts()
            #expect(try await store.put(.sample(key)) == .stored(timeToLive: 7200))
            #expect(try server.storeCommands() == ["evalsha": 1, "eval": 1])
            try await store.close()
        }
    }

    @Test func aWaiterAsksOnceAndOnceMoreWhenItIsWoken() async throws {
        try await withRedisServer { server in
            try await RedisReplicas.with(server) { replicas in
                _ = try await replicas.first.put(.sample(.numbered(2)))
                let claim = try #require(try await replicas.first.claim(key))
                try server.resetCommandCounts()
                async let waiting = replicas.second.acquire(key, FillAsk(waitMilliseconds: 60_000))
                try await replicas.waitForWaiters(1)
                #expect(try server.storeCommands() == ["evalsha": 1])
                #expect(
                    try await replicas.first.commit(Fill(entry: .sample(key), claim: claim))
                        == .stored(timeToLive: 7200)
                )
                #expect(try await waiting.found?.isCoalesced == true)
                #expect(try server.storeCommands() == ["evalsha": 3])
            }
        }
    }

    @Test func everyEntryAndLeaseHasATimeToLive() async throws {
        try await withRedisServer { server in
            let store = try HostedStore(server)
            try await store.up()
            let claim = try #require(try await store.claim(key))
            #expect(try server.keys("*}:l:*").count == 1)
            _ = try await store.commit(Fill(entry: .sample(key, timeToLive: 60), claim: claim))
            _ = try await store.claim(.numbered(2))
            let client = try redisClient(server)
            client.start()
            try await client.waitUntilAvailable(within: .seconds(30))
            let names = try await client.send(RedisCommand(words: ["KEYS", "*"])).elements ?? []
            #expect(names.count > 4)
            for name in names.compactMap(\.bytes) {
                let text = String(decoding: name, as: UTF8.self)
                let kept = try #require(try await client.send(RedisCommand("PTTL", name)).integer)
                // Only the namespace's validity, its index and the list of namespaces stay.
                if text.contains(":v:"), kept < 0 { continue }
                if text.contains(":n:") || text.hasSuffix(":ns") { continue }
                #expect(kept > 0, "\(text)")
            }
            await client.shutdown()
            #expect(try server.keys("*}:l:*").count == 1)
            try await store.close()
        }
    }

    @Test func noKeyNamesAnythingOfARequest() async throws {
        try await withRedisServer { server in
            let store = try HostedStore(server)
            try await store.up()
            let entry = NewEntry.sample(
                key,
                response: #"{"secret":"tomato"}"#,
                request: #"{"secret":"potato"}"#,
                model: "carrot",
                tags: ["onion"]
            )
            #expect(try await store.put(entry) == .stored(timeToLive: 7200))
            for name in try server.keys("*") {
                #expect(name.hasPrefix("semcached:{"))
                for word in ["tomato", "potato", "carrot", "onion"] { #expect(!name.contains(word)) }
            }
            try await store.close()
        }
    }
}
