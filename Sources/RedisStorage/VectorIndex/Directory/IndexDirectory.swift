import Redis
import SemanticCache

/// Knows of each entry where the index in Redis has it: an element can be removed, counted, flushed and looked after by
/// its entry alone.
///
/// Who claims an entry first adds it to the index, so that several replicas that learn of it add it once. What is in the
/// index is in the directory: it is written before, and forgotten after.
struct IndexDirectory: Sendable {
    /// Places that one call to Redis handles.
    static let placesPerCall = 100

    let keys: KeySpace
    let modelDigest: UInt64
    let client: RedisClient

    /// Claims entries for places, and says for each where it was before: nil, and it is the caller's to add.
    func claim(_ entries: [PlacedEntry]) async throws(CommandFailure) -> [ElementPlace?] {
        let parts = Set(entries.map(\.part))
        var commands = parts.map { RedisCommand("SADD", keys.indexed($0.bucket), name(of: $0)) }
        for entry in entries {
            let key = keys.places(entry.part, modelDigest)
            commands.append(RedisCommand("HSETNX", key, entry.key.fingerprint.bytes, entry.place.bytes))
            commands.append(RedisCommand("HGET", key, entry.key.fingerprint.bytes))
        }
        let replies = try await client.checkedReplies(to: commands).dropFirst(parts.count)
        return stride(from: replies.startIndex, to: replies.endIndex, by: 2).map { index in
            replies[index].integer == 1 ? nil : replies[index + 1].bytes.flatMap { ElementPlace($0) }
        }
    }

    /// Notes other places, or other expiries.
    func write(_ entries: [PlacedEntry]) async throws(CommandFailure) {
        if entries.isEmpty { return }
        _ = try await client.checkedReplies(
            to: entries.map {
                RedisCommand("HSET", keys.places($0.part, modelDigest), $0.key.fingerprint.bytes, $0.place.bytes)
            }
        )
    }

    /// Where entries are; those that are not in the index are left out.
    func places(of entries: [EntryKey]) async throws(CommandFailure) -> [PlacedEntry] {
        let replies = try await client.checkedReplies(
            to: entries.map { entry in
                let part = BucketNamespace(bucket: Bucket(of: entry.fingerprint), namespace: entry.namespace)
                return RedisCommand("HGET", keys.places(part, modelDigest), entry.fingerprint.bytes)
            }
        )
        return zip(entries, replies).compactMap { entry, reply in
            reply.bytes.flatMap { ElementPlace($0) }.map { PlacedEntry(key: entry, place: $0) }
        }
    }

    /// Forgets entries, unless they have been given another place meanwhile.
    func forget(_ entries: [PlacedEntry]) async throws(CommandFailure) {
        for (part, entries) in Dictionary(grouping: entries, by: \.part) {
            for some in entries.chunks(of: Self.placesPerCall) {
                _ = try await client.checkedReply(
                    to: DirectoryScripts.forget,
                    keys: [keys.places(part, modelDigest)],
                    arguments: some.flatMap { [$0.key.fingerprint.bytes, $0.place.bytes] }
                )
            }
        }
    }

    /// Which parts of namespaces have something in the index, by model.
    func parts() async throws(CommandFailure) -> [(modelDigest: UInt64, part: BucketNamespace)] {
        let replies = try await client.somewhereCheckedReplies(
            to: Bucket.all.map { RedisCommand("SMEMBERS", keys.indexed($0)) }
        )
        var parts: [(modelDigest: UInt64, part: BucketNamespace)] = []
        for (bucket, reply) in zip(Bucket.all, replies) {
            for name in ((try? reply.get())?.elements ?? []).compactMap(\.bytes) where name.count > 8 {
                guard let namespace = Namespace(String(decoding: name[8...], as: UTF8.self)) else { continue }
                parts.append((ByteReader.word(name), BucketNamespace(bucket: bucket, namespace: namespace)))
            }
        }
        return parts
    }

    /// The parts of this model.
    func ownParts() async throws(CommandFailure) -> [BucketNamespace] {
        try await parts().filter { $0.modelDigest == modelDigest }.map(\.part)
    }

    /// Some of a part's places from `cursor` on, which begins at 0 and is 0 again at the end.
    ///
    /// A place that is there all the time is seen at least once.
    func page(
        of part: BucketNamespace,
        at cursor: inout [UInt8]
    ) async throws(CommandFailure) -> [PlacedEntry] {
        var command = RedisCommand("HSCAN", keys.places(part, modelDigest), cursor)
        command.append("COUNT")
        command.append(Int64(Self.placesPerCall))
        let reply = try await client.checkedReply(to: command, patience: HeadReader.patience)
        guard let parts = reply.elements, parts.count == 2, let next = parts[0].bytes, let fields = parts[1].elements
        else { throw .malformed }
        cursor = next
        return stride(from: 0, to: fields.count - 1, by: 2).compactMap { index in
            guard let entry = fields[index].bytes.flatMap({ Fingerprint(bytes: $0) }),
                let place = fields[index + 1].bytes.flatMap({ ElementPlace($0) })
            else { return nil }
            return PlacedEntry(key: EntryKey(namespace: part.namespace, fingerprint: entry), place: place)
        }
    }

    /// How many entries are in the index.
    func count() async throws(CommandFailure) -> Int {
        var count: Int64 = 0
        for some in try await ownParts().chunks(of: 256) {
            let replies = try await client.checkedReplies(
                to: some.map { RedisCommand("HLEN", keys.places($0, modelDigest)) }
            )
            count += replies.reduce(0) { $0 + ($1.integer ?? 0) }
        }
        return Int(count)
    }

    /// Forgets a part in which nothing is left.
    func close(_ part: BucketNamespace) async throws(CommandFailure) {
        _ = try await client.checkedReply(
            to: DirectoryScripts.close,
            keys: [keys.indexed(part.bucket), keys.places(part, modelDigest)],
            arguments: [name(of: part)]
        )
    }

    /// The directory of another model.
    func of(_ modelDigest: UInt64) -> IndexDirectory {
        IndexDirectory(keys: keys, modelDigest: modelDigest, client: client)
    }

    private func name(of part: BucketNamespace) -> [UInt8] {
        var name: [UInt8] = []
        name.append(word: modelDigest)
        return name + part.namespace.name.utf8
    }
}

extension Array {
    /// The elements in their order, `count` at a time.
    func chunks(of count: Int) -> [ArraySlice<Element>] {
        stride(from: 0, to: self.count, by: count).map { self[$0..<Swift.min($0 + count, self.count)] }
    }
}
