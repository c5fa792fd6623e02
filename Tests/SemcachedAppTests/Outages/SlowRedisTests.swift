import NIOCore
import SemanticCacheTesting
import Testing

extension Outages {
    /// The way to Redis is slow, silent or cut.
    @Suite struct SlowRedis {
        @Test(arguments: [("slow", FaultyProxy.Fault.delay(.milliseconds(600))), ("silent", .silence)])
        func isBypassedAndServedAgain(_ name: String, _ fault: FaultyProxy.Fault) async throws {
            let redis = try await RedisServer.start()
            let proxy = try await FaultyProxy.start(to: redis.port)
            let replica = try await ReplicaProcess.start(redis: proxy.url)
            let load = QuestionLoad([replica])
            try await load.run {
                try await load.serves(200)
                proxy.set(fault)
                try await load.bypasses(200)
                proxy.set(.none)
                report("Redis \(name): recovered after", try await load.recovers())
                let background = try await duration {
                    try await eventually("figures are there again") { try await replica.stats().status == 200 }
                }
                report("Redis \(name): figures after a further", background)
            }
            load.expectNothingWrong("Redis \(name)")
            try await load.expectAcknowledgedAnswersAreHits()
        }

        @Test func repliesCutInTheMiddleNeverShift() async throws {
            let redis = try await RedisServer.start()
            let proxy = try await FaultyProxy.start(to: redis.port)
            let replicas = [
                try await ReplicaProcess.start(redis: proxy.url), try await ReplicaProcess.start(redis: redis.url),
            ]
            let load = QuestionLoad(replicas)
            try await load.run {
                try await load.serves(100)
                for oneIn in [60, 15, 60] {
                    proxy.set(.cuts(oneIn: oneIn))
                    try await load.serves(1000)
                }
                proxy.set(.none)
                report("Redis cut off: recovered after", try await load.recovers())
            }
            #expect(load.record.lookups["bypass", default: 0] > 0)
            load.expectNothingWrong("Redis cut off")
            try await load.expectAcknowledgedAnswersAreHits()
        }
    }
}
