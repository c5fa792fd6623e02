import Embedders
import FoundationEssentials
import Logging
import NIOCore
import Redis
import RedisStorage
import SemanticCache
import ServiceLifecycle

/// The semantic tier's parts that live as long as the process.
struct SemanticParts {
    let slot: SemanticSlot
    let services: [any Service]

    /// What the parts are made with.
    struct Surroundings: Sendable {
        var configuration: DaemonConfiguration
        var redis: RedisTopology
        var storage: StorageConfiguration
        /// The client that others use too, for the elements that the index reads back.
        var client: RedisClient
        var group: any EventLoopGroup
        var clock: EngineClock
        var logger: Logger
        /// What becomes of the texts given to the embedder.
        var embeddings = EmbeddingTally()
        /// What Redis offers for searching vectors, when the index is there and it has answered.
        var offer: RedisSearchOffer?
    }

    /// Puts the parts together; nil when no namespace asks for the semantic tier, or nobody named a model and the
    /// default one is not there.
    ///
    /// - Throws: ``StartFailure`` when what was named cannot be used.
    static func make(_ surroundings: Surroundings) async throws -> SemanticParts? {
        let cache = surroundings.configuration.cache
        guard cache.defaults.semantic.isEnabled || cache.namespaces.values.contains(where: \.semantic.isEnabled) else {
            return nil
        }
        var surroundings = surroundings
        if surroundings.configuration.semanticIndex == .redis {
            surroundings.offer = try await RedisIndexStart.offer(surroundings)
        }
        switch surroundings.configuration.embedder.kind {
        case .local:
            guard let encoder = try LocalModel.encoder(surroundings.configuration.embedder, surroundings.logger) else {
                return nil
            }
            var settings = LocalEmbedder.Configuration()
            settings.correctsSpelling = LocalModel.isCalibrated(encoder.modelID)
            let embedder = LocalEmbedder(
                encoder: encoder,
                configuration: settings,
                uptime: surroundings.clock.uptime
            )
            let verifier = LocalModel.verifier(encoder)
            let slot = SemanticSlot(waitingFor: RedisIndexStart.waiting, embeddings: surroundings.embeddings)
            let assembly = SemanticAssembly.now(embedder, verifier, surroundings)
            if let assembly { slot.fill(assembly) }
            let service = BackgroundService { [surroundings] in
                if let assembly {
                    await assembly.run()
                } else {
                    await SemanticAssembly.later(embedder, verifier, surroundings, slot)?.run()
                }
                await embedder.shutdown()
            }
            return SemanticParts(slot: slot, services: [service])
        case .openai:
            let slot = SemanticSlot(
                waitingFor: "the embedder has not answered yet",
                embeddings: surroundings.embeddings
            )
            let remote = try RemoteModel(surroundings)
            return SemanticParts(slot: slot, services: [BackgroundService { await remote.run(filling: slot) }])
        }
    }
}
