import SemanticCacheTesting
import Testing

extension Topologies {
    /// Two daemons under load before a primary that Sentinels replace.
    @Suite struct SentinelFaultTests {
        private struct Scene {
            let redis: RedisSentinels
            let replicas: [ReplicaProcess]
            let watch: EntryWatch

            static func start() async throws -> Scene {
                let redis = try await RedisSentinels.start()
                let replicas = try await Topologies.replicas(of: redis.url)
                let scene = Scene(redis: redis, replicas: replicas, watch: EntryWatch(replicas))
                scene.watch.watch("kept", try await scene.watch.store(30, in: "kept"))
                scene.watch.watch("flushed", try await scene.watch.store(30, in: "gone"))
                try await redis.servers[0].isCopied(by: redis.servers[1])
                return scene
            }

            func end() { redis.kill() }
        }

        /// What happens to the primary.
        enum Fault: String, CaseIterable {
            case killed, replaced, suspended
        }

        @Test(arguments: Fault.allCases)
        func thePrimaryIsReplacedAndNothingFlushedComesBack(_ fault: Fault) async throws {
            let scene = try await Scene.start()
            defer { scene.end() }
            let old = try scene.redis.primary
            try await scene.watch.run {
                try await scene.watch.hits("kept", 100)
                if fault != .suspended { try await scene.watch.flush("flushed", at: 0) }
                scene.watch.forget()
                switch fault {
                case .killed: old.kill()
                case .replaced: try await scene.redis.failover()
                case .suspended: old.pause()
                }
                let new = try await scene.redis.waitForFailover(from: old)
                if fault == .suspended {
                    try await scene.watch.flush("flushed", at: 1)
                    old.resume()
                }
                try await scene.watch.isWhole("kept")
                if fault == .killed { try await old.restart() }
                try await scene.redis.waitUntilHealthy()
                try await scene.watch.isWhole("kept")
                #expect(try scene.redis.primary === new)
            }
            scene.watch.expectNothingWrong("primary of Sentinels \(fault)")
            #expect(scene.watch.record("kept").answers["miss"] == nil)
            #expect(try await scene.watch.store(20, in: "later").count == 20)
        }

        @Test func deadSentinelsKeepNobodyFromBeingServed() async throws {
            let scene = try await Scene.start()
            defer { scene.end() }
            try await scene.watch.run {
                try await scene.watch.hits("kept", 50)
                scene.watch.forget()
                for sentinel in scene.redis.sentinels.dropLast() { sentinel.kill() }
                try await scene.watch.hits("kept", 200)
                // One is enough to find the primary.
                let late = try await ReplicaProcess.start(redis: scene.redis.url)
                let hit = try await late.lookup("what about 0?", namespace: "kept")
                #expect(hit.string("status") == "hit")
                for sentinel in scene.redis.sentinels { sentinel.kill() }
                try await scene.watch.hits("kept", 300)
                try await scene.watch.flush("flushed", at: 0)
                #expect(try await scene.replicas[0].isReady)
            }
            scene.watch.expectNothingWrong("Sentinels killed")
            #expect(scene.watch.record("kept").answers.keys.sorted() == ["hit"])
        }
    }
}
