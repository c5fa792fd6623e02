import RedisStorage
import SemanticCache
import SemanticCacheTesting
import Testing

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
}
