extension RedisSentinels {
    /// The server that the living Sentinels agree is the primary, alive or not.
    public var primary: RedisServer {
        get throws {
            let ports = Set(try sentinels.filter(\.isRunning).map { try portOfPrimary($0) })
            guard ports.count == 1, let server = servers.first(where: { ports.contains($0.port) }) else {
                throw ChildProcess.Failure(description: "the Sentinels name \(ports.count) primaries")
            }
            return server
        }
    }

    /// The other servers, alive or not.
    public var replicas: [RedisServer] {
        get throws {
            let primary = try primary
            return servers.filter { $0 !== primary }
        }
    }

    /// Has a Sentinel replace the primary although it is well, as soon as it may, and returns without waiting for it.
    public func failover() async throws {
        guard let sentinel = sentinels.first(where: \.isRunning) else {
            throw ChildProcess.Failure(description: "no Sentinel runs")
        }
        try await eventually("a failover begins", every: .milliseconds(50)) {
            try sentinel.command("SENTINEL", "FAILOVER", options.name) == .text("OK")
        }
    }

    /// Waits until all living Sentinels name a living primary other than `old`, which says that it is one.
    @discardableResult
    public func waitForFailover(from old: RedisServer) async throws -> RedisServer {
        try await eventually("there is another primary") {
            let primary = try primary
            return try primary !== old && primary.isRunning && primary.isPrimary
        }
        return try primary
    }

    /// Waits until all is well among the living, so that the Sentinels could replace the primary.
    ///
    /// They agree on the primary, find its living replicas and each other well, and the replicas follow it. Who is dead
    /// or suspended does not matter.
    public func waitUntilHealthy() async throws {
        try await eventually("servers and Sentinels are well", every: .milliseconds(20)) { try isHealthy() }
    }

    private func isHealthy() throws -> Bool {
        let primary = try primary
        guard primary.isRunning, try primary.isPrimary else { return false }
        let replicas = servers.filter { $0 !== primary && $0.isRunning }
        for replica in replicas {
            guard try replica.followsItsPrimary, try replica.replication("master_port") == "\(primary.port)" else {
                return false
            }
        }
        let living = sentinels.filter(\.isRunning)
        return try living.allSatisfy { sentinel in
            // Refused while there are too few of them.
            try sentinel.command("SENTINEL", "CKQUORUM", options.name)
            let seen = try ports(of: "REPLICAS", flagged: "slave", by: sentinel)
            let peers = try ports(of: "SENTINELS", flagged: "sentinel", by: sentinel)
            return seen.isSuperset(of: replicas.map(\.port))
                && peers.isSuperset(of: living.filter { $0 !== sentinel }.map(\.port))
        }
    }

    private func portOfPrimary(_ sentinel: RedisServer) throws -> Int {
        let address = try sentinel.command("SENTINEL", "GET-MASTER-ADDR-BY-NAME", options.name).elements
        guard let port = address?.last?.integer else { throw ChildProcess.Failure(description: "no primary is named") }
        return port
    }

    /// The ports of those whose only flag is this one: neither down nor disconnected.
    private func ports(of list: String, flagged flag: String, by sentinel: RedisServer) throws -> Set<Int> {
        var ports: Set<Int> = []
        for entry in try sentinel.command("SENTINEL", list, options.name).elements ?? [] {
            let words = entry.elements?.compactMap(\.text) ?? []
            var fields: [String: String] = [:]
            for place in stride(from: 0, to: words.count - 1, by: 2) { fields[words[place]] = words[place + 1] }
            if fields["flags"] == flag, let port = fields["port"].flatMap(Int.init) { ports.insert(port) }
        }
        return ports
    }
}
