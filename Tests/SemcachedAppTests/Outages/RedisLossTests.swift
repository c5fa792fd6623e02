import NIOHTTP1
import SemanticCacheTesting
import Testing

extension Outages {
    /// Redis goes away and comes back.
    @Suite struct RedisLoss {
        @Test func killedRedisCostsNoAcknowledgedAnswerAndCausesNoForeignOne() async throws {
            let redis = try await RedisServer.start(persistence: true)
            let replicas = [
                try await ReplicaProcess.start(redis: redis.url), try await ReplicaProcess.start(redis: redis.unixURL),
            ]
            let load = QuestionLoad(replicas)
            try await load.run {
                for _ in 0..<2 {
                    try await load.serves(200)
                    redis.kill()
                    try await load.bypasses(100)
                    try await redis.restart()
                    report("Redis killed: recovered after", try await load.recovers())
                }
            }
            load.expectNothingWrong("Redis killed")
            try await load.expectAcknowledgedAnswersAreHits()
        }

        @Test func redisThatComesBackEmptyIsFilledAgain() async throws {
            let redis = try await RedisServer.start()
            let replicas = [
                try await ReplicaProcess.start(redis: redis.url), try await ReplicaProcess.start(redis: redis.url),
            ]
            let ticket = try #require(try await replicas[0].lookup("asked before").string("ticket"))
            let load = QuestionLoad(replicas)
            try await load.run {
                try await load.serves(200)
                redis.kill()
                try await load.bypasses(50)
                try await redis.restart()
                report("Redis lost everything: recovered after", try await load.recovers())
                try await load.serves(200)
            }
            load.expectNothingWrong("Redis lost everything")
            // Nobody can tell any more whether a flush came after this ticket.
            let late = try await replicas[1].store(ticket: ticket, "late")
            #expect(late.string("reason") == "flushed")
        }

        @Test func stoppedRedisIsBypassedUntilItGoesOn() async throws {
            let redis = try await RedisServer.start()
            let replicas = [
                try await ReplicaProcess.start(redis: redis.url), try await ReplicaProcess.start(redis: redis.unixURL),
            ]
            let load = QuestionLoad(replicas)
            try await load.run {
                for _ in 0..<2 {
                    try await load.serves(200)
                    redis.pause()
                    try await load.bypasses(200)
                    redis.resume()
                    report("Redis stopped: recovered after", try await load.recovers())
                }
            }
            load.expectNothingWrong("Redis stopped")
            try await load.expectAcknowledgedAnswersAreHits()
        }

        @Test func storesWithoutRedisSaySo() async throws {
            let redis = try await RedisServer.start()
            let replica = try await ReplicaProcess.start(redis: redis.url)
            let ticket = try #require(try await replica.lookup("hi").string("ticket"))
            redis.kill()
            try await eventually("the loss is noticed") { try await !replica.isReady }
            let store = try await replica.store(ticket: ticket, "hello")
            #expect(store.status == 503)
            #expect(store.string("code") == "redis_unavailable")
            #expect(store.header("retry-after") != nil)
            #expect(try await replica.send(.POST, "/v1/flush", #"{"all":true}"#).status == 503)
            #expect(try await replica.stats().status == 503)
            #expect(try await replica.send(.GET, "/healthz").status == 200)
            #expect(try await replica.lookup("hi").string("reason") == "redis_unavailable")
        }
    }
}
