import SemanticCacheTesting
import Testing

extension BadDays {
    /// Somebody meddles with what replicas share.
    @Suite struct LostLogTests {
        enum Meddling: String, CaseIterable {
            case everythingFlushed, databaseFlushed, logsTrimmed, logsDeleted, scriptsForgotten

            /// Whether the entries are gone as well.
            var losesEntries: Bool { self == .everythingFlushed || self == .databaseFlushed }

            /// Does it to a server of the test's own.
            func happen(to redis: RedisServer) throws {
                switch self {
                case .everythingFlushed: try redis.command("FLUSHALL")
                case .databaseFlushed: try redis.command("FLUSHDB", "ASYNC")
                case .scriptsForgotten: try redis.command("SCRIPT", "FLUSH")
                case .logsTrimmed:
                    for name in try redis.logs() { try redis.command("XTRIM", name, "MAXLEN", "0") }
                case .logsDeleted:
                    for name in try redis.logs() { try redis.command("DEL", name) }
                }
            }
        }

        @Test(arguments: Meddling.allCases)
        func replicasAgreeAfterwards(_ meddling: Meddling) async throws {
            let redis = try await RedisServer.start()
            let first = try await Daemon.start(redis: redis.url, settings: BadDays.settings)
            let second = try await Daemon.start(redis: redis.url, settings: BadDays.settings)
            try await first.store(topics: 0..<16)
            try await second.remove(topics: 0..<2)
            for number in 2..<4 { try await first.flush(topic: number) }
            try await agree([first, second], on: Set(4..<16), of: 0..<16)
            try await expectNeverServed(Array(0..<4), by: [first, second]) {
                try meddling.happen(to: redis)
                // Some buckets are written at once, so that their logs begin anew before anybody has looked.
                try await first.store(topics: 16..<24)
                try await second.store(topics: 24..<28)
                var live = Set(16..<28)
                if !meddling.losesEntries {
                    try await second.remove(topics: [4])
                    live.formUnion(5..<16)
                }
                try await agree([first, second], on: live, of: 0..<28)
                try await second.flush(topic: 20)
                try await first.store(topics: 28..<32)
                live.remove(20)
                try await agree([first, second], on: live.union(28..<32), of: 0..<32)
            }
        }

        @Test func entryThatWentWithoutARecordIsForgottenWithItsLog() async throws {
            let redis = try await RedisServer.start()
            let first = try await Daemon.start(redis: redis.url, settings: BadDays.settings)
            let second = try await Daemon.start(redis: redis.url, settings: BadDays.settings)
            try await first.store(topics: 0..<8)
            try await agree([first, second], on: Set(0..<8), of: 0..<8)
            try redis.command(
                "EVAL",
                "for _, n in ipairs(redis.call('KEYS', '*}:e:*')) do redis.call('UNLINK', n) end",
                "0"
            )
            try Meddling.logsDeleted.happen(to: redis)
            try await agree([first, second], on: [], of: 0..<8)
        }
    }
}

extension RedisServer {
    /// The names of its change logs.
    fileprivate func logs() throws -> [String] {
        try command("KEYS", "*}:c").elements?.compactMap(\.text) ?? []
    }
}
