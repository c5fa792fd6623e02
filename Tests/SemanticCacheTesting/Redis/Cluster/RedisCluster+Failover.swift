extension RedisCluster {
    /// How a replica is made the primary.
    public enum Promotion: String, Sendable, CaseIterable {
        /// In agreement with the primary, which stops taking writes until the replica has them all: nothing is lost.
        case agreed = ""
        /// Without asking the primary, but with the votes of the other primaries.
        case forced = "FORCE"
        /// Without asking anybody.
        case takenOver = "TAKEOVER"
    }

    /// Makes a replica the primary of its shard and returns once it says that it is; the others learn it from it.
    public func promote(_ replica: RedisServer, _ promotion: Promotion = .agreed) async throws {
        let words = ["CLUSTER", "FAILOVER"] + (promotion == .agreed ? [] : [promotion.rawValue])
        try replica.command(words)
        try await eventually("the replica is a primary") { try replica.isPrimary }
    }
}
