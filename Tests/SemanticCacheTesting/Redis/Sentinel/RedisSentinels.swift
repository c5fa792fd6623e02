/// A private primary with replicas on free ports of 127.0.0.1, and Sentinels that watch it.
///
/// Servers and Sentinels are ``RedisServer`` objects, which live as long as this object; ``kill()`` ends them all. The
/// Sentinels ask and tell each other more often than usual, so that what follows a failover takes less time.
public final class RedisSentinels: Sendable {
    /// What is started.
    public struct Options: Sendable {
        /// How many replicas the primary has.
        public var replicas = 1
        /// How many Sentinels there are.
        public var sentinels = 3
        /// How many of them must find the primary down; more than half of all must be there to replace it.
        public var quorum = 2
        /// What the Sentinels call the primary.
        public var name = "cache"
        /// After which a silent primary is taken for down; half a second at least.
        public var downAfter = Duration.milliseconds(1000)
        /// The `failover-timeout` of the Sentinels: after a failover, twice this passes before they try another one.
        public var failoverTimeout = Duration.milliseconds(3000)
        /// Of each server; a password is also what replicas and Sentinels use.
        public var server = RedisServer.Options()
        /// The password that Sentinels ask for; nil means none.
        public var sentinelPassword: String?

        /// One primary, one replica, three Sentinels, no password.
        public init() {}
    }

    /// What it was started with.
    public let options: Options
    /// The first primary and its replicas, in this order whatever their roles are now.
    public let servers: [RedisServer]
    /// The Sentinels.
    public let sentinels: [RedisServer]

    /// Starts all and returns once the Sentinels know each other and every server, and could replace the primary.
    public static func start(_ options: Options = Options()) async throws -> RedisSentinels {
        var server = options.server
        server.arguments = RedisServer.replicationArguments + server.arguments
        if let password = server.password { server.arguments += ["--masterauth", password] }
        let primary = try await RedisServer.start(server)
        var replicas = server
        replicas.arguments += ["--replicaof", "127.0.0.1 \(primary.port)"]
        var servers = [primary]
        for _ in 0..<options.replicas { servers.append(try await RedisServer.start(replicas)) }
        // Sentinels look at once for what their configuration names, and again after seconds.
        try await eventually("the replicas follow") { try servers.dropFirst().allSatisfy { try $0.followsItsPrimary } }
        let all = RedisSentinels(options, servers, try await startSentinels(options, servers))
        try await all.waitUntilHealthy()
        return all
    }

    private init(_ options: Options, _ servers: [RedisServer], _ sentinels: [RedisServer]) {
        self.options = options
        self.servers = servers
        self.sentinels = sentinels
    }

    /// The URL: all Sentinels, the name of the primary, and the credentials that servers and Sentinels ask for.
    public var url: String {
        let hosts = sentinels.map { "127.0.0.1:\($0.port)" }.joined(separator: ",")
        let query = options.sentinelPassword.map { "?sentinel_password=\($0)" } ?? ""
        return "redis-sentinel://\(options.server.credentials)\(hosts)/\(options.name)\(query)"
    }

    /// Kills all servers and Sentinels at once.
    public func kill() {
        for server in sentinels + servers { server.kill() }
    }

    /// Starts the Sentinels, which know each other from their configuration rather than by and by from the primary.
    private static func startSentinels(_ options: Options, _ servers: [RedisServer]) async throws -> [RedisServer] {
        var log = ""
        for _ in 0..<5 {
            let peers = try (0..<options.sentinels).map { _ in
                (id: hexadecimalID(), port: try RedisServer.freePort())
            }
            let sentinels = try peers.map { peer in
                try sentinel(peer.id, peer.port, among: peers, options, servers)
            }
            for sentinel in sentinels { try sentinel.launch() }
            var isReady = true
            for sentinel in sentinels where try await !sentinel.waitUntilReady() {
                isReady = false
                log = sentinel.log
            }
            if isReady { return sentinels }
        }
        throw ChildProcess.Failure(description: "the Sentinels did not start: \(log)")
    }

    private static func sentinel(
        _ id: String,
        _ port: Int,
        among peers: [(id: String, port: Int)],
        _ options: Options,
        _ servers: [RedisServer]
    ) throws -> RedisServer {
        let name = options.name
        var lines = [
            "sentinel myid \(id)",
            "sentinel monitor \(name) 127.0.0.1 \(servers[0].port) \(options.quorum)",
            "sentinel down-after-milliseconds \(name) \(Int(options.downAfter / .milliseconds(1)))",
            "sentinel failover-timeout \(name) \(Int(options.failoverTimeout / .milliseconds(1)))",
        ]
        if let password = options.server.password { lines.append("sentinel auth-pass \(name) \(password)") }
        if let password = options.sentinelPassword { lines.append("sentinel sentinel-pass \(password)") }
        for peer in peers where peer.id != id {
            lines.append("sentinel known-sentinel \(name) 127.0.0.1 \(peer.port) \(peer.id)")
        }
        for replica in servers.dropFirst() { lines.append("sentinel known-replica \(name) 127.0.0.1 \(replica.port)") }
        var own = RedisServer.Options()
        own.program = options.server.program
        own.password = options.sentinelPassword
        return try RedisServer(sentinelOn: port, lines: lines, options: own)
    }

    private static func hexadecimalID() -> String {
        String((0..<40).compactMap { _ in "0123456789abcdef".randomElement() })
    }
}

/// Starts a primary, replicas and Sentinels for the time of `body` and kills them afterwards, whatever happens.
public func withRedisSentinels<Result>(
    _ options: RedisSentinels.Options = RedisSentinels.Options(),
    isolation: isolated (any Actor)? = #isolation,
    _ body: (RedisSentinels) async throws -> Result
) async throws -> Result {
    let sentinels = try await RedisSentinels.start(options)
    defer { sentinels.kill() }
    return try await body(sentinels)
}
