import CacheServer
import RedisStorage
import SemanticCache
import ServiceLifecycle

/// Carries the counts of this process to Redis once a second, and the last ones when it shuts down.
struct StatsService: Service {
    let flusher: StatsFlusher
    let server: HTTPServer
    let identity: ReplicaIdentity

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                try? await Task.sleep(for: .seconds(1))
                await flush()
            }
        }
        await flush()
    }

    private func flush() async {
        await flusher.flush(await server.drainCounts(), status: await status())
    }

    private func status() async -> ReplicaStatus {
        ReplicaStatus(
            id: identity.id,
            version: identity.version,
            uptime: identity.uptime,
            nearCacheEntries: await server.nearCacheEntries()
        )
    }
}
