extension RedisCluster {
    /// The living nodes that say that they are primaries, in the order of ``nodes``.
    public var primaries: [RedisServer] {
        get throws { try nodes.filter { try $0.isRunning && $0.isPrimary } }
    }

    /// The living replicas of a primary, in the order of ``nodes``.
    public func replicas(of primary: RedisServer) throws -> [RedisServer] {
        let port = "\(primary.port)"
        return try nodes.filter { try $0.isRunning && $0.replication("master_port") == port }
    }

    /// The slot of a key, as Redis computes it.
    public func slot(of key: String) throws -> Int {
        guard let node = nodes.first(where: \.isRunning), let slot = try node.command("CLUSTER", "KEYSLOT", key).integer
        else { throw ChildProcess.Failure(description: "no node runs") }
        return slot
    }

    /// The living node that owns a slot, which it says itself.
    public func node(ownerOf slot: Int) throws -> RedisServer {
        let claims = try nodes.filter(\.isRunning).map { ($0, try ClusterView(of: $0).myself) }
            .filter { $1.isPrimary && $1.owns(slot) }
        guard let owner = claims.max(by: { $0.1.epoch < $1.1.epoch }) else {
            throw ChildProcess.Failure(description: "no living node owns slot \(slot)")
        }
        return owner.0
    }

    /// The living node that owns the slot of a key.
    public func node(ownerOf key: String) throws -> RedisServer { try node(ownerOf: slot(of: key)) }

    /// Waits until all is well among the living nodes, which own all slots.
    ///
    /// They agree who owns which slot and who is a primary, take writes, know each other, and replicas follow their
    /// primaries. Nodes that are dead or suspended do not matter.
    public func waitUntilHealthy() async throws {
        try await eventually("the cluster is healthy", every: .milliseconds(20)) { try isHealthy() }
    }

    private func isHealthy() throws -> Bool {
        let living = nodes.filter(\.isRunning)
        // The cheapest question first: after a start it is false for two seconds.
        guard try living.allSatisfy({ try $0.clusterIsUp }) else { return false }
        let views = try living.map { try ClusterView(of: $0) }
        guard let slots = views.first?.slots, views.allSatisfy({ $0.slots == slots }) else { return false }
        let ids = Set(views.map(\.myself.id))
        let primaries = Set(views.map(\.myself).filter(\.isPrimary).map(\.id))
        guard slots.values.joined().map(\.count).reduce(0, +) == RedisCluster.slotCount,
            primaries.isSuperset(of: slots.keys), areAcquainted(views),
            views.allSatisfy({ ids.intersection($0.members.filter(\.isPrimary).map(\.id)) == primaries })
        else { return false }
        return try zip(living, views).allSatisfy { try $1.myself.isPrimary || $0.followsItsPrimary }
    }

    /// Waits until all living nodes know each other.
    func waitUntilAcquainted() async throws {
        try await eventually("the nodes know each other", every: .milliseconds(10)) {
            areAcquainted(try nodes.filter(\.isRunning).map { try ClusterView(of: $0) })
        }
    }

    private func areAcquainted(_ views: [ClusterView]) -> Bool {
        let ids = Set(views.map(\.myself.id))
        return views.allSatisfy { view in ids.isSubset(of: view.members.filter { !$0.isDoubted }.map(\.id)) }
    }
}

extension RedisServer {
    fileprivate var clusterIsUp: Bool {
        get throws { try command("CLUSTER", "INFO").text?.contains("cluster_state:ok") == true }
    }
}
