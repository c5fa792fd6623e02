import RedisStorage
import SemanticCache
import SemanticCacheTesting
import Testing

@Suite struct ValidityTests {
    private let key = EntryKey.numbered(1)

    @Test func entriesWhoseValidityWasLostAreAbsentForGood() async throws {
        try await withRedisServer { server in
            let store = try HostedStore(server)
            try await store.up()
            let claim = try #require(try await store.claim(key))
            let used = try #require(try await store.claim(.numbered(2)))
            #expect(try await store.put(.sample(key)) == .stored(timeToLive: 7200))
            let validities = try server.keys("*}:v:*")
            #expect(!validities.isEmpty)
            for name in validities { try server.command("DEL", name) }
            #expect(try await store.fetch(key).isAbsent)

            // Neither a new validity nor a ticket from before brings it back.
            #expect(try await store.commit(Fill(entry: .sample(.numbered(2)), claim: used)) == .flushed)
            let new = try #require(try await store.claim(key))
            #expect(try await store.fetch(key).isAbsent)
            #expect(try await store.commit(Fill(entry: .sample(key), claim: claim)) == .flushed)
            #expect(try await store.commit(Fill(entry: .sample(key), claim: new)) == .stored(timeToLive: 7200))
            #expect(try await store.fetch(key).entry != nil)
            try await store.close()
        }
    }

    @Test func damagedValidityIsALostOne() async throws {
        try await withRedisServer { server in
            let store = try HostedStore(server)
            try await store.up()
            #expect(try await store.put(.sample(key)) == .stored(timeToLive: 7200))
            let name = try #require(try server.keys("*}:v:*").first)
            try server.command("SET", name, "short")
            #expect(try await store.fetch(key).isAbsent)
            #expect(try await store.put(.sample(key)) == .stored(timeToLive: 7200))
            #expect(try await store.fetch(key).entry != nil)
            try await store.close()
        }
    }

    @Test func afterSomebodysFlushallTheCacheFillsAgain() async throws {
        try await withRedisServer { server in
            try await RedisReplicas.with(server) { replicas in
                let store = replicas.first
                #expect(try await store.put(.sample(key)) == .stored(timeToLive: 7200))
                #expect(try await store.fetch(key).entry != nil)
                let old = try #require(try await store.claim(.numbered(2)))
                try server.command("FLUSHALL")
                #expect(try await store.fetch(key).isAbsent)
                #expect(try await store.commit(Fill(entry: .sample(.numbered(2)), claim: old)) == .flushed)
                let claim = try #require(try await store.claim(key))
                async let waiting = replicas.second.acquire(key, FillAsk(waitMilliseconds: 60_000))
                try await replicas.waitForWaiters(1)
                #expect(try await store.commit(Fill(entry: .sample(key), claim: claim)) == .stored(timeToLive: 7200))
                #expect(try await waiting.found?.isCoalesced == true)
                #expect(try await replicas.flush(.namespace(.default, model: nil, tags: [])) == 1)
            }
        }
    }

    @Test func unusedValidityExpiresAndAUsedOneStays() async throws {
        try await withRedisServer { server in
            let store = try HostedStore(server)
            try await store.up()
            let claim = try #require(try await store.claim(key))
            let name = try #require(try server.keys("*}:v:*").first)
            let kept = try #require(try server.command("PTTL", name).integer)
            #expect(3_600_000..<7_200_001 ~= kept)
            #expect(try await store.commit(Fill(entry: .sample(key), claim: claim)) == .stored(timeToLive: 7200))
            #expect(try server.command("PTTL", name).integer == -1)
            try await store.close()
        }
    }

    @Test func moreSelectiveFlushesThanAreRememberedRefuseOldFills() async throws {
        try await withRedisServer { server in
            try await RedisReplicas.with(server) { replicas in
                let old = try #require(try await replicas.first.claim(key))
                let recent = EntryKey.numbered(2)
                _ = try await replicas.first.put(.sample(.numbered(3)))
                for number in 0..<65 {
                    _ = try await replicas.flush(.namespace(.default, model: "other-\(number)", tags: []))
                }
                #expect(try await replicas.first.commit(Fill(entry: .sample(key), claim: old)) == .flushed)
                let claim = try #require(try await replicas.first.claim(recent))
                _ = try await replicas.flush(.namespace(.default, model: "other", tags: []))
                #expect(
                    try await replicas.first.commit(Fill(entry: .sample(recent), claim: claim))
                        == .stored(timeToLive: 7200)
                )
            }
        }
    }
}
