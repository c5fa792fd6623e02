import Embedders
import FoundationEssentials
import Logging
import NIOCore
import Redis
import RedisStorage
import SemanticCache
import ServiceLifecycle
import VectorSearch

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
    }

    /// Puts the parts together; nil when no namespace asks for the semantic tier, or nobody named a model and the
    /// default one is not there.
    ///
    /// - Throws: ``StartFailure`` when what was named cannot be used.
    static func make(_ surroundings: Surroundings) throws -> SemanticParts? {
        let cache = surroundings.configuration.cache
        guard cache.defaults.semantic.isEnabled || cache.namespaces.values.contains(where: \.semantic.isEnabled) else {
            return nil
        }
        let slot = SemanticSlot()
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
            let assembly = SemanticAssembly(embedder, LocalModel.verifier(encoder), surroundings)
            slot.fill(assembly.tier, assembly.feed)
            return SemanticParts(
                slot: slot,
                services: [
                    BackgroundService {
                        await assembly.run()
                        await embedder.shutdown()
                    }
                ]
            )
        case .openai:
            let remote = try RemoteModel(surroundings)
            return SemanticParts(slot: slot, services: [BackgroundService { await remote.run(filling: slot) }])
        }
    }
}

/// Index, feed and tier on top of an embedder.
struct SemanticAssembly {
    let tier: SemanticTier
    let feed: IndexFeed
    private let index: LocalVectorIndex
    private let feedClient: RedisClient
    private let clock: EngineClock

    init(_ embedder: any Embedder, _ verifier: any Verifier, _ surroundings: SemanticParts.Surroundings) {
        var settings = LocalVectorIndexSettings(dimensions: embedder.dimensions)
        settings.maximumBytes = surroundings.configuration.maximumIndexBytes
        settings.graphAbove = surroundings.configuration.graphAbove
        index = LocalVectorIndex(
            settings,
            source: RedisIndexElementSource(
                client: surroundings.client,
                configuration: surroundings.storage,
                modelID: embedder.modelID
            )
        )
        feedClient = RedisClient(
            topology: surroundings.redis,
            eventLoop: surroundings.group.next(),
            logger: surroundings.logger
        )
        feed = IndexFeed(
            client: feedClient,
            index: index,
            modelID: embedder.modelID,
            configuration: surroundings.storage,
            logger: surroundings.logger
        )
        clock = surroundings.clock
        tier = SemanticTier(embedder: embedder, index: index, verifier: verifier, clock: clock)
        surroundings.logger.info("the semantic tier is on", metadata: ["model": "\(embedder.modelID)"])
    }

    /// Keeps the index in agreement with Redis until the task is canceled.
    func run() async {
        await withDiscardingTaskGroup { tasks in
            tasks.addTask { await feedClient.run() }
            tasks.addTask { await feed.run() }
            while !Task.isCancelled {
                try? await Task.sleep(for: .seconds(1))
                _ = index.sweep(now: clock.now())
            }
        }
    }
}
