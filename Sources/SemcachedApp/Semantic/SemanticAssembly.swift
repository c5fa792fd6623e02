import Logging
import NIOCore
import Redis
import RedisStorage
import SemanticCache
import VectorSearch

/// Index, whatever keeps it, and tier on top of an embedder.
struct SemanticAssembly: Sendable {
    let tier: SemanticTier
    /// How well the index agrees with Redis.
    let agreement: any IndexAgreement
    /// Keeps it so until the task is canceled.
    let run: @Sendable () async -> Void

    /// Puts the parts together; nil when the index is in Redis, and Redis has not said yet what it offers.
    static func now(
        _ embedder: any Embedder,
        _ verifier: any Verifier,
        _ surroundings: SemanticParts.Surroundings
    ) -> SemanticAssembly? {
        let assembly: SemanticAssembly
        switch (surroundings.configuration.semanticIndex, surroundings.offer?.kind) {
        case (.local, _): assembly = local(embedder, verifier, surroundings)
        case (.redis, let kind?): assembly = shared(embedder, verifier, kind, surroundings)
        case (.redis, nil): return nil
        }
        surroundings.logger.info(
            "the semantic tier is on",
            metadata: [
                "model": "\(embedder.modelID)",
                "index": "\(surroundings.offer?.kind?.rawValue ?? surroundings.configuration.semanticIndex.rawValue)",
            ]
        )
        return assembly
    }

    /// Puts the parts together once Redis has said what it offers, and fills the slot; nil when that is nothing, or the
    /// task was canceled.
    static func later(
        _ embedder: any Embedder,
        _ verifier: any Verifier,
        _ surroundings: SemanticParts.Surroundings,
        _ slot: SemanticSlot
    ) async -> SemanticAssembly? {
        slot.note(obstacle: RedisIndexStart.waiting)
        var surroundings = surroundings
        guard let offer = await RedisIndexStart.firstOffer(surroundings.client) else { return nil }
        surroundings.offer = offer
        guard let assembly = now(embedder, verifier, surroundings) else {
            slot.note(obstacle: offer.refusal)
            surroundings.logger.error(
                "the semantic index cannot be in this Redis: only exact requests hit",
                metadata: ["server": "\(offer.server)", "reason": "\(offer.refusal)"]
            )
            return nil
        }
        slot.fill(assembly)
        return assembly
    }

    private static func local(
        _ embedder: any Embedder,
        _ verifier: any Verifier,
        _ surroundings: SemanticParts.Surroundings
    ) -> SemanticAssembly {
        var settings = LocalVectorIndexSettings(dimensions: embedder.dimensions)
        settings.maximumBytes = surroundings.configuration.maximumIndexBytes
        settings.graphAbove = surroundings.configuration.graphAbove
        let index = LocalVectorIndex(
            settings,
            source: RedisIndexElementSource(
                client: surroundings.client,
                configuration: surroundings.storage,
                modelID: embedder.modelID
            )
        )
        let feedClient = surroundings.makeClient()
        let feed = IndexFeed(
            client: feedClient,
            index: index,
            modelID: embedder.modelID,
            configuration: surroundings.storage,
            logger: surroundings.logger
        )
        let clock = surroundings.clock
        let counted = CountedEmbedder(embedder, surroundings.embeddings)
        return SemanticAssembly(
            tier: SemanticTier(embedder: counted, index: index, verifier: verifier, clock: clock),
            agreement: feed
        ) {
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

    private static func shared(
        _ embedder: any Embedder,
        _ verifier: any Verifier,
        _ kind: RedisSearchOffer.Kind,
        _ surroundings: SemanticParts.Surroundings
    ) -> SemanticAssembly {
        let makeClient = surroundings.makeClient
        let index = RedisVectorIndex(
            kind: kind,
            dimensions: embedder.dimensions,
            modelID: embedder.modelID,
            configuration: surroundings.storage,
            connections: max(RedisIndexStart.leastConnections, surroundings.eventLoops),
            logger: surroundings.logger,
            makeClient: makeClient
        )
        let keeper = SharedIndexKeeper(
            index: index,
            modelID: embedder.modelID,
            configuration: surroundings.storage,
            logger: surroundings.logger,
            makeClient: makeClient
        )
        let counted = CountedEmbedder(embedder, surroundings.embeddings)
        return SemanticAssembly(
            tier: SemanticTier(embedder: counted, index: index, verifier: verifier, clock: surroundings.clock),
            agreement: keeper
        ) {
            await withDiscardingTaskGroup { tasks in
                tasks.addTask { await index.run() }
                tasks.addTask { await keeper.run() }
            }
        }
    }

    private init(
        tier: SemanticTier,
        agreement: any IndexAgreement,
        run: @escaping @Sendable () async -> Void
    ) {
        self.tier = tier
        self.agreement = agreement
        self.run = run
    }
}

extension SemanticParts.Surroundings {
    /// A further client of Redis, which somebody has to run.
    @Sendable func makeClient() -> RedisClient {
        RedisClient(topology: redis, eventLoop: group.next(), logger: logger)
    }

    /// How many event loops serve.
    var eventLoops: Int { Array(group.makeIterator()).count }
}
