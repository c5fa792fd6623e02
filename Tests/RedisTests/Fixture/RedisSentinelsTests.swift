import SemanticCacheTesting
import Testing

@Suite(.serialized) struct RedisSentinelsFixtureTests {
    @Test func sentinelsReplaceAPrimaryThatIsKilledOrWhenAsked() async throws {
        var options = RedisSentinels.Options()
        options.server.password = "secret"
        options.sentinelPassword = "watchword"
        try await withRedisSentinels(options) { sentinels in
            #expect(sentinels.url.hasPrefix("redis-sentinel://:secret@127.0.0.1:\(sentinels.sentinels[0].port),"))
            #expect(sentinels.url.hasSuffix("/cache?sentinel_password=watchword"))
            let old = try sentinels.primary
            #expect(old === sentinels.servers[0])
            try old.command("SET", "key", "value")
            try await sentinels.failover()
            let new = try await sentinels.waitForFailover(from: old)
            #expect(try new.command("GET", "key") == .text("value"))
            try await sentinels.waitUntilHealthy()
            #expect(try sentinels.replicas.first === old)

            new.kill()
            #expect(try await sentinels.waitForFailover(from: new) === old)
            #expect(try old.command("GET", "key") == .text("value"))
        }
    }
}
