import Embedders
import Logging
import NIOCore
import RedisStorage
import SemanticCache

/// The model behind a URL, which may answer long after the start.
struct RemoteModel {
    private let configuration: RemoteEmbedderConfiguration
    private let surroundings: SemanticParts.Surroundings

    /// - Throws: ``StartFailure`` when the URL cannot be used.
    init(_ surroundings: SemanticParts.Surroundings) throws {
        let settings = surroundings.configuration.embedder
        do throws(EmbeddingsURL.Defect) {
            configuration = RemoteEmbedderConfiguration(
                url: try EmbeddingsURL(settings.url ?? ""),
                model: settings.model ?? "",
                keyFile: settings.apiKeyFile
            )
        } catch {
            throw StartFailure("embedder.url: \(error)")
        }
        self.surroundings = surroundings
    }

    /// Waits for the server, and then serves with its vectors until the task is canceled.
    func run(filling slot: SemanticSlot) async {
        let cache = RedisVectorCache(
            redis: surroundings.redis,
            storage: surroundings.storage,
            clock: surroundings.clock,
            eventLoop: surroundings.group.next(),
            logger: surroundings.logger
        )
        cache.start()
        do {
            let embedder = try await RemoteEmbedder.connect(
                configuration,
                cache: cache,
                clock: surroundings.clock,
                logger: surroundings.logger
            )
            let verifier = LexicalVerifier(isCalibrated: false)
            if let assembly = SemanticAssembly.now(embedder, verifier, surroundings) {
                slot.fill(assembly)
                await assembly.run()
            } else {
                await SemanticAssembly.later(embedder, verifier, surroundings, slot)?.run()
            }
            await embedder.shutdown()
        } catch is CancellationError {
            // The process is told to stop.
        } catch {
            surroundings.logger.error(
                "the embedder cannot be used: only exact requests hit",
                metadata: ["error": "\(error)"]
            )
        }
        await cache.shutdown()
    }
}
