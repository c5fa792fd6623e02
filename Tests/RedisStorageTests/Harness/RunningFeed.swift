import NIOPosix
import Redis
import RedisStorage
import SemanticCache
import SemanticCacheTesting
import Testing

/// One replica's index and the feed that keeps it; before a single server with a user of its own, which can be shut out.
final class RunningFeed: Sendable {
    let index: PlainIndex
    let feed: IndexFeed
    private let server: RedisServer?
    private let user: String

    private init(
        _ server: RedisServer?,
        _ user: String,
        _ client: RedisClient,
        modelID: String,
        onFirstInsert: (@Sendable () -> Void)?
    ) {
        index = PlainIndex(onFirstInsert: onFirstInsert)
        self.server = server
        self.user = user
        feed = IndexFeed(
            client: client,
            index: index,
            modelID: modelID,
            configuration: .testing,
            staleMilliseconds: 20_000,
            logger: silent
        )
    }

    /// Runs `body` while a feed runs.
    static func run(
        _ server: RedisServer,
        _ user: String = "first",
        modelID: String = "model-1",
        onFirstInsert: (@Sendable () -> Void)? = nil,
        _ body: (RunningFeed) async throws -> Void
    ) async throws {
        try allow(user, server)
        var configuration = try RedisConfiguration.testing(server)
        configuration.endpoint = try RedisEndpoint(url: "unix://\(user):secret@\(server.socketPath)")
        let client = RedisClient(
            configuration: configuration,
            group: MultiThreadedEventLoopGroup.singleton,
            logger: silent
        )
        let running = RunningFeed(server, user, client, modelID: modelID, onFirstInsert: onFirstInsert)
        try await running.run(client, body)
    }

    /// Runs `body` while a feed of a cluster runs, which is told of failures soon.
    static func run(_ cluster: RedisCluster, _ body: (RunningFeed) async throws -> Void) async throws {
        var configuration = try RedisConfiguration.testing(cluster)
        configuration.commandDeadline = .seconds(1)
        let client = RedisClient(
            configuration: configuration,
            group: MultiThreadedEventLoopGroup.singleton,
            logger: silent
        )
        try await RunningFeed(nil, "", client, modelID: "model-1", onFirstInsert: nil).run(client, body)
    }

    private func run(_ client: RedisClient, _ body: (RunningFeed) async throws -> Void) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await client.run() }
            group.addTask { await self.feed.run() }
            try await body(self)
            group.cancelAll()
        }
    }

    private static func allow(_ user: String, _ server: RedisServer) throws {
        try server.command("ACL", "SETUSER", user, "on", ">secret", "~*", "&*", "+@all")
    }

    /// Lets the feed in, to a server that does not know it yet.
    func allow() throws { try Self.allow(user, #require(server)) }

    /// Cuts the feed off and keeps it away while `body` runs.
    func whileAway(_ body: () async throws -> Void) async throws {
        try server?.command("ACL", "SETUSER", user, "off")
        try drop()
        try await body()
        try server?.command("ACL", "SETUSER", user, "on")
    }

    /// Closes the feed's connection.
    func drop() throws { try server?.command("CLIENT", "KILL", "USER", user) }

    func caughtUp() async throws {
        try await eventually("the feed has caught up") { feed.state.isCaughtUp }
    }

    /// Waits until the index has exactly these entries.
    func holds(_ keys: [EntryKey], _ what: String = "the index has these entries") async throws {
        let expected = Set(keys.map(\.fingerprint))
        try await eventually(what) { index.entries == expected }
    }
}
