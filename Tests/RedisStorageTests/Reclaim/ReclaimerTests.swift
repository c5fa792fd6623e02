import Redis
import RedisStorage
import SemanticCache
import SemanticCacheTesting
import Testing

struct ReclaimerTests {
    private static let support = FlushSelector.namespace(FlushTests.FlushCase.support, model: nil, tags: [])

    /// Runs a reclaimer while `body` runs.
    private func whileReclaiming(
        _ deployment: Deployment,
        _ body: @escaping @Sendable () async throws -> Void
    )
        async throws
    {
        let reclaimer = Reclaimer(
            client: deployment.client,
            configuration: deployment.configuration,
            logger: silent
        )
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await reclaimer.run() }
            try await body()
            group.cancelAll()
        }
    }

    private func count(_ server: RedisServer, _ pattern: String) throws -> Int {
        try server.command("KEYS", pattern).elements?.count ?? 0
    }

    @Test func memoryOfFiftyThousandFlushedEntriesIsFreed() async throws {
        try await withRedisServer { server in
            try await Deployment.run(server) { deployment in
                for start in stride(from: 0, to: 50_000, by: 5000) {
                    try await deployment.store(
                        try (start..<start + 5000).map { Deployment.fill(try Deployment.key($0)) }
                    )
                }
                let kept = try (0..<100).map { try Deployment.key($0, "faq") }
                try await deployment.store(kept.map { Deployment.fill($0) })
                #expect(try await deployment.administration.flush(Self.support, isDryRun: false) == 50_000)
                // Stored again before anything was freed.
                let again = try (0..<50).map { try Deployment.key($0) }
                try await deployment.store(again.map { Deployment.fill($0) })

                try await whileReclaiming(deployment) {
                    try await eventually("the flushed entries are freed") { try self.count(server, "*:t*") == 0 }
                }
                #expect(try count(server, "*:e:*") == 150)
                for key in again + kept { #expect(try await deployment.fetch(key) != nil) }
                #expect(try await deployment.administration.flush(Self.support, isDryRun: true) == 50)
            }
        }
    }

    @Test func expiredEntriesAreForgottenAndEmptyNamespacesToo() async throws {
        try await withRedisServer { server in
            let configuration = StorageConfiguration(ticketMilliseconds: 1, commandMilliseconds: 30_000)
            try await Deployment.run(server, configuration) { deployment in
                try await deployment.store(try (0..<300).map { Deployment.fill(try Deployment.key($0), seconds: 1) })
                #expect(try count(server, "*:n:support") == 64)
                try await whileReclaiming(deployment) {
                    try await eventually("the index is empty") { try self.count(server, "*:n:support") == 0 }
                    // Validity outlives the entries for tickets that may be out, but not for good.
                    try await eventually("validity will go") {
                        let names = try server.command("KEYS", "*:v:support").elements ?? []
                        return try names.allSatisfy { name in
                            try server.command("PTTL", try #require(name.text)).integer ?? 0 > 0
                        }
                    }
                    // As if that time had passed.
                    for name in try server.command("KEYS", "*:v:support").elements ?? [] {
                        try server.command("DEL", try #require(name.text))
                    }
                    try await eventually("the namespace is forgotten") { try self.count(server, "*:ns") == 0 }
                }
                let key = try Deployment.key(1)
                try await deployment.store([Deployment.fill(key)])
                #expect(try await deployment.fetch(key) != nil)
                #expect(try await deployment.administration.flush(.all, isDryRun: false) == 1)
            }
        }
    }

    @Test func evictedEntriesAreForgotten() async throws {
        try await withRedisServer { server in
            try await Deployment.run(server) { deployment in
                let keys = try (0..<40).map { try Deployment.key($0 * 256) }
                try await deployment.store(keys.map { Deployment.fill($0) })
                for name in try await deployment.client.entryNames().prefix(30) {
                    try await deployment.client.evict(name)
                }
                try await whileReclaiming(deployment) {
                    try await eventually("those that are left are counted") {
                        try await deployment.administration.flush(Self.support, isDryRun: true) == 10
                    }
                }
            }
        }
    }

    @Test func oneReplicaReclaimsAtATime() async throws {
        try await withRedisServer { server in
            try await Deployment.run(server) { deployment in
                // Another replica has the lock, for longer than this test takes.
                try server.command("SET", "semcached:{config}:reclaimer", "another", "PX", "600000")
                let key = try Deployment.key(1)
                try await deployment.store([Deployment.fill(key)])
                _ = try await deployment.administration.flush(Self.support, isDryRun: false)
                try await whileReclaiming(deployment) {
                    try await eventually("it has asked for the lock") {
                        try server.command("INFO", "commandstats").text?.contains("cmdstat_evalsha") ?? false
                    }
                    try await Task.sleep(for: .milliseconds(300))
                    #expect(try self.count(server, "*:t:*") == 1)
                    try server.command("DEL", "semcached:{config}:reclaimer")
                    try await eventually("it took the lock and the work") { try self.count(server, "*:t*") == 0 }
                }
            }
        }
    }

    @Test func workGoesOnAfterRedisWasAway() async throws {
        try await withRedisServer { server in
            try await Deployment.run(server) { deployment in
                try await whileReclaiming(deployment) {
                    server.kill()
                    try await server.restart()
                    try await deployment.client.waitUntilAvailable(within: .seconds(60))
                    try await eventually("the store is connected again") {
                        try await deployment.commit(Deployment.fill(Deployment.key(1))) == .stored(timeToLive: 3600)
                    }
                    #expect(try await deployment.administration.flush(Self.support, isDryRun: false) == 1)
                    try await eventually("the flushed entry is freed") { try self.count(server, "*:e:*") == 0 }
                }
            }
        }
    }
}
