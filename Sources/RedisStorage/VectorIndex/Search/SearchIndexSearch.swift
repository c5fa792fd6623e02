import NIOCore
import Redis
import SemanticCache

/// Search by an index over hashes (`FT.SEARCH`), which Redis has with its search module, and Valkey with its own.
///
/// A hash for each entry, with the entry's time to live; an index for each model, in which the partition is a tag. Only
/// what both modules know is used. An index sees the keys of its own server, so this is nothing for a cluster.
struct SearchIndexSearch: ElementSearch {
    /// Elements that one write adds or removes: each takes about a millisecond.
    private static let elementsPerWrite = 4

    let keys: KeySpace
    let modelDigest: UInt64
    let dimensions: Int
    let client: RedisClient
    let connections: SearchConnections
    let settings: RedisIndexSettings

    func shards(for partitions: [PartitionDigest: Namespace]) async throws(CommandFailure) -> [PartitionDigest: UInt8] {
        try await ensureIndex()
        return partitions.mapValues { _ in 0 }
    }

    func add(_ elements: [PlacedElement]) async throws(CommandFailure) {
        for some in elements.chunks(of: Self.elementsPerWrite) {
            _ = try await client.checkedReplies(
                to: some.flatMap { placed in
                    var write = RedisCommand("HSET", keys.document(placed.element.key, modelDigest))
                    write.append("p")
                    write.append(placed.place.partition.hexadecimal)
                    write.append("v")
                    write.append([UInt8](littleEndian: placed.element.vector.floats))
                    return [write, expiry(of: placed.entry)]
                }
            )
        }
    }

    func renew(_ entries: [PlacedEntry]) async throws(CommandFailure) {
        if entries.isEmpty { return }
        _ = try await client.checkedReplies(to: entries.map(expiry))
    }

    func missing(of entries: [PlacedEntry]) async throws(CommandFailure) -> [PlacedEntry] {
        try await ensureIndex()
        let replies = try await client.checkedReplies(
            to: entries.map { RedisCommand("EXISTS", keys.document($0.key, modelDigest)) }
        )
        return zip(entries, replies).filter { $1.integer != 1 }.map(\.0)
    }

    func drop(_ entries: [PlacedEntry]) async throws(CommandFailure) {
        for some in entries.chunks(of: Self.elementsPerWrite) {
            _ = try await client.checkedReplies(
                to: some.map { RedisCommand("UNLINK", keys.document($0.key, modelDigest)) }
            )
            if some.endIndex < entries.count { try? await Task.sleep(for: settings.pause) }
        }
    }

    func nearest(
        to vector: [Float],
        in partition: PartitionDigest,
        count: Int
    ) async throws(CommandFailure) -> SearchCandidates {
        var command = RedisCommand("FT.SEARCH", keys.searchIndex(modelDigest))
        let exploration = max(settings.exploration, 2 * count)
        command.append("(@p:{\(partition.hexadecimal)})=>[KNN \(count) @v $q EF_RUNTIME \(exploration) AS d]")
        for word in ["PARAMS", "2", "q"] { command.append(word) }
        command.append([UInt8](littleEndian: vector))
        for word in ["RETURN", "1", "d", "LIMIT", "0", "\(count)", "DIALECT", "2"] { command.append(word) }
        let reply: RedisValue
        do throws(CommandFailure) {
            reply = try await connections.use { client throws(CommandFailure) in
                try await client.checkedReply(to: command, patience: HeadReader.patience)
            }
        } catch .refused {
            // Somebody has dropped the index.
            try await ensureIndex()
            return SearchCandidates()
        }
        return candidates(reply)
    }

    /// What is found, from the keys' names: a field that has to be read from a hash may come back empty.
    private func candidates(_ reply: RedisValue) -> SearchCandidates {
        let prefixCount = keys.documentPrefix(modelDigest).count
        let found = (reply.elements ?? []).dropFirst()
        var candidates = SearchCandidates()
        var scored: [(entry: Fingerprint, distance: Double)] = []
        for place in stride(from: found.startIndex, to: found.endIndex - 1, by: 2) {
            guard let name = found[place].bytes?.dropFirst(prefixCount),
                let entry = Fingerprint(bytes: name.prefix(32)),
                let namespace = Namespace(String(decoding: name.dropFirst(32), as: UTF8.self))
            else { continue }
            candidates.namespace = namespace
            let distance = found[place + 1].elements?.last?.text.flatMap { Double($0) }
            // The greatest that there is.
            scored.append((entry, distance ?? 2))
        }
        candidates.entries = scored.sorted { $0.distance < $1.distance }.map { ($0.entry, 0) }
        return candidates
    }

    private func expiry(of entry: PlacedEntry) -> RedisCommand {
        var command = RedisCommand("PEXPIREAT", keys.document(entry.key, modelDigest))
        command.append(Int64(clamping: entry.place.expiresAt))
        return command
    }

    /// Makes the index unless it is there; Redis then takes up the hashes that are there by itself.
    private func ensureIndex() async throws(CommandFailure) {
        if try await hasIndex() { return }
        var command = RedisCommand("FT.CREATE", keys.searchIndex(modelDigest))
        for word in ["ON", "HASH", "PREFIX", "1"] { command.append(word) }
        command.append(keys.documentPrefix(modelDigest))
        let schema = """
            SCHEMA p TAG v VECTOR HNSW 10 TYPE FLOAT32 DIM \(dimensions) DISTANCE_METRIC COSINE M 16 EF_CONSTRUCTION 200
            """
        for word in schema.split(separator: " ") { command.append(String(word)) }
        do throws(CommandFailure) {
            _ = try await client.checkedReply(to: command, patience: HeadReader.patience)
        } catch {
            // Another replica may have made it meanwhile.
            guard case .refused = error, try await hasIndex() else { throw error }
        }
    }

    private func hasIndex() async throws(CommandFailure) -> Bool {
        let reply = try await client.checkedReply(to: RedisCommand("FT._LIST"), patience: HeadReader.patience)
        let name = keys.searchIndex(modelDigest)
        return (reply.elements ?? []).contains { $0.bytes == name }
    }
}
