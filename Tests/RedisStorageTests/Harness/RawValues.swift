import NIOCore
import Redis
import RedisStorage
import SemanticCache
import SemanticCacheTesting
import Testing

extension RedisClient {
    /// The keys of all entries, which end with the bytes of their fingerprints.
    func entryNames() async throws -> [[UInt8]] {
        try await send(RedisCommand(words: ["KEYS", "*}:e:*"])).elements?.compactMap(\.bytes) ?? []
    }

    /// Deletes a key, as Redis does when it evicts an entry.
    func evict(_ name: [UInt8]) async throws {
        #expect(try await send(RedisCommand("DEL", name)) == .integer(1))
    }
}

/// Reads and overwrites an entry's value in Redis, past everything that would keep it whole.
struct RawValues {
    let client: RedisClient
    let name: [UInt8]

    /// The value of the only entry on the server.
    init(_ client: RedisClient) async throws {
        self.client = client
        name = try #require(try await client.entryNames().first)
    }

    func get() async throws -> [UInt8] {
        try #require(try await client.send(RedisCommand("GET", name)).bytes)
    }

    func set(_ value: [UInt8]) async throws {
        #expect(try await client.send(RedisCommand("SET", name, value, Array("KEEPTTL".utf8))) == .status("OK"))
    }
}
