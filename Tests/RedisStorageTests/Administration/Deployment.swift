import Logging
import NIOCore
import NIOPosix
import Redis
import RedisStorage
import SemanticCache
import SemanticCacheTesting
import Testing

/// One replica's store and administration before a private Redis.
final class Deployment: Sendable {
    let server: RedisServer
    let configuration: StorageConfiguration
    let client: RedisClient
    let administration: RedisAdministration
    private let loop: any EventLoop
    private let parts: NIOLoopBoundBox<Parts>

    private struct Parts {
        var connection: RedisConnection
        var store: RedisResponseStore
    }

    static let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    private init(_ server: RedisServer, _ configuration: StorageConfiguration) throws {
        self.server = server
        self.configuration = configuration
        var redis = RedisConfiguration(endpoint: try RedisEndpoint(url: server.unixURL))
        // What is tested here is not how long anything takes, and many tests share few cores.
        redis.commandDeadline = .seconds(30)
        loop = MultiThreadedEventLoopGroup.singleton.next()
        client = RedisClient(configuration: redis, eventLoop: loop, logger: Self.logger)
        administration = RedisAdministration(client: client, configuration: configuration)
        let connection = RedisConnection(configuration: redis, eventLoop: loop, logger: Self.logger)
        let store = RedisResponseStore(
            connection: connection,
            waiters: WaiterTable(),
            configuration: configuration,
            logger: Self.logger
        )
        parts = .makeBoxSendingValue(Parts(connection: connection, store: store), eventLoop: loop)
    }

    /// Calls `body` with a replica that is connected, and shuts it down afterwards.
    static func run(
        _ server: RedisServer,
        _ configuration: StorageConfiguration = StorageConfiguration(commandMilliseconds: 30_000),
        _ body: (Deployment) async throws -> Void
    ) async throws {
        let deployment = try Deployment(server, configuration)
        deployment.client.start()
        try await deployment.loop.submit { deployment.parts.value.connection.start() }.get()
        try await deployment.client.waitUntilAvailable(within: .seconds(30))
        try await eventually("the store is connected") {
            try await deployment.loop.submit { deployment.parts.value.connection.isAvailable }.get()
        }
        let result: Result<Void, any Error>
        do { result = .success(try await body(deployment)) } catch { result = .failure(error) }
        await deployment.client.shutdown()
        try await deployment.loop.flatSubmit { deployment.parts.value.connection.close() }.get()
        try result.get()
    }

    /// The number'th key of a namespace; consecutive ones are in consecutive buckets.
    static func key(_ number: Int, _ namespace: String = "support") throws -> EntryKey {
        var mixed = UInt64(number) &+ 1
        var bytes = [UInt8(truncatingIfNeeded: number)]
        for byte in namespace.utf8 { mixed = (mixed ^ UInt64(byte)) &* 0x100_0000_01B3 }
        while bytes.count < 32 {
            mixed = mixed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            bytes.append(UInt8(truncatingIfNeeded: mixed >> 56))
        }
        return EntryKey(
            namespace: try #require(Namespace(namespace)),
            fingerprint: try #require(Fingerprint(bytes: bytes))
        )
    }

    static func fill(
        _ key: EntryKey,
        model: String = "gpt-4o",
        tags: [String] = [],
        seconds: Int = 3600,
        answer: String = #"{"answer":"yes"}"#,
        claim: FillClaim? = nil,
        semantic: SemanticPart? = nil
    ) -> Fill {
        Fill(
            entry: NewEntry(
                key: key,
                endpoint: .chatCompletions,
                model: model,
                tags: tags,
                timeToLive: seconds,
                usage: TokenUsage(promptTokens: 12, completionTokens: 3),
                cost: Money(nanodollars: 1500),
                request: Array(#"{"model":"\#(model)","question":"\#(key.fingerprint)"}"#.utf8),
                response: Array(answer.utf8),
                semantic: semantic
            ),
            claim: claim
        )
    }

    private var soon: Deadline {
        Deadline(uptimeNanoseconds: NIODeadline.now().uptimeNanoseconds).advanced(byMilliseconds: 40_000)
    }

    private func ask<Outcome: Sendable>(
        _ question: @escaping @Sendable (RedisResponseStore, @escaping (Outcome) -> Void) -> Void
    ) async throws -> Outcome {
        try await loop.flatSubmit {
            let promise = self.loop.makePromise(of: Outcome.self)
            question(self.parts.value.store) { promise.succeed($0) }
            return promise.futureResult
        }.get()
    }

    var isUp: Bool {
        get async throws { try await loop.submit { self.parts.value.connection.isAvailable }.get() }
    }

    func fetch(_ key: EntryKey) async throws -> Entry? {
        let outcome: FetchOutcome = try await ask { [soon] in $0.fetch(key, deadline: soon, completion: $1) }
        guard case .found(let entry) = outcome else { return nil }
        return entry
    }

    func commit(_ fill: Fill) async throws -> CommitOutcome {
        try await ask { [soon] in $0.commit(fill, deadline: soon, completion: $1) }
    }

    /// Stores entries without tickets, many at once.
    func store(_ fills: [Fill]) async throws {
        for start in stride(from: 0, to: fills.count, by: 1000) {
            let outcomes = try await loop.flatSubmit { [soon] in
                EventLoopFuture.whenAllSucceed(
                    fills[start..<min(start + 1000, fills.count)].map { fill in
                        let promise = self.loop.makePromise(of: CommitOutcome.self)
                        self.parts.value.store.commit(fill, deadline: soon) { promise.succeed($0) }
                        return promise.futureResult
                    },
                    on: self.loop
                )
            }.get()
            for (fill, outcome) in zip(fills[start...], outcomes) {
                try #require(outcome == .stored(timeToLive: fill.entry.timeToLive, receipt: outcome.receipt))
                try #require((outcome.receipt == nil) == (fill.entry.semantic == nil))
            }
        }
    }

    /// A claim for a fill, as a lookup that missed gets it.
    func claim(_ key: EntryKey) async throws -> FillClaim {
        let token = FillToken.random()
        let request = FillRequest(token: token, leaseMilliseconds: 30_000, waitUntil: nil, accepts: .nothing)
        let outcome: AcquireOutcome = try await ask { [soon] in $0.acquire(key, request, deadline: soon, completion: $1)
        }
        switch outcome {
        case .granted(let grant, _): return FillClaim(token: token, grant: grant, heldLease: true)
        case .held(let grant, _), .open(let grant): return FillClaim(token: token, grant: grant, heldLease: false)
        case .found, .unavailable:
            struct NoClaim: Error { var outcome: AcquireOutcome }
            throw NoClaim(outcome: outcome)
        }
    }

    /// Counts hits and writes them to Redis at once.
    func serve(_ entry: Entry, times: Int) async throws {
        try await loop.flatSubmit {
            for _ in 0..<times { self.parts.value.store.countHit(of: entry) }
            return self.parts.value.store.finish()
        }.get()
    }
}
