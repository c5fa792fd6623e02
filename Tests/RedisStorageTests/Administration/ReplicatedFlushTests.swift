import SemanticCache
import SemanticCacheTesting
import Testing

@testable import RedisStorage

/// A flush that a failover could undo is not called done.
@Suite struct ReplicatedFlushTests {
    @Test func aFlushThatNoReplicaHasIsNotConfirmed() async throws {
        try await withRedisSentinels { deployment in
            let (primary, replica) = (try deployment.primary, try #require(try deployment.replicas.first))
            // Nobody is to take over while the replica is silent.
            for sentinel in deployment.sentinels { sentinel.kill() }
            try await Deployment.run(primary) { replicated in
                let key = try Deployment.key(1)
                try await replicated.store([Deployment.fill(key)])
                #expect(try await replicated.administration.flush(.all, isDryRun: false) == 1)
                try await replicated.store([Deployment.fill(key)])
                #expect(try await replicated.administration.remove(key))
                replica.pause()
                try await replicated.store([Deployment.fill(key)])
                await #expect(throws: AdministrationError.unreplicated) {
                    try await replicated.administration.flush(.all, isDryRun: false)
                }
                await #expect(throws: AdministrationError.unreplicated) {
                    try await replicated.administration.remove(key)
                }
                // Nothing was written, so there is nothing to wait for.
                #expect(try await replicated.administration.flush(.all, isDryRun: true) == 0)
                #expect(try await replicated.fetch(key) == nil)
                replica.resume()
                #expect(try await replicated.administration.flush(.all, isDryRun: false) == 0)
            }
        }
    }

    /// Each server is waited for once, however many buckets it has.
    @Test func aSuspendedReplicaBesideAnotherDelaysAFlushAndNoMore() async throws {
        try await withRedisCluster(replicasPerPrimary: 2) { cluster in
            try await Deployment.run(cluster) { deployment in
                let keys = try (0..<64).map { try Deployment.key($0) }
                try await deployment.store(keys.map { Deployment.fill($0) })
                cluster.nodes[3].pause()
                #expect(try await deployment.administration.flush(.all, isDryRun: false) == 64)
                for key in keys { #expect(try await deployment.fetch(key) == nil) }
                cluster.nodes[3].resume()
            }
        }
    }

    /// Redis waits for what the same connection has written, and that may be a new one by then.
    @Test(arguments: [RedisProgram.installed, .redis8])
    func whatAnotherConnectionHasWrittenIsWaitedForToo(_ program: RedisProgram) async throws {
        var options = RedisSentinels.Options()
        options.server.program = program
        try await withRedisSentinels(options) { deployment in
            let (primary, replica) = (try deployment.primary, try #require(try deployment.replicas.first))
            for sentinel in deployment.sentinels { sentinel.kill() }
            try await Deployment.run(primary) { replicated in
                try await replicated.administration.awaitReplicas(of: Bucket.all)
                replica.pause()
                try primary.command("SET", "written", "by another")
                await #expect(throws: AdministrationError.unreplicated) {
                    try await replicated.administration.awaitReplicas(of: Bucket.all)
                }
                replica.resume()
            }
        }
    }
}
