import CacheServer
import RedisStorage
import SemanticCache
import ServiceLifecycle

/// Carries the counts of this process to Redis once a second, and the last ones when it shuts down.
struct StatsService: Service {
    let flusher: StatsFlusher
    let server: HTTPServer
    let identity: ReplicaIdentity
    let indexState: @Sendable () -> IndexState?

    /// How long the last counts are tried to be carried to Redis, roughly.
    private static let patience = Duration.seconds(5)

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                try? await Task.sleep(for: .seconds(1))
                await flush()
            }
        }
        let end = ContinuousClock.now + Self.patience
        while await !flush(), ContinuousClock.now < end { try? await Task.sleep(for: .milliseconds(50)) }
    }

    @discardableResult
    private func flush() async -> Bool {
        await flusher.flush(await server.drainCounts(), status: await status())
    }

    private func status() async -> ReplicaStatus {
        let index = indexState()
        return ReplicaStatus(
            id: identity.id,
            version: identity.version,
            uptime: identity.uptime,
            nearCacheEntries: await server.nearCacheEntries(),
            indexEntries: index?.elements ?? 0,
            indexLagMilliseconds: index?.lagMilliseconds
        )
    }
}
