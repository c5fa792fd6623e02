import NIOCore
import Redis
import SemanticCache

extension RedisAdministration {
    /// How long replicas may take to say that they have what was written.
    private static let replicationMilliseconds = 1000

    /// Returns once replicas have what this client has written to the servers of these buckets, so that a failover
    /// brings nothing back: all that are connected, or after a second at least one of each server's.
    ///
    /// Throws `unreplicated` when a server has replicas and none of them has it. A server without any has nothing to
    /// wait for; neither has one that does not let this user ask.
    func awaitReplicas(of buckets: [Bucket]) async throws(AdministrationError) {
        // Without a cluster all buckets are on one server.
        let asked = client.isCluster ? buckets : Array(buckets.prefix(1))
        let roles = try await answers(to: asked.map { command(["ROLE"], to: $0) })
        // A primary's role: its name, its offset, the replicas that are connected.
        let waits = zip(asked, roles).compactMap { bucket, role -> RedisCommand? in
            guard let parts = role.elements, parts.count == 3, parts[0].text == "master",
                let replicas = parts[2].elements, !replicas.isEmpty
            else { return nil }
            return command(["WAIT", "\(replicas.count)", "\(Self.replicationMilliseconds)"], to: bucket)
        }
        for reached in try await answers(to: waits) where reached.integer == 0 { throw .unreplicated }
    }

    private func command(_ words: [String], to bucket: Bucket) -> RedisCommand {
        var command = RedisCommand(words: words)
        command.key = keys.trash(bucket)
        return command
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
