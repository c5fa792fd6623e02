import SemanticCacheTesting
import Testing

@Suite struct RedisServerFixtureTests {
    @Test func serverAnswersAndKeepsNothingAfterARestart() async throws {
        try await withRedisServer { server in
            try server.command("SET", "key", "value")
            #expect(try server.command("GET", "key") == .text("value"))
            try await server.restart()
            #expect(try server.command("GET", "key") == .null)
        }
    }

    @Test func persistentServerKeepsAnsweredWritesAfterAKill() async throws {
        var options = RedisServer.Options()
        options.persistence = true
        options.password = "secret"
        options.user = ("alice", "wonder")
        options.tlsNames = ["DNS:localhost"]
        try await withRedisServer(options) { server in
            try server.command("SET", "key", "value")
            #expect(try server.command("ACL", "USERS") == .array([.text("alice"), .text("default")]))
            server.kill()
            #expect(server.processIdentifier == nil)
            try await server.restart()
            #expect(try server.command("GET", "key") == .text("value"))
            #expect(server.tlsPort != nil)
        }
    }
}
