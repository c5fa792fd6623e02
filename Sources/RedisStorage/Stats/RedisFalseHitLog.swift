public import Redis
public import SemanticCache

/// The false hits of late in a list in Redis, newest first.
public struct RedisFalseHitLog: FalseHitLog {
    private static let kept = 200
    private static let milliseconds: Int64 = 7 * 86_400_000

    private let client: RedisClient
    private let name: [UInt8]
    private let now: @Sendable () -> Timestamp

    /// Creates a log on a client that somebody else runs.
    public init(client: RedisClient, configuration: StorageConfiguration, now: @escaping @Sendable () -> Timestamp) {
        self.client = client
        self.now = now
        name = KeySpace(prefix: configuration.keyPrefix).stats("false_hits")
    }

    /// Adds one with one script.
    public func append(_ falseHit: FalseHit) async throws(AdministrationError) {
        _ = try await client.reply(
            to: FalseHitScript.script,
            keys: [name],
            arguments: [
                Array(FalseHitLine(falseHit).text.utf8), Array(decimal: Self.kept - 1),
                Array(decimal: Int(Self.milliseconds)),
            ]
        )
    }

    /// Reads the whole list; lines of other versions are left out.
    public func newest(_ limit: Int, in namespace: Namespace?) async throws(AdministrationError) -> [FalseHit] {
        let command = RedisCommand("LRANGE", name, Array("0".utf8), Array(decimal: Self.kept - 1))
        let oldest = now().milliseconds - Self.milliseconds
        let lines = try await client.reply(to: command).elements ?? []
        let all = lines.lazy.compactMap { $0.text.flatMap { FalseHitLine($0)?.falseHit } }
            .filter { $0.at.milliseconds > oldest && (namespace == nil || $0.namespace == namespace) }
        return Array(all.prefix(limit))
    }
}
