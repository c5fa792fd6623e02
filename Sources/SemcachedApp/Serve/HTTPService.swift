import CacheServer
import Logging
import NIOCore
import RedisStorage
import ServiceLifecycle

/// Listens until shut down, and then lets requests in flight finish.
struct HTTPService: Service {
    let server: HTTPServer
    let waiters: WaiterTable
    let keys: AccessKeys?
    let configuration: DaemonConfiguration
    let logger: Logger

    func run() async throws {
        let host = configuration.server.host
        let channel: any Channel
        do {
            channel = try await server.start(keys: keys)
        } catch let error as IOError {
            throw StartFailure("cannot listen on \(host):\(configuration.server.port): \(error.description)")
        }
        logger.info(
            "serving",
            metadata: [
                "host": "\(host)", "port": "\(channel.localAddress?.port ?? 0)",
                "tls": "\(configuration.server.tlsCertificateFile != nil)", "redis": "\(configuration.redis.endpoint)",
                "keys": "\(keys?.all.count ?? 0)",
            ]
        )
        try await gracefulShutdown()
        logger.info("stopping: no new connections, requests in flight finish")
        try? await channel.close()
        waiters.close()
        await server.stop(grace: configuration.shutdownGrace)
    }
}
