public import Logging
import NIOConcurrencyHelpers
public import Redis
public import SemanticCache

/// A ``VectorIndex`` inside of Redis, which all replicas share: for when they outgrow holding it themselves.
///
/// Searches go by what the server offers, see ``RedisSearchOffer``; what they bring is read back from the entries, which
/// say whether they are valid, and their vectors how near they are. Changes are carried out one after the other in the
/// background; a few that come directly may be dropped, what comes by ``forFeed`` is not. Elements are of one model;
/// those of another dimension are ignored.
///
/// Does nothing, and finds nothing, unless ``run()`` runs.
public final class RedisVectorIndex: VectorIndex {
    let keys: KeySpace
    let reader: HeadReader
    let settings: RedisIndexSettings
    /// The client of all that is not a search.
    let client: RedisClient
    let writer: IndexWriter

    private let dimensions: Int
    let search: any ElementSearch
    let source: RedisIndexElementSource
    private let searchClients: [RedisClient]
    let direct: IndexLane
    private let fed = IndexLane(.keeps)
    private let searches = Inbox<PendingSearch>()
    private let state = NIOLockedValueBox(State())
    private let logger: Logger

    private struct State {
        var searches = 0
        var elements = 0
    }

    /// An index of vectors of a model; `makeClient` makes the clients that it runs, of which `connections` search.
    public convenience init(
        kind: RedisSearchOffer.Kind,
        dimensions: Int,
        modelID: String,
        configuration: StorageConfiguration,
        connections: Int,
        logger: Logger,
        makeClient: () -> RedisClient
    ) {
        self.init(
            kind: kind,
            dimensions: dimensions,
            modelID: modelID,
            configuration: configuration,
            connections: connections,
            settings: RedisIndexSettings(),
            logger: logger,
            makeClient: makeClient
        )
    }

    init(
        kind: RedisSearchOffer.Kind,
        dimensions: Int,
        modelID: String,
        configuration: StorageConfiguration,
        connections: Int,
        settings: RedisIndexSettings,
        logger: Logger,
        makeClient: () -> RedisClient
    ) {
        self.dimensions = dimensions
        self.settings = settings
        self.logger = logger
        let modelDigest = SemanticHead.modelDigest(modelID)
        keys = KeySpace(prefix: configuration.keyPrefix)
        reader = HeadReader(keys: keys, modelDigest: modelDigest)
        client = makeClient()
        searchClients = (0..<max(1, connections)).map { _ in makeClient() }
        direct = IndexLane(.drops(above: settings.waiting))
        source = RedisIndexElementSource(client: client, configuration: configuration, modelID: modelID)
        let connections = SearchConnections(searchClients)
        search =
            switch kind {
            case .vectorSets:
                VectorSetSearch(keys: keys, client: client, connections: connections, settings: settings)
            case .searchIndex:
                SearchIndexSearch(
                    keys: keys,
                    modelDigest: modelDigest,
                    dimensions: dimensions,
                    client: client,
                    connections: connections,
                    settings: settings
                )
            }
        writer = IndexWriter(
            directory: IndexDirectory(keys: keys, modelDigest: modelDigest, client: client),
            search: search,
            reader: reader,
            client: client,
            settings: settings
        )
    }

    /// Works until the task is canceled, through outages of Redis.
    public func run() async {
        await withDiscardingTaskGroup { tasks in
            for client in [client] + searchClients { tasks.addTask { await client.run() } }
            var verifying = writer
            verifying.verifies = true
            tasks.addTask { [direct, logger, verifying] in await direct.run(verifying, logger) }
            tasks.addTask { [fed, logger, writer] in await fed.run(writer, logger) }
            let left = await searches.run { searches in
                for search in searches { tasks.addTask { await self.finish(search) } }
            }
            for search in left { search.completion([]) }
        }
    }

    /// Adds an element for all replicas.
    public func insert(_ element: IndexElement) { insert(element, direct) }

    /// Forgets an entry that is gone.
    public func remove(_ entry: Fingerprint, in namespace: Namespace) { remove(entry, in: namespace, direct) }

    /// Forgets the entries of a namespace that `isGone` says and that are gone; O(elements of the namespace).
    public func removeAll(in namespace: Namespace, where isGone: @escaping @Sendable (Fingerprint) -> Bool) {
        direct.add(.checkAll(namespace, isGone))
    }

    /// Forgets everything, for all replicas; O(elements).
    public func removeAll() { direct.add(.removeAll) }

    /// Calls `completion` once all that was asked of this index before is in Redis, or was dropped.
    public func whenSettled(_ completion: @escaping @Sendable () -> Void) { direct.whenSettled(completion) }

    /// Finds the `count` nearest entries of a partition that are valid and live at `now`, nearest first, by cosine.
    ///
    /// Completes on a thread of the cooperative pool, before it returns when it cannot search.
    public func neighbors(
        of vector: [Float],
        in partition: Partition,
        having attributes: [AttributeDigest],
        count: Int,
        now: Timestamp,
        completion: @escaping @Sendable ([Neighbor]) -> Void
    ) {
        let isTaken = state.withLockedValue { state in
            guard count > 0, vector.count == dimensions, state.searches < settings.searches else { return false }
            state.searches += 1
            return true
        }
        guard isTaken else { return completion([]) }
        let search = PendingSearch(
            vector: vector,
            partition: partition,
            attributes: attributes,
            count: count,
            now: now
        ) { [state] found in
            state.withLockedValue { $0.searches -= 1 }
            completion(found)
        }
        if client.state != .up || !searches.put(search) { search.completion([]) }
    }

    /// How many elements all replicas have put into Redis, when they were counted last.
    public var usage: IndexUsage {
        var usage = IndexUsage()
        usage.elements = state.withLockedValue { $0.elements }
        return usage
    }

    /// Takes over how many elements there are.
    func note(elements: Int) { state.withLockedValue { $0.elements = elements } }

    /// Counts what is there.
    func count() async throws(CommandFailure) { note(elements: try await writer.directory.count()) }

    /// The same index for whoever follows the change log: what it is asked for is kept until it is done.
    ///
    /// It settles by itself, so that neither waits for the other's changes.
    public var forFeed: any VectorIndex { FedIndex(index: self) }

    private func insert(_ element: IndexElement, _ lane: IndexLane) {
        if element.vector.components.count == dimensions { lane.add(.insert(element)) }
    }

    private func remove(_ entry: Fingerprint, in namespace: Namespace, _ lane: IndexLane) {
        lane.add(.check(EntryKey(namespace: namespace, fingerprint: entry), foundAt: nil))
    }

    private struct FedIndex: VectorIndex {
        let index: RedisVectorIndex

        func insert(_ element: IndexElement) { index.insert(element, index.fed) }

        func remove(_ entry: Fingerprint, in namespace: Namespace) { index.remove(entry, in: namespace, index.fed) }

        func removeAll(in namespace: Namespace, where isGone: @escaping @Sendable (Fingerprint) -> Bool) {
            index.fed.add(.checkAll(namespace, isGone))
        }

        func removeAll() { index.fed.add(.removeAll) }

        func whenSettled(_ completion: @escaping @Sendable () -> Void) { index.fed.whenSettled(completion) }

        func neighbors(
            of vector: [Float],
            in partition: Partition,
            having attributes: [AttributeDigest],
            count: Int,
            now: Timestamp,
            completion: @escaping @Sendable ([Neighbor]) -> Void
        ) {
            index.neighbors(
                of: vector,
                in: partition,
                having: attributes,
                count: count,
                now: now,
                completion: completion
            )
        }

        var usage: IndexUsage { index.usage }
    }
}
