import Synchronization

/// A private Redis Cluster on free ports of 127.0.0.1, for one test or suite.
///
/// Its nodes are ``RedisServer`` objects, which live as long as this object holds them; ``kill()`` ends them all.
/// Replicas do not move to other primaries by themselves, and a primary that has lost its last slot stays one.
public final class RedisCluster: Sendable {
    /// How many slots a cluster has.
    public static let slotCount = 16_384

    private let options: RedisServer.Options
    private let members = Mutex<[RedisServer]>([])

    /// Starts a cluster whose slots are spread evenly over the primaries, in their order, and returns once it is
    /// healthy: two seconds, as Redis lets no new node take writes sooner.
    ///
    /// - Parameters:
    ///   - primaries: at least three, or no replica can win an election.
    ///   - replicasPerPrimary: how many replicas each primary has.
    ///   - options: of each node; a password is also what the nodes use among themselves.
    ///   - nodeTimeout: after which a silent node is doubted; a replica takes over one to two seconds later.
    /// - Returns: the cluster.
    /// - Throws: ``ChildProcess/Failure`` or ``NeverHappened`` when it does not come up.
    public static func start(
        primaries: Int = 3,
        replicasPerPrimary: Int = 0,
        options: RedisServer.Options = RedisServer.Options(),
        nodeTimeout: Duration = .milliseconds(1500)
    ) async throws -> RedisCluster {
        let cluster = RedisCluster(options, nodeTimeout)
        try await cluster.startServers(primaries * (1 + replicasPerPrimary))
        let nodes = cluster.nodes
        for (place, node) in nodes.enumerated() {
            try node.command("CLUSTER", "SET-CONFIG-EPOCH", "\(place + 1)")
            if place < primaries {
                let (first, end) = (place * slotCount / primaries, (place + 1) * slotCount / primaries)
                try node.command("CLUSTER", "ADDSLOTSRANGE", "\(first)", "\(end - 1)")
            }
            for earlier in nodes[..<place] { try node.meet(earlier) }
        }
        try await cluster.waitUntilAcquainted()
        for (place, replica) in nodes[primaries...].enumerated() {
            try replica.command("CLUSTER", "REPLICATE", nodes[place % primaries].nodeID)
        }
        try await cluster.waitUntilHealthy()
        return cluster
    }

    private init(_ options: RedisServer.Options, _ nodeTimeout: Duration) {
        var options = options
        options.arguments =
            [
                "--cluster-enabled", "yes", "--cluster-config-file", "nodes.conf",
                "--cluster-node-timeout", "\(Int(nodeTimeout / .milliseconds(1)))",
                "--cluster-replica-validity-factor", "0", "--cluster-allow-replica-migration", "no",
            ] + RedisServer.replicationArguments + options.arguments
        if let password = options.password { options.arguments += ["--masterauth", password] }
        self.options = options
    }

    /// All nodes, dead ones too: first those that began as primaries, then their replicas in the same order, then
    /// those that were added.
    public var nodes: [RedisServer] { members.withLock { $0 } }

    /// The URL, with all present nodes as seeds and the credentials that they ask for.
    public var url: String { url(seeds: nodes) }

    /// The URL with some nodes as seeds.
    public func url(seeds: [RedisServer]) -> String {
        let hosts = seeds.map { "127.0.0.1:\($0.port)" }
        return "redis-cluster://\(options.credentials)\(hosts.joined(separator: ","))"
    }

    /// Kills all nodes at once.
    public func kill() {
        for node in nodes { node.kill() }
    }

    /// Adds a primary without slots, or a replica, and returns once all know it and it can take writes.
    public func addNode(replicaOf primary: RedisServer? = nil) async throws -> RedisServer {
        let others = nodes.filter(\.isRunning)
        guard let node = try await startServers(1).first else { throw ChildProcess.Failure(description: "no node") }
        for other in others { try node.meet(other) }
        try await waitUntilAcquainted()
        if let primary { try node.command("CLUSTER", "REPLICATE", primary.nodeID) }
        try await waitUntilHealthy()
        return node
    }

    /// Starts servers at the same time, all of this cluster but not yet known to each other.
    @discardableResult
    private func startServers(_ count: Int) async throws -> [RedisServer] {
        let started = try await withThrowingTaskGroup(of: RedisServer.self) { group in
            for _ in 0..<count { group.addTask { [options] in try await RedisServer.start(options) } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        members.withLock { $0 += started }
        return started
    }
}

extension RedisServer {
    /// Its id in its cluster, 40 hexadecimal digits.
    public var nodeID: String {
        get throws {
            guard let id = try command("CLUSTER", "MYID").text else {
                throw ChildProcess.Failure(description: "a node has no id")
            }
            return id
        }
    }

    fileprivate func meet(_ other: RedisServer) throws {
        try command("CLUSTER", "MEET", "127.0.0.1", "\(other.port)")
    }
}

/// Starts a cluster for the time of `body` and kills it afterwards, whatever happens.
public func withRedisCluster<Result>(
    primaries: Int = 3,
    replicasPerPrimary: Int = 0,
    options: RedisServer.Options = RedisServer.Options(),
    isolation: isolated (any Actor)? = #isolation,
    _ body: (RedisCluster) async throws -> Result
) async throws -> Result {
    let cluster = try await RedisCluster.start(
        primaries: primaries,
        replicasPerPrimary: replicasPerPrimary,
        options: options
    )
    defer { cluster.kill() }
    return try await body(cluster)
}
