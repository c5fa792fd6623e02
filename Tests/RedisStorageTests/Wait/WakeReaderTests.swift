import Redis
import RedisStorage
import SemanticCache
import SemanticCacheTesting
import Testing

@Suite struct WakeReaderTests {
    private let key = EntryKey.numbered(1)

    /// Kills the connections that block in XREAD.
    private func killReaders(_ server: RedisServer) throws -> Int {
        var killed = 0
        for line in (try server.command("CLIENT", "LIST").text ?? "").split(separator: "\n")
        where line.contains("cmd=xread") {
            guard let id = line.split(separator: " ").first?.split(separator: "=").last else { continue }
            try server.command("CLIENT", "KILL", "ID", String(id))
            killed += 1
        }
        return killed
    }

    @Test func aFillIsNoticedAfterTheReadersConnectionWasKilled() async throws {
        try await withRedisServer { server in
            try await RedisReplicas.with(server) { replicas in
                for round in 1...3 {
                    let key = EntryKey.numbered(round)
                    let claim = try #require(try await replicas.first.claim(key))
                    async let waiting = replicas.second.acquire(key, FillAsk(waitMilliseconds: 60_000))
                    try await replicas.waitForWaiters(1)
                    try await eventually("both readers block") {
                        try server.info("blocked_clients") == 2
                    }
                    #expect(try killReaders(server) == 2)
                    _ = try await replicas.first.commit(Fill(entry: .sample(key), claim: claim))
                    #expect(try await waiting.found?.isCoalesced == true)
                }
            }
        }
    }

    @Test func aFillThatEndsWhileNobodyReadsIsNoticedLater() async throws {
        try await withRedisServer { server in
            let first = try HostedStore(server)
            let second = try HostedStore(server)
            try await first.up()
            try await second.up()
            let claim = try #require(try await first.claim(key))
            async let waiting = second.acquire(key, FillAsk(waitMilliseconds: 60_000))
            try await eventually("it waits") {
                // In this order: who is counted has asked.
                guard second.waiters.count == 1 else { return false }
                return try await second.inFlight == 0
            }
            _ = try await first.commit(Fill(entry: .sample(key), claim: claim))
            let client = try redisClient(server)
            let reader = Task {
                client.start()
                await WakeReader(client: client, waiters: second.waiters, configuration: .testing, logger: silent)
                    .run()
            }
            #expect(try await waiting.found?.isCoalesced == true)
            reader.cancel()
            await reader.value
            await client.shutdown()
            try await first.close()
            try await second.close()
        }
    }

    @Test func whoWaitsAsksAgainAfterAWhileEvenIfNobodyReads() async throws {
        try await withRedisServer { server in
            var configuration = StorageConfiguration.testing
            configuration.waitPollMilliseconds = 50
            let store = try HostedStore(server, configuration)
            try await store.up()
            let claim = try #require(try await store.claim(key))
            async let waiting = store.acquire(key, FillAsk(waitMilliseconds: 60_000))
            try await eventually("it waits") { store.waiters.count == 1 }
            _ = try await store.commit(Fill(entry: .sample(key), claim: claim))
            #expect(try await waiting.found?.isCoalesced == true)
            #expect(store.waiters.count == 0)
            try await store.close()
        }
    }

    @Test func aFillThatNobodyWaitsForWakesNobody() async throws {
        try await withRedisServer { server in
            let store = try HostedStore(server)
            try await store.up()
            let claim = try #require(try await store.claim(key))
            _ = try await store.acquire(key)
            _ = try await store.commit(Fill(entry: .sample(key), claim: claim))
            #expect(try server.keys("*}:w").isEmpty)
            #expect(try server.keys("*}:q:*").isEmpty)
            try await store.close()
        }
    }
}
