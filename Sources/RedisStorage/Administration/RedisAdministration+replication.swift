import NIOCore
import Redis
import SemanticCache

extension RedisAdministration {
    /// How long replicas may take to say that they have what was written.
    private static let replicationMilliseconds = 1000
    /// How long other replicas of this service may take to hear of a new primary.
    private static let rumor = TimeAmount.seconds(2)
    /// How often something is done over while the primary is being replaced, and the pause before that.
    private static let attempts = 6
    private static let pause = Duration.milliseconds(500)

    /// Does `work`, which removes something from these buckets, until no failover can undo it; returns the greatest
    /// number that it returned.
    ///
    /// Throws `unreplicated` when replicas do not confirm it, or the primary is being replaced for seconds.
    func confirmed(
        in buckets: [Bucket],
        _ work: () async throws(AdministrationError) -> Int
    ) async throws(AdministrationError) -> Int {
        var most = 0
        for _ in 0..<Self.attempts {
            most = max(most, try await work())
            try await awaitReplicas(of: buckets)
            guard await client.isPrimarySettled() else {
                try? await Task.sleep(for: Self.pause)
                continue
            }
            if let changedAt = client.primaryChangedAt {
                let rest = changedAt + Self.rumor - .now()
                if rest > .zero { try? await Task.sleep(for: .nanoseconds(rest.nanoseconds)) }
            }
            return most
        }
        throw .unreplicated
    }

    /// Returns once replicas have what was written to the servers of these buckets, so that a failover brings nothing
    /// back: all that are connected, or after a second at least one of each server's.
    ///
    /// Throws `unreplicated` when a server has replicas and none of them has it. A server without any has nothing to
    /// wait for; neither has one that does not let this user ask.
    func awaitReplicas(of buckets: [Bucket]) async throws(AdministrationError) {
        // Without a cluster all buckets are on one server.
        let asked = client.isCluster ? buckets : Array(buckets.prefix(1))
        let roles = try await answers(to: asked.map { command(["ROLE"], to: $0) })
        // A server waits once: for each of its buckets it would wait as long again, one after the other.
        var servers: Set<[String]> = []
        var commands: [RedisCommand] = []
        for (bucket, role) in zip(asked, roles) {
            let replicas = Self.replicas(role)
            guard !replicas.isEmpty, servers.insert(replicas).inserted else { continue }
            // Redis waits for what the same connection has written, which may be a new one by now.
            var fence = RedisCommand("SET", keys.fence(bucket))
            for word in ["1", "PX", "\(Self.replicationMilliseconds)"] { fence.append(word) }
            commands.append(fence)
            commands.append(command(["WAIT", "\(replicas.count)", "\(Self.replicationMilliseconds)"], to: bucket))
        }
        // Those of the fences are no numbers.
        for reached in try await answers(to: commands) where reached.integer == 0 { throw .unreplicated }
    }

    /// The replicas that are connected to a server, by its role, which names them after its own name and offset.
    private static func replicas(_ role: RedisValue) -> [String] {
        guard let parts = role.elements, parts.count == 3, parts[0].text == "master" else { return [] }
        return (parts[2].elements ?? []).map { replica in
            (replica.elements ?? []).prefix(2).compactMap(\.text).joined(separator: ":")
        }
    }

    private func command(_ words: [String], to bucket: Bucket) -> RedisCommand {
        RedisCommand(words: words, key: keys.trash(bucket))
    }

    /// The replies, in which errors stand as such.
    private func answers(to commands: [RedisCommand]) async throws(AdministrationError) -> [RedisValue] {
        let patience = Self.patience + .milliseconds(Int64(Self.replicationMilliseconds))
        var replies: [RedisValue] = []
        for result in await client.pipeline(commands, deadline: .now() + patience) {
            guard case .success(let reply) = result else { throw .redisUnavailable }
            replies.append(reply)
        }
        return replies
    }
}
