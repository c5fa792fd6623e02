import RedisStorage
import SemanticCache
import SemanticCacheTesting
import Testing

@Suite struct OutageTests {
    private let key = EntryKey.numbered(1)

    @Test func aFullRedisRefusesStoresWholeAndStillServes() async throws {
        try await withRedisServer { server in
            let store = try HostedStore(server)
            try await store.up()
            #expect(try await store.put(.sample(.numbered(2))) == .stored(timeToLive: 7200))
            let claim = try #require(try await store.claim(key))
            try server.command("CONFIG", "SET", "maxmemory", "1")
            let before = try server.keys("*").sorted()

            #expect(try await store.commit(Fill(entry: .sample(key), claim: claim)) == .unavailable(.redisFull))
            #expect(try await store.put(.sample(.numbered(3))) == .unavailable(.redisFull))
            let other = try #require(Namespace("other"))
            #expect(try await store.put(.sample(.numbered(1, in: other))) == .unavailable(.redisFull))
            #expect(try server.keys("*").sorted() == before)

            #expect(try await store.fetch(.numbered(2)).entry != nil)
            #expect(try await store.fetch(key).isAbsent)
            #expect(try await store.acquire(.numbered(4)).isOpen)
            #expect(try await store.acquire(.numbered(5, in: other)).isOpen)
            #expect(try await store.release(key, claim.token) == .released)
            // Where nothing was ever stored, the validity is prolonged, which Redis allows; a lease still is not taken.
            #expect(try await store.acquire(key).isOpen)

            try server.command("CONFIG", "SET", "maxmemory", "0")
            #expect(try await store.commit(Fill(entry: .sample(key), claim: claim)) == .stored(timeToLive: 7200))
            try await store.close()
        }
    }

    @Test func aTicketFromAFullRedisThatHasNoNamespaceYetIsRefused() async throws {
        try await withRedisServer { server in
            let store = try HostedStore(server)
            try await store.up()
            try server.command("CONFIG", "SET", "maxmemory", "1")
            let claim = try #require(try await store.claim(key))
            #expect(!claim.heldLease)
            try server.command("CONFIG", "SET", "maxmemory", "0")
            #expect(try await store.commit(Fill(entry: .sample(key), claim: claim)) == .flushed)
            try await store.close()
        }
    }

    @Test func aReplicaOfRedisServesAndTakesNoStores() async throws {
        try await withRedisServer { server in
            let store = try HostedStore(server)
            try await store.up()
            #expect(try await store.put(.sample(key)) == .stored(timeToLive: 7200))
            let claim = try #require(try await store.claim(.numbered(2)))
            try server.command("REPLICAOF", "127.0.0.1", "1")
            #expect(try await store.fetch(key).entry != nil)
            #expect(try await store.acquire(.numbered(3)).unavailability == .redisUnavailable)
            #expect(
                try await store.commit(Fill(entry: .sample(.numbered(2)), claim: claim))
                    == .unavailable(.redisUnavailable)
            )
            #expect(try await store.release(.numbered(2), claim.token) == .unavailable(.redisUnavailable))
            try server.command("REPLICAOF", "NO", "ONE")
            // A connection to a replica is made anew: the address may lead to the primary by then.
            try await store.up()
            #expect(
                try await store.commit(Fill(entry: .sample(.numbered(2)), claim: claim)) == .stored(timeToLive: 7200)
            )
            try await store.close()
        }
    }

    @Test func withoutRedisEverythingIsUnavailableAtOnce() async throws {
        var options = RedisServer.Options()
        options.persistence = true
        try await withRedisServer(options) { server in
            let store = try HostedStore(server)
            try await store.up()
            #expect(try await store.put(.sample(key)) == .stored(timeToLive: 7200))
            server.kill()
            try await eventually("it is noticed") { try await !store.isUp }
            #expect(try await store.fetch(key).unavailability == .redisUnavailable)
            #expect(try await store.acquire(key).unavailability == .redisUnavailable)
            #expect(try await store.put(.sample(key)) == .unavailable(.redisUnavailable))
            #expect(try await store.release(key, .random()) == .unavailable(.redisUnavailable))
            try await server.restart()
            try await eventually("it is back") { try await store.isUp }
            #expect(try await store.fetch(key).entry != nil)
            try await store.close()
        }
    }

    @Test func aSilentRedisIsAnsweredForByTheDeadlineAndServesAgainLater() async throws {
        try await withRedisServer { server in
            let store = try HostedStore(server)
            try await store.up()
            #expect(try await store.put(.sample(key)) == .stored(timeToLive: 7200))
            server.pause()
            #expect(try await store.fetch(key, within: 50).unavailability == .deadline)
            #expect(try await store.acquire(.numbered(2), within: 50).unavailability == .deadline)
            #expect(
                try await store.commit(Fill(entry: .sample(.numbered(3)), claim: nil), within: 50)
                    == .unavailable(.redisUnavailable)
            )
            server.resume()
            // The connection was kept: what was asked is still awaited.
            #expect(try await store.fetch(key).entry != nil)
            try await eventually("the late lease was given up") {
                try server.keys("*}:l:*").isEmpty
            }
            #expect(try await store.fetch(.numbered(3)).entry != nil)
            try await store.close()
        }
    }

    @Test func aCommandThatIsNeverAnsweredCostsItsConnectionOnly() async throws {
        try await withRedisServer { server in
            var configuration = StorageConfiguration.testing
            configuration.commandMilliseconds = 100
            let store = try HostedStore(server, configuration)
            try await store.up()
            try await eventually("it is stored") {
                try await store.put(.sample(key)) == .stored(timeToLive: 7200)
            }
            server.pause()
            #expect(try await store.fetch(key).unavailability == .deadline)
            #expect(try await !store.isUp)
            #expect(try await store.fetch(key).unavailability == .redisUnavailable)
            server.resume()
            try await eventually("it is found again") { try await store.fetch(key).entry != nil }
            try await store.close()
        }
    }

    @Test func aDeadlineThatHasPassedAsksNothing() async throws {
        try await withRedisServer { server in
            let store = try HostedStore(server)
            try await store.up()
            try server.resetCommandCounts()
            #expect(try await store.fetch(key, within: 0).unavailability == .deadline)
            #expect(try await store.acquire(key, within: 0).unavailability == .deadline)
            #expect(
                try await store.commit(Fill(entry: .sample(key), claim: nil), within: 0)
                    == .unavailable(.redisUnavailable)
            )
            #expect(try server.storeCommands() == [:])
            try await store.close()
        }
    }

    @Test func whoWaitsWhileRedisDiesIsAnswered() async throws {
        try await withRedisServer { server in
            try await RedisReplicas.with(server) { replicas in
                _ = try await replicas.first.claim(key, FillAsk())
                async let waiting = replicas.second.acquire(key, FillAsk(waitMilliseconds: 60_000))
                try await replicas.waitForWaiters(1)
                server.kill()
                #expect(try await waiting.unavailability == .redisUnavailable)
            }
        }
    }
}
