import NIOCore
public import Redis

/// The key that signs a deployment's tickets, kept in Redis when none is configured.
public struct DeploymentSecret: Sendable {
    private static let bytes = 32

    private let client: RedisClient
    private let name: [UInt8]

    /// Creates a secret of the deployment that `configuration` names.
    public init(client: RedisClient, configuration: StorageConfiguration) {
        self.client = client
        name = KeySpace(prefix: configuration.keyPrefix).config("hmac")
    }

    /// The key in Redis: the one that is there, else `known`, else a new random one; nil when Redis does not answer.
    public func key(preferring known: [UInt8]?) async -> [UInt8]? {
        // Read before anything is written: a Redis that is full or read-only still has the key.
        guard let reply = try? await client.reply(to: RedisCommand("GET", name)) else { return nil }
        if let key = reply.bytes { return key.count >= Self.bytes ? key : nil }
        var generator = SystemRandomNumberGenerator()
        let candidate = known ?? (0..<Self.bytes).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
        let commands = [RedisCommand("SET", name, candidate, Array("NX".utf8)), RedisCommand("GET", name)]
        let deadline = NIODeadline.now() + RedisAdministration.patience
        // A Redis that takes no writes refuses the first, and may have the key all the same.
        guard case .success(let reply)? = await client.pipeline(commands, deadline: deadline).last,
            let key = reply.bytes,
            key.count >= Self.bytes
        else { return nil }
        return key
    }
}
