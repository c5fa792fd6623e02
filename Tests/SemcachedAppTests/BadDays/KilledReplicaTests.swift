import SemanticCacheTesting
import Testing

extension BadDays {
    @Suite struct KilledReplicaTests {
        @Test func startedAgainItAnswersLikeTheOneThatWentOn() async throws {
            let redis = try await RedisServer.start()
            let first = try await Daemon.start(redis: redis.url, settings: BadDays.settings)
            let second = try await Daemon.start(redis: redis.url, settings: BadDays.settings)
            try await first.store(topics: 0..<16)
            try await second.store(topics: 16..<24)
            try await agree([first, second], on: Set(0..<24), of: 0..<24)

            second.kill()
            try await first.remove(topics: 0..<4)
            for number in 4..<8 { try await first.flush(topic: number) }
            try await first.block(topic: 8)
            try await first.store(topics: 24..<32)
            try await expectNeverServed(Array(2..<8), by: [first]) {
                // It reads what is there while more comes.
                async let more: Void = first.store(topics: 32..<56)
                let again = try await Daemon.start(redis: redis.url, settings: BadDays.settings)
                try await more
                try await agree([first, again], on: Set(9..<56), of: 0..<56, blocked: [8])
                try await again.store(topics: 0..<2)
                try await again.flush(topic: 30)
                let live = Set(9..<56).union(0..<2).subtracting([30])
                try await agree([first, again], on: live, of: 0..<56, blocked: [8])
            }
        }
    }
}
