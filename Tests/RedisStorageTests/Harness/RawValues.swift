import NIOCore
import Redis
import RedisStorage
import SemanticCache
import SemanticCacheTesting
import Testing

/// Reads and overwrites an entry's value in Redis, past everything that would keep it whole.
struct RawValues {
    let client: RedisClient
    let name: [UInt8]

    /// The value of the only entry on the server.
    init(_ client: RedisClient) async throws {
        self.client = client
        let reply = try await client.send(RedisCommand(words: ["KEYS", "*}:e:*"]))
        name = try #require(reply.elements?.first?.bytes)
    }

    func get() async throws -> [UInt8] {
        try #require(try await client.send(RedisCommand("GET", name)).bytes)
    }

    func set(_ value: [UInt8]) async throws {
        #expect(try await client.send(RedisCommand("SET", name, value, Array("KEEPTTL".utf8))) == .status("OK"))
    }
}
