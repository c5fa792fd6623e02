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
    let tier: SemanticTier
    let feed: IndexFeed
    let services: [any Service]

    /// Loads the model and puts the parts together; nil when no namespace asks for the semantic tier, or nobody named a
    /// model and the default one is not there.
    ///
    /// - Throws: ``StartFailure`` when a model was named and cannot be used.
    static func make(
        _ configuration: DaemonConfiguration,
        redis: RedisConfiguration,
        storage: StorageConfiguration,
        client: RedisClient,
        group: any EventLoopGroup,
        clock: EngineClock,
        logger: Logger
    ) throws -> SemanticParts? {
        let cache = configuration.cache
        guard cache.defaults.semantic.isEnabled || cache.namespaces.values.contains(where: \.semantic.isEnabled) else {
            return nil
        }
        guard let encoder = try encoder(configuration, logger) else { return nil }
        let embedder = LocalEmbedder(encoder: encoder, uptime: clock.uptime)
        var settings = LocalVectorIndexSettings(dimensions: embedder.dimensions)
        settings.maximumBytes = configuration.maximumIndexBytes
        let index = LocalVectorIndex(
            settings,
            source: RedisIndexElementSource(client: client, configuration: storage, modelID: embedder.modelID)
        )
        let tokenizer = encoder.tokenizer
        let verifier = LexicalVerifier(rarity: WordRarity { tokenizer.vocabularyRank(of: $0) })
        let feedClient = RedisClient(configuration: redis, group: group, logger: logger)
        let feed = IndexFeed(
            client: feedClient,
            index: index,
            modelID: embedder.modelID,
            configuration: storage,
            logger: logger
        )
        logger.info("the semantic tier is on", metadata: ["model": "\(embedder.modelID)"])
        return SemanticParts(
            tier: SemanticTier(embedder: embedder, index: index, verifier: verifier, clock: clock),
            feed: feed,
            services: [
                BackgroundService { await feedClient.run() },
                BackgroundService { await feed.run() },
                BackgroundService {
                    while !Task.isCancelled {
                        try? await Task.sleep(for: .seconds(1))
                        _ = index.sweep(now: clock.now())
                    }
                    await embedder.shutdown()
                },
            ]
        )
    }

    private static func encoder(_ configuration: DaemonConfiguration, _ logger: Logger) throws -> SentenceEncoder? {
        let named = configuration.embedder.modelDirectory
        let folder = named ?? DefaultModel.folder
        if named == nil, !FileManager.default.fileExists(atPath: folder) {
            logger.warning(
                """
                only exact requests hit: the default model is not there; Scripts/serve fetches it, embedder.model_dir \
                names another, semantic.enabled: false says that none is wanted
                """,
                metadata: ["folder": "\(folder)"]
            )
            return nil
        }
        do throws(ModelFolderError) {
            return try SentenceEncoder(folder: folder)
        } catch {
            throw StartFailure("embedder.model_dir: \(error)")
        }
    }
}

/// Where Scripts/serve puts the model that is used when none is named.
enum DefaultModel {
    /// `models/all-MiniLM-L6-v2` in `SEMCACHED_DATA_DIR`, else in `semcached` of the user's data folder.
    static var folder: String {
        let environment = ProcessInfo.processInfo.environment
        let data =
            environment["SEMCACHED_DATA_DIR"]
            ?? (environment["XDG_DATA_HOME"] ?? (environment["HOME"] ?? "") + "/.local/share") + "/semcached"
        return data + "/models/all-MiniLM-L6-v2"
    }
}
