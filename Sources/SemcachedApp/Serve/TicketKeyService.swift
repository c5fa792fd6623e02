import CacheServer
import Logging
import RedisStorage
import SemanticCache
import ServiceLifecycle

/// Learns the deployment's ticket key from Redis, and puts it back should somebody have emptied Redis.
struct TicketKeyService: Service {
    let configured: [UInt8]?
    let secret: DeploymentSecret
    let server: HTTPServer
    let logger: Logger

    func run() async throws {
        if configured == nil {
            await cancelWhenGracefulShutdown { await keepUp() }
        }
        try? await gracefulShutdown()
    }

    private func keepUp() async {
        var known: [UInt8]?
        while !Task.isCancelled {
            if let key = await secret.key(preferring: known), key != known {
                known = key
                await server.setSigner(TicketSigner(secret: key))
                logger.debug("learned the deployment's ticket key")
            }
            try? await Task.sleep(for: known == nil ? .milliseconds(20) : .seconds(2))
        }
    }
}
