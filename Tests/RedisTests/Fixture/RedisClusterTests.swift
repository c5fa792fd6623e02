import SemanticCacheTesting
import Testing

@Suite(.serialized) struct RedisClusterFixtureTests {
    @Test func slotMovesWithItsKeysToANodeThatWasAdded() async throws {
        var options = RedisServer.Options()
        options.password = "secret"
        try await withRedisCluster(options: options) { cluster in
            #expect(cluster.url.hasPrefix("redis-cluster://:secret@127.0.0.1:\(cluster.nodes[0].port),127.0.0.1:"))
            #expect(try cluster.primaries.count == 3)
            let slot = try cluster.slot(of: "{a}")
            let source = try cluster.node(ownerOf: "{a}")
            for number in 0..<250 { try source.command("SET", "{a}\(number)", "value") }
            let target = try await cluster.addNode()

            let move = try cluster.beginMove(slot, to: target)
            #expect(try move.migrateKeys(count: 50) == 50)
            #expect(try target.command("CLUSTER", "COUNTKEYSINSLOT", "\(slot)") == .integer(50))
            #expect(throws: ChildProcess.Failure.self, "keys are left") { try move.finish() }
            while try move.migrateKeys() > 0 {}
            try move.finish()
            try await cluster.waitUntilHealthy()
            #expect(try cluster.node(ownerOf: slot) === target)
            #expect(try target.command("GET", "{a}249") == .text("value"))

            try cluster.moveSlot(slot, to: source)
            try await cluster.waitUntilHealthy()
            #expect(try source.command("CLUSTER", "COUNTKEYSINSLOT", "\(slot)") == .integer(250))
        }
    }

    @Test func replicaTakesTheSlotsOfItsPrimaryWhenThatIsKilledOrAsked() async throws {
        try await withRedisCluster(replicasPerPrimary: 1) { cluster in
            let old = try cluster.node(ownerOf: "key")
            try old.command("SET", "key", "value")
            let replica = try #require(try cluster.replicas(of: old).first)
            old.kill()
            #expect(throws: ChildProcess.Failure.self) { try cluster.node(ownerOf: "key") }
            try await cluster.waitUntilHealthy()
            #expect(try cluster.node(ownerOf: "key") === replica)
            #expect(try replica.command("GET", "key") == .text("value"))

            try await old.restart()
            try await cluster.waitUntilHealthy()
            #expect(try cluster.replicas(of: replica).first === old)
            try await cluster.promote(old)
            try await cluster.waitUntilHealthy()
            #expect(try cluster.node(ownerOf: "key") === old)
            #expect(try old.command("GET", "key") == .text("value"))
        }
    }
}
