/// A slot on its way from one primary of a cluster to another, step by step.
///
/// Until ``finish()`` the source owns it: the source serves the keys that it still has and answers `ASK` for the rest;
/// the target serves what it is asked for after `ASKING`.
public struct SlotMove: Sendable {
    /// The slot.
    public let slot: Int
    /// Its owner until ``finish()``.
    public let source: RedisServer
    /// Its owner after that.
    public let target: RedisServer
    private let cluster: RedisCluster

    fileprivate init(_ slot: Int, to target: RedisServer, in cluster: RedisCluster) throws {
        self.slot = slot
        self.target = target
        self.cluster = cluster
        source = try cluster.node(ownerOf: slot)
        try target.command("CLUSTER", "SETSLOT", "\(slot)", "IMPORTING", source.nodeID)
        try source.command("CLUSTER", "SETSLOT", "\(slot)", "MIGRATING", target.nodeID)
    }

    /// Moves up to `count` keys in one step, during which both servers answer nothing else, and says how many.
    @discardableResult
    public func migrateKeys(count: Int = 100) throws -> Int {
        // Names may be any bytes.
        let listing = ["CLUSTER", "GETKEYSINSLOT", "\(slot)", "\(count)"].map { Array($0.utf8) }
        let keys = try source.rawCommand(listing).strings
        guard !keys.isEmpty else { return 0 }
        let credentials = target.password.map { ["AUTH", $0] } ?? []
        let migrate = ["MIGRATE", "127.0.0.1", "\(target.port)", "", "0", "30000"] + credentials + ["KEYS"]
        _ = try source.rawCommand(migrate.map { Array($0.utf8) } + keys)
        return keys.count
    }

    /// Gives the slot to the target and tells all other living primaries; throws while the source has keys of it.
    public func finish() throws {
        // The source would delete them as soon as it hears of the new owner; it gets no new ones meanwhile.
        guard try source.command("CLUSTER", "COUNTKEYSINSLOT", "\(slot)") == .integer(0) else {
            throw ChildProcess.Failure(description: "keys of slot \(slot) are left")
        }
        let id = try target.nodeID
        for node in [target, source] { try node.command("CLUSTER", "SETSLOT", "\(slot)", "NODE", id) }
        for node in try cluster.primaries where node !== target && node !== source {
            try node.command("CLUSTER", "SETSLOT", "\(slot)", "NODE", id)
        }
    }

    /// Leaves the slot with the source; keys that have moved are unreachable until the move is begun again.
    public func cancel() throws {
        for node in [source, target] { try node.command("CLUSTER", "SETSLOT", "\(slot)", "STABLE") }
    }
}

extension RedisCluster {
    /// Begins to move a slot from its owner to another primary.
    public func beginMove(_ slot: Int, to target: RedisServer) throws -> SlotMove {
        try SlotMove(slot, to: target, in: self)
    }

    /// Moves a slot with all its keys from its owner to another primary, while both serve clients.
    public func moveSlot(_ slot: Int, to target: RedisServer) throws {
        let move = try beginMove(slot, to: target)
        while try move.migrateKeys() > 0 {}
        try move.finish()
    }
}
