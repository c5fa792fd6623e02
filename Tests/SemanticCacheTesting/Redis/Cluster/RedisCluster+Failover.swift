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
    ///
    /// Unless it asks nobody, it takes some seconds soon after another failover of the same shard: the other primaries
    /// vote for a shard once in twice the node timeout. Who won an election less than four node timeouts ago and was
    /// replaced since should not see its new primary die: Redis 7.0 counts the votes of that election again, and the
    /// cluster never recovers.
    public func promote(_ replica: RedisServer, _ promotion: Promotion = .agreed) async throws {
        let words = ["CLUSTER", "FAILOVER"] + (promotion == .agreed ? [] : [promotion.rawValue])
        try await eventually("the replica is a primary", every: .zero) {
            // Asked again while it is a replica: it gives up when it gets no votes.
            try replica.command(words)
            for _ in 0..<100 {
                if try replica.isPrimary { return true }
                try await Task.sleep(for: .milliseconds(10))
            }
            return false
        }
    }
}
