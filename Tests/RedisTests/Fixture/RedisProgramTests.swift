import SemanticCacheTesting
import Testing

@Suite struct RedisProgramFixtureTests {
    @Test(arguments: [RedisProgram.redis8, .redis8WithSearch])
    func redis8HasVectorSets(program: RedisProgram) async throws {
        var options = RedisServer.Options()
        options.program = program
        try await withRedisServer(options) { server in
            for (name, x, y) in [("east", "1", "0"), ("north", "0", "1")] {
                #expect(try server.command("VADD", "directions", "VALUES", "2", x, y, name) == .integer(1))
            }
            let found = try server.command("VSIM", "directions", "VALUES", "2", "0.9", "0.1", "COUNT", "1")
            #expect(found == .array([.text("east")]))
        }
    }

    @Test(arguments: RedisProgram.allCases)
    func onlyTheSearchModuleMakesIndexes(program: RedisProgram) async throws {
        var options = RedisServer.Options()
        options.program = program
        try await withRedisServer(options) { server in
            let create = ["FT.CREATE", "entries", "SCHEMA", "v", "VECTOR", "HNSW", "6", "TYPE", "FLOAT32"]
            let words = create + ["DIM", "2", "DISTANCE_METRIC", "COSINE"]
            let reply = try? server.command(words)
            #expect(reply == (program == .redis8WithSearch ? .text("OK") : nil))
        }
    }
}
