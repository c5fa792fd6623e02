import CacheServer
import Logging
import ServiceLifecycle
import UnixSignals

/// Takes keys, namespaces and prices over from the files at each SIGHUP.
struct ReloadService: Service {
    let sources: ConfigurationSources
    let current: LoadedConfiguration
    let server: HTTPServer
    let logger: Logger

    func run() async throws {
        for await _ in await UnixSignalsSequence(trapping: .sighup).cancelOnGracefulShutdown() {
            do throws(ConfigurationError) {
                let reload = try sources.reload(after: current)
                await server.reload(settings: reload.cache, keys: reload.keys)
                for warning in reload.warnings { logger.warning("\(warning)") }
                if !reload.waitingForRestart.isEmpty {
                    logger.warning(
                        "some changed settings wait for a restart",
                        metadata: ["settings": "\(reload.waitingForRestart.joined(separator: ", "))"]
                    )
                }
                logger.info("reloaded", metadata: ["keys": "\(reload.keys?.all.count ?? 0)"])
            } catch {
                server.reloadFailed()
                for problem in error.sentences { logger.error("not reloaded", metadata: ["problem": "\(problem)"]) }
            }
        }
    }
}
