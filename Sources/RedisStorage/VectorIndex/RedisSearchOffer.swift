import NIOCore
public import Redis

/// What a Redis offers for searching vectors.
public struct RedisSearchOffer: Sendable, Hashable {
    /// A kind of search.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        /// Sets of vectors (`VSIM`), in Redis since version 8.
        case vectorSets
        /// An index over hashes (`FT.SEARCH`), by a module.
        case searchIndex
    }

    /// What is used; nil when there is neither.
    public var kind: Kind?
    /// The server and its version, such as `Redis 7.0.15`.
    public var server: String

    /// Why a server without either cannot be used, and what to do.
    public var refusal: String {
        """
        semantic.index: 'redis' needs a Redis that searches vectors, and this is \(server), which has neither vector \
        sets (VSIM) nor, outside of a cluster, a search module (FT.SEARCH); use Redis 8 or newer, or semantic.index: local
        """
    }

    /// Creates an offer.
    public init(kind: Kind?, server: String) {
        self.kind = kind
        self.server = server
    }

    /// Asks a Redis that can be reached what it offers; nil when it does not answer now.
    public static func ask(_ client: RedisClient) async -> RedisSearchOffer? {
        do throws(CommandFailure) {
            let info = try await client.checkedReply(to: RedisCommand("INFO"), patience: HeadReader.patience)
            var fields: [Substring: Substring] = [:]
            for line in (info.text ?? "").split(whereSeparator: \.isNewline) {
                let parts = line.split(separator: ":", maxSplits: 1)
                if parts.count == 2 { fields[parts[0]] = parts[1] }
            }
            let names = try await commands(client)
            let isCluster = client.isCluster || fields["cluster_enabled"] == "1"
            let vectorSets: Kind? = names.vectorSets ? .vectorSets : nil
            let valkey = fields["valkey_version"].map { "Valkey \($0)" }
            return RedisSearchOffer(
                kind: names.searchIndex && !isCluster ? .searchIndex : vectorSets,
                server: valkey ?? "Redis \(fields["redis_version"] ?? "of no known version")"
            )
        } catch {
            return nil
        }
    }

    private static func commands(
        _ client: RedisClient
    ) async throws(CommandFailure) -> (vectorSets: Bool, searchIndex: Bool) {
        do throws(CommandFailure) {
            let command = RedisCommand(words: ["COMMAND", "INFO", "VSIM", "FT.SEARCH"])
            let reply = try await client.checkedReply(to: command, patience: HeadReader.patience)
            let known = (reply.elements ?? []).map { !($0.elements ?? []).isEmpty }
            if known.count == 2 { return (known[0], known[1]) }
        } catch {
            guard case .refused = error else { throw error }
        }
        // Somebody has renamed or forbidden COMMAND.
        let list = RedisCommand(words: ["MODULE", "LIST"])
        let reply = try await client.checkedReply(to: list, patience: HeadReader.patience)
        let names = (reply.elements ?? []).compactMap { module -> String? in
            let fields = (module.elements ?? []).map(\.text)
            return fields.firstIndex(of: "name").flatMap { $0 + 1 < fields.count ? fields[$0 + 1] : nil }
        }
        return (names.contains("vectorset"), names.contains("search"))
    }
}
