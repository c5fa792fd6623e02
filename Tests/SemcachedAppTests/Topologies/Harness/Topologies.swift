import SemanticCacheTesting
import Testing

/// Real daemons before a cluster, or before a primary that Sentinels watch; one test after the other.
@Suite(.serialized, .keepsSecretsOutOfLogs) enum Topologies {
    /// Two daemons with the usual deadlines and no semantic tier.
    static func replicas(of url: String) async throws -> [ReplicaProcess] {
        [try await ReplicaProcess.start(redis: url), try await ReplicaProcess.start(redis: url)]
    }
}

extension RedisServer {
    /// The ids of the entries that this server has, expired or flushed ones perhaps among them.
    var entryIDs: Set<String> {
        get throws {
            let script = """
                local ids = {}
                for _, key in ipairs(redis.call('KEYS', '*')) do
                  if string.find(key, '}:e:', 1, true) then
                    ids[#ids + 1] = string.gsub(string.sub(key, -32), '.', function(byte)
                      return string.format('%02x', string.byte(byte))
                    end)
                  end
                end
                return ids
                """
            return Set(try command("EVAL", script, "0").elements?.compactMap(\.text) ?? [])
        }
    }

    /// Returns once `replica`, and all others that follow this server, have what it has.
    func isCopied(by replica: RedisServer) async throws {
        try await eventually("the replica has all") {
            let written = try replication("master_repl_offset")
            return try replica.replication("slave_repl_offset") == written
        }
    }
}
