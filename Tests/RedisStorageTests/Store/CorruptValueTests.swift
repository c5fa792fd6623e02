import Redis
import RedisStorage
import SemanticCache
import SemanticCacheTesting
import Testing

@Suite struct CorruptValueTests {
    private let key = EntryKey.numbered(1)
    private let response =
        #"{"choices":[{"message":{"role":"assistant","content":""#
        + String(repeating: "A whole sentence of an answer. ", count: 30) + #""}}]}"#

    /// Runs `body` with a store without a near cache that holds one entry, and its value.
    private func withEntry(
        _ body: @Sendable (HostedStore, RawValues, Entry) async throws -> Void
    ) async throws {
        try await withRedisServer { server in
            var configuration = StorageConfiguration.testing
            configuration.nearCacheBytes = 0
            let store = try HostedStore(server, configuration)
            try await store.up()
            let client = try redisClient(server)
            client.start()
            try await client.waitUntilAvailable(within: .seconds(30))
            let stored = try await store.put(.sample(key, response: response, tags: ["a", "b"]))
            #expect(stored == .stored(timeToLive: 7200))
            let entry = try #require(try await store.fetch(key).entry)
            try await body(store, RawValues(client), entry)
            await client.shutdown()
            try await store.close()
        }
    }

    @Test func aTruncatedValueIsAbsent() async throws {
        try await withEntry { store, raw, _ in
            let value = try await raw.get()
            for count in 0..<value.count where count < 80 || count % 17 == 0 || count == value.count - 1 {
                try await raw.set(Array(value.prefix(count)))
                let fetched = try await store.fetch(key)
                // Of the request, which comes last, a lookup needs nothing.
                if fetched.entry != nil { #expect(fetched.entry?.response == Array(response.utf8)) }
                if count < value.count / 2 { #expect(fetched.isAbsent, "\(count) bytes") }
            }
        }
    }

    @Test func aFlippedBitNeverChangesTheAnswer() async throws {
        try await withEntry { store, raw, entry in
            let value = try await raw.get()
            var generator = SeededGenerator(seed: 1)
            for _ in 0..<400 {
                var damaged = value
                damaged[Int.random(in: 0..<damaged.count, using: &generator)] ^=
                    1
                    << UInt8.random(
                        in: 0..<8,
                        using: &generator
                    )
                try await raw.set(damaged)
                let fetched = try await store.fetch(key)
                #expect(fetched.unavailability == nil)
                if let found = fetched.entry { #expect(found.response == entry.response) }
            }
        }
    }

    @Test(arguments: ["", "hello", String(repeating: "\u{0}", count: 100), String(repeating: "ÿ", count: 50)])
    func aForeignValueIsAbsentAndIsFilledAnew(_ text: String) async throws {
        try await withEntry { store, raw, _ in
            try await raw.set(Array(text.utf8))
            #expect(try await store.fetch(key).isAbsent)
            let claim = try #require(try await store.claim(key))
            #expect(claim.heldLease)
            #expect(try await store.commit(Fill(entry: .sample(key), claim: claim)) == .stored(timeToLive: 7200))
            #expect(try await store.fetch(key).entry != nil)
        }
    }

    @Test func aDamagedBodyIsAbsentAndIsFilledAnew() async throws {
        try await withEntry { store, raw, _ in
            var value = try await raw.get()
            for place in value.indices.dropFirst(60) { value[place] = 0xAA }
            try await raw.set(value)
            #expect(try await store.fetch(key).isAbsent)
            let claim = try #require(try await store.claim(key))
            #expect(claim.heldLease)
            #expect(try await store.commit(Fill(entry: .sample(key), claim: claim)) == .stored(timeToLive: 7200))
            #expect(try await store.fetch(key).entry != nil)
        }
    }

    @Test func aValueThatIsNoStringIsAbsent() async throws {
        try await withEntry { store, raw, _ in
            _ = try await raw.client.send(RedisCommand("DEL", raw.name))
            _ = try await raw.client.send(RedisCommand("RPUSH", raw.name, Array("x".utf8)))
            #expect(try await store.fetch(key).isAbsent)
        }
    }

    @Test func aValueThatClaimsAHugeBodyIsAbsent() async throws {
        try await withEntry { store, raw, _ in
            var value = Array(try await raw.get().prefix(40))
            value[3] = 4
            // No usage, no cost; model "", no tags; then three lengths of 2^62 and no body.
            value += [0, 0]
            for _ in 0..<3 { value += [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x40] }
            try await raw.set(value)
            #expect(try await store.fetch(key).isAbsent)
        }
    }
}
