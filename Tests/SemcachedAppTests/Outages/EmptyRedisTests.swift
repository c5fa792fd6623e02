import JSONScanning
import NIOHTTP1
import SemanticCacheTesting
import Testing

extension Outages {
    /// What replicas share in Redis is not there, or not any more.
    @Suite struct EmptyRedis {
        @Test func daemonStartsWithoutRedisAndServesOnceItIsThere() async throws {
            let redis = try await RedisServer.start()
            redis.kill()
            let replica = try await ReplicaProcess.start(redis: redis.url, waitsUntilReady: false)
            #expect(try await replica.send(.GET, "/healthz").status == 200)
            let missing = try await replica.send(.GET, "/readyz")
            #expect(missing.status == 503)
            #expect(missing["missing"] != nil)
            #expect(missing.text.contains("Redis does not answer"))
            let bypass = try await replica.lookup("hi")
            #expect(bypass.status == 200)
            #expect(bypass.string("reason") == "redis_unavailable")
            #expect(bypass["ticket"]?.isNull == true)
            #expect(try await replica.store("hi", "hello").status == 503)

            try await redis.restart()
            let recovery = try await duration {
                try await eventually("it is ready") { try await replica.isReady }
            }
            report("Redis later than the daemon: ready after", recovery)
            let second = try await ReplicaProcess.start(redis: redis.url)
            let ticket = try await ticket(of: "hi", from: replica)
            #expect(try await second.store(ticket: ticket, "hello").status == 201)
            try await eventually("it is a hit") { try await replica.lookup("hi").string("status") == "hit" }
        }

        @Test func redisEmptiedBySomebodyIsFilledAgain() async throws {
            let redis = try await RedisServer.start()
            let replicas = [
                try await ReplicaProcess.start(redis: redis.url), try await ReplicaProcess.start(redis: redis.url),
            ]
            #expect(try await replicas[0].store("before", "an answer").status == 201)
            let old = try await ticket(of: "asked before", from: replicas[0])
            try await eventually("it is counted") { try await replicas[0].stats()["stores"]?.int == 1 }

            // The server is this test's own.
            try redis.command("FLUSHALL")
            #expect(try await replicas[1].lookup("before").string("status") != "hit")
            #expect(try await replicas[1].store(ticket: old, "late").string("reason") == "flushed")
            let ticket = try await ticket(of: "after", from: replicas[0])
            #expect(try await replicas[1].store(ticket: ticket, "an answer").status == 201)
            for replica in replicas {
                try await eventually("it is a hit") { try await replica.lookup("after").string("status") == "hit" }
            }
            // A replica that starts later signs with the same key, which the others have put back.
            try await eventually("the key is back") { try redis.command("KEYS", "*{config}:hmac").elements?.count == 1 }
            let third = try await ReplicaProcess.start(redis: redis.url)
            let known = try await self.ticket(of: "from the first", from: replicas[0])
            #expect(try await third.store(ticket: known, "an answer").status == 201)
            let new = try await self.ticket(of: "from the third", from: third)
            #expect(try await replicas[1].store(ticket: new, "an answer").status == 201)

            try await eventually("what came after it is counted") { try await third.stats()["stores"]?.int == 3 }
            try await eventually("all replicas are listed") {
                try await third.stats()["replicas"]?.elements.count == 3
            }
        }

        @Test func forgottenScriptsAreLoadedAgain() async throws {
            let redis = try await RedisServer.start()
            let replicas = [
                try await ReplicaProcess.start(redis: redis.url), try await ReplicaProcess.start(redis: redis.url),
            ]
            let load = QuestionLoad(replicas)
            try await load.run {
                for _ in 0..<20 {
                    try redis.command("SCRIPT", "FLUSH")
                    try await load.serves(40)
                }
            }
            load.expectNothingWrong("scripts forgotten")
            try await load.expectAcknowledgedAnswersAreHits()
        }

        private func ticket(of question: String, from replica: ReplicaProcess) async throws -> String {
            var ticket: String?
            try await eventually("there is a ticket") {
                ticket = try await replica.lookup(question).string("ticket")
                return ticket != nil
            }
            return try #require(ticket)
        }
    }
}
