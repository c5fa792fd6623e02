import NIOCore
import Redis
import SemanticCache

extension VectorSetSearch {
    /// Asks all shards of the partition at the same time, and how many there are.
    func nearest(
        to vector: [Float],
        in partition: PartitionDigest,
        count: Int
    ) async throws(CommandFailure) -> SearchCandidates {
        let known = shapes[partition]?.shards ?? 1
        let blob = [UInt8](littleEndian: vector)
        var (scored, shape) = try await search(partition, shards: 0..<known, blob, count)
        guard let shape = shape ?? shapes[partition] else { return SearchCandidates() }
        shapes.note(shape, of: partition)
        if shape.shards > known { scored += try await search(partition, shards: known..<shape.shards, blob, count).0 }
        var candidates = SearchCandidates(namespace: shape.namespace)
        var seen: Set<Fingerprint> = []
        for one in scored.sorted(by: { $0.score > $1.score }) where candidates.entries.count < count {
            if seen.insert(one.entry).inserted { candidates.entries.append((one.entry, one.shard)) }
        }
        return candidates
    }

    /// What some shards have, and the partition's shape if the first one is among them.
    private func search(
        _ partition: PartitionDigest,
        shards: Range<Int>,
        _ vector: [UInt8],
        _ count: Int
    ) async throws(CommandFailure) -> ([ScoredEntry], PartitionShape?) {
        if shards.count == 1 { return try await search(partition, UInt8(shards.lowerBound), vector, count) }
        let results = await withTaskGroup(of: Result<([ScoredEntry], PartitionShape?), CommandFailure>.self) { group in
            for shard in shards {
                group.addTask {
                    do throws(CommandFailure) {
                        return .success(try await search(partition, UInt8(shard), vector, count))
                    } catch {
                        return .failure(error)
                    }
                }
            }
            var results: [Result<([ScoredEntry], PartitionShape?), CommandFailure>] = []
            for await result in group { results.append(result) }
            return results
        }
        var all: [ScoredEntry] = []
        var shape: PartitionShape?
        for result in results {
            let (scored, found) = try result.get()
            all += scored
            shape = found ?? shape
        }
        return (all, shape)
    }

    private func search(
        _ partition: PartitionDigest,
        _ shard: UInt8,
        _ vector: [UInt8],
        _ count: Int
    ) async throws(CommandFailure) -> ([ScoredEntry], PartitionShape?) {
        var command = RedisCommand("VSIM", keys.shard(shard, of: partition))
        command.append("FP32")
        command.append(vector)
        for word in ["WITHSCORES", "COUNT", "\(count)", "EF", "\(max(settings.exploration, 2 * count))"] {
            command.append(word)
        }
        let commands = (shard == 0 ? [RedisCommand("GET", keys.shape(partition))] : []) + [command]
        let replies = try await connections.use { client throws(CommandFailure) in
            try await client.checkedReplies(to: commands)
        }
        let found = replies.last?.elements ?? []
        let scored = stride(from: 0, to: found.count - 1, by: 2).compactMap { place in
            found[place].bytes.flatMap { Fingerprint(bytes: $0) }.map { entry in
                ScoredEntry(entry: entry, shard: shard, score: found[place + 1].text.flatMap { Double($0) } ?? 0)
            }
        }
        return (scored, shard == 0 ? replies.first?.bytes.flatMap { PartitionShape($0) } : nil)
    }
}

/// An entry and how near it is: (1 + cosine) / 2 of the bytes that a vector set has of it.
private struct ScoredEntry: Sendable {
    var entry: Fingerprint
    var shard: UInt8
    var score: Double
}
