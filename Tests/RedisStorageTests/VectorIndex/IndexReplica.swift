import NIOPosix
import Redis
import SemanticCache
import SemanticCacheTesting
import Testing

@testable import RedisStorage

extension RedisSearchOffer.Kind {
    /// A Redis in which this kind is chosen.
    var program: RedisProgram { self == .vectorSets ? .redis8 : .redis8WithSearch }
}

extension RedisIndexSettings {
    /// Searches as good as everything, and never rests for long.
    static let testing: RedisIndexSettings = {
        var settings = RedisIndexSettings()
        settings.exploration = 2000
        settings.lookPause = .zero
        settings.rest = .milliseconds(20)
        settings.lockMilliseconds = 2000
        settings.interval = .milliseconds(20)
        return settings
    }()
}

/// One replica's share in an index in Redis, of 24 dimensions.
final class IndexReplica: Sendable {
    static let modelID = "model-1"

    let index: RedisVectorIndex
    let keeper: SharedIndexKeeper
    let client: RedisClient

    private init(
        _ redis: RedisConfiguration,
        _ kind: RedisSearchOffer.Kind,
        _ settings: RedisIndexSettings,
        dimensions: Int
    ) {
        let makeClient: @Sendable () -> RedisClient = {
            RedisClient(configuration: redis, group: MultiThreadedEventLoopGroup.singleton, logger: silent)
        }
        client = makeClient()
        index = RedisVectorIndex(
            kind: kind,
            dimensions: dimensions,
            modelID: Self.modelID,
            configuration: .testing,
            connections: 2,
            settings: settings,
            logger: silent,
            makeClient: makeClient
        )
        keeper = SharedIndexKeeper(
            index: index,
            modelID: Self.modelID,
            configuration: .testing,
            logger: silent,
            makeClient: makeClient
        )
    }

    /// Runs `body` with a replica whose index works, and which keeps the index if it is told to.
    static func run(
        _ redis: RedisConfiguration,
        _ kind: RedisSearchOffer.Kind,
        _ settings: RedisIndexSettings = .testing,
        dimensions: Int = 24,
        keeps: Bool = false,
        _ body: (IndexReplica) async throws -> Void
    ) async throws {
        let replica = IndexReplica(redis, kind, settings, dimensions: dimensions)
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { await replica.client.run() }
            tasks.addTask { await replica.index.run() }
            if keeps { tasks.addTask { await replica.keeper.run() } }
            try await replica.client.waitUntilAvailable(within: .seconds(30))
            try await eventually("the index' connections are up") { replica.index.client.state == .up }
            try await body(replica)
            tasks.cancelAll()
        }
    }

    /// Runs `body` with a server of its own and one replica.
    static func alone(
        _ kind: RedisSearchOffer.Kind,
        _ settings: RedisIndexSettings = .testing,
        _ body: (RedisServer, IndexReplica) async throws -> Void
    ) async throws {
        var options = RedisServer.Options()
        options.program = kind.program
        try await withRedisServer(options) { server in
            try await run(try .testing(server), kind, settings) { try await body(server, $0) }
        }
    }

    /// The index with its entries, for the checks of the contract.
    func trial() -> IndexOnTrial {
        IndexOnTrial(
            index,
            origin: IndexElement.farAway,
            store: { try await self.store($0) },
            discard: { try await self.discard($0) },
            count: { try await self.index.count() }
        )
    }

    /// Makes the entries of elements exist, and says nothing of it to anybody.
    func store(_ elements: [IndexElement]) async throws {
        let codec = EntryCodec(maximumBodyBytes: 1 << 20)
        let keys = KeySpace(prefix: StorageConfiguration.testing.keyPrefix)
        var epoch: [UInt8] = []
        epoch.append(word: 7)
        for some in elements.chunks(of: 500) {
            let commands = some.flatMap { element in
                let key = element.key
                let part = SemanticPart(
                    partition: element.partition,
                    text: element.text,
                    vector: element.vector,
                    modelID: Self.modelID,
                    attributes: element.attributes
                )
                let encoded = codec.encode(.sample(key, semantic: part), version: element.version)
                var value = encoded.head + epoch
                value.append(word: 1)
                value.append(word: UInt64(element.expiresAt.milliseconds))
                var set = RedisCommand("SET", keys.entry(element.entry), value + encoded.tail)
                set.append("PXAT")
                set.append(element.expiresAt.milliseconds)
                return [
                    set, RedisCommand("SET", keys.validity(Bucket(of: element.entry), key.namespace), epoch + epoch),
                ]
            }
            for result in await client.pipeline(commands) { #expect(try result.get() == .status("OK")) }
        }
    }

    /// Makes entries cease to exist, and says nothing of it to anybody.
    func discard(_ entries: [Fingerprint]) async throws {
        let keys = KeySpace(prefix: StorageConfiguration.testing.keyPrefix)
        for some in entries.chunks(of: 500) {
            for result in await client.pipeline(some.map { RedisCommand("DEL", keys.entry($0)) }) {
                _ = try result.get()
            }
        }
    }

    /// Stores elements and adds them.
    func insert(_ elements: [IndexElement]) async throws {
        try await store(elements)
        for some in elements.chunks(of: 500) {
            for element in some { index.insert(element) }
            await index.settle()
        }
    }

    /// How many elements Redis has, whatever is known of them.
    func held() async throws -> Int {
        var count: Int64 = 0
        for name in try await client.send(RedisCommand(words: ["KEYS", "*}:s:*"])).elements?.compactMap(\.bytes) ?? [] {
            count += try await client.send(RedisCommand("VCARD", name)).integer ?? 0
        }
        let documents = try await client.send(RedisCommand(words: ["KEYS", "*:h:*"])).elements ?? []
        return Int(count) + documents.count
    }

    /// Whether an element is the nearest to its own vector.
    func finds(_ number: Int, in partition: Int = 0) async -> Bool {
        let found = await index.neighbors(of: IndexElement.sample(number).direction, in: partition, count: 1)
        return found.first?.entry == .numbered(number)
    }
}

extension IndexElement {
    /// A moment that no test lives to see.
    static let farAway = Timestamp(milliseconds: 4_000_000_000_000)

    /// An element of the default partition whose entry lives long.
    static func lasting(_ number: Int, partition: Int = 0, expiresAt: Int64 = farAway.milliseconds) -> IndexElement {
        .sample(number, partition: partition, expiresAt: expiresAt)
    }
}
