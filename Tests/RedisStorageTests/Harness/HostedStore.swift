import Logging
import NIOCore
import NIOPosix
import Redis
import RedisStorage
import SemanticCache
import SemanticCacheTesting
import Testing

let silent = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

extension RedisConfiguration {
    /// Patient beyond any stall of a busy machine, and quick to come back.
    static func testing(_ redis: any TestedRedis) throws -> RedisConfiguration {
        var configuration = RedisConfiguration(endpoint: try RedisEndpoint(url: redis.testedURL))
        configuration.connectTimeout = .seconds(20)
        configuration.commandDeadline = .seconds(20)
        configuration.initialBackoff = .milliseconds(5)
        configuration.maximumBackoff = .milliseconds(50)
        configuration.probeInterval = .milliseconds(50)
        return configuration
    }
}

extension StorageConfiguration {
    /// Patient, and waiters learn of fills by being woken only.
    static let testing = StorageConfiguration(commandMilliseconds: 20_000, waitPollMilliseconds: 3_600_000)
}

/// One replica's store on an event loop, reached from tasks.
final class HostedStore: Sendable {
    let loop: any EventLoop = MultiThreadedEventLoopGroup.singleton.next()
    let waiters = WaiterTable()
    private let parts: NIOLoopBoundBox<(connection: LoopRedisClient, store: RedisResponseStore)>

    init(_ server: any TestedRedis, _ configuration: StorageConfiguration = .testing) throws {
        let connection = LoopRedisClient(configuration: try .testing(server), eventLoop: loop, logger: silent)
        let store = RedisResponseStore(
            connection: connection,
            waiters: waiters,
            configuration: configuration,
            logger: silent
        )
        parts = .makeBoxSendingValue((connection, store), eventLoop: loop)
    }

    /// Starts the connection and returns once it is up.
    func up() async throws {
        try await loop.submit { self.parts.value.connection.start() }.get()
        try await eventually("the connection is up") { try await self.isUp }
    }

    var isUp: Bool {
        get async throws { try await loop.submit { self.parts.value.connection.isAvailable }.get() }
    }

    /// Commands that wait for their reply.
    var inFlight: Int {
        get async throws { try await loop.submit { self.parts.value.connection.inFlight }.get() }
    }

    /// Writes the last hits and closes the connection.
    func close() async throws {
        try await loop.flatSubmit {
            self.parts.value.store.finish().flatMap { self.parts.value.connection.close() }
        }.get()
    }

    /// Writes the hits that were counted, and no later ones.
    func writeHits() async throws { try await loop.flatSubmit { self.parts.value.store.finish() }.get() }

    /// Runs `body` on the loop.
    func on<Value: Sendable>(_ body: @escaping @Sendable (RedisResponseStore) -> Value) async throws -> Value {
        try await loop.submit { body(self.parts.value.store) }.get()
    }

    /// Runs `body` on the loop and waits for what it hands to its completion.
    func answer<Value: Sendable>(
        _ body: @escaping @Sendable (RedisResponseStore, @escaping (Value) -> Void) -> Void
    ) async throws -> Value {
        let promise = loop.makePromise(of: Value.self)
        loop.execute { body(self.parts.value.store) { promise.succeed($0) } }
        return try await promise.futureResult.get()
    }

    static func deadline(_ milliseconds: Int) -> Deadline {
        Deadline(uptimeNanoseconds: NIODeadline.now().uptimeNanoseconds).advanced(byMilliseconds: milliseconds)
    }

    func fetch(_ key: EntryKey, within milliseconds: Int = 20_000) async throws -> FetchOutcome {
        try await answer { $0.fetch(key, deadline: Self.deadline(milliseconds), completion: $1) }
    }

    func acquire(
        _ key: EntryKey,
        _ ask: FillAsk = FillAsk(),
        within milliseconds: Int = 20_000
    ) async throws
        -> AcquireOutcome
    {
        try await answer { store, completion in
            let request = FillRequest(
                token: ask.token,
                leaseMilliseconds: ask.leaseMilliseconds,
                waitUntil: ask.waitMilliseconds > 0 ? Self.deadline(ask.waitMilliseconds) : nil,
                accepts: ask.accepts
            )
            let deadline = Self.deadline(milliseconds + ask.waitMilliseconds)
            store.acquire(key, request, deadline: deadline, completion: completion)
        }
    }

    func commit(_ fill: Fill, within milliseconds: Int = 20_000) async throws -> CommitOutcome {
        try await answer { $0.commit(fill, deadline: Self.deadline(milliseconds), completion: $1) }
    }

    /// Stores an answer without a ticket.
    func put(_ entry: NewEntry) async throws -> CommitOutcome { try await commit(Fill(entry: entry, claim: nil)) }

    /// A claim as a lookup that missed gets it.
    func claim(_ key: EntryKey, _ ask: FillAsk = FillAsk()) async throws -> FillClaim? {
        let acquired = try await acquire(key, ask)
        return acquired.grant.map {
            FillClaim(token: ask.token, grant: $0, heldLease: acquired.grantedMilliseconds != nil)
        }
    }

    func release(_ key: EntryKey, _ token: FillToken) async throws -> ReleaseOutcome {
        try await answer { $0.release(key, token: token, deadline: Self.deadline(20_000), completion: $1) }
    }
}

/// A client of Redis, for commands off the path of lookups.
func redisClient(_ server: any TestedRedis) throws -> RedisClient {
    RedisClient(configuration: try .testing(server), group: MultiThreadedEventLoopGroup.singleton, logger: silent)
}
