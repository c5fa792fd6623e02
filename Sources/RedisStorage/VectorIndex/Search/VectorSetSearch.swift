import NIOCore
import Redis
import SemanticCache

/// Search by vector sets, which Redis has since version 8: a set for each partition, and more where there are many.
///
/// Nothing is moved when a partition gets another shard: new elements go to the shard that has the least.
struct VectorSetSearch: ElementSearch {
    /// Elements that one write adds: each takes some milliseconds, in which Redis does nothing else.
    private static let elementsPerAddition = 2

    let keys: KeySpace
    let client: RedisClient
    let connections: SearchConnections
    let settings: RedisIndexSettings
    let shapes = KnownShapes()

    init(keys: KeySpace, client: RedisClient, connections: SearchConnections, settings: RedisIndexSettings) {
        self.keys = keys
        self.client = client
        self.connections = connections
        self.settings = settings
    }

    func shards(for partitions: [PartitionDigest: Namespace]) async throws(CommandFailure) -> [PartitionDigest: UInt8] {
        var shapes: [PartitionDigest: PartitionShape] = [:]
        let wanted = Array(partitions)
        let replies = try await client.checkedReplies(
            to: wanted.map { partition, namespace in
                let shape = PartitionShape(shards: 1, namespace: namespace)
                var command = RedisCommand("SET", keys.shape(partition), shape.bytes)
                for word in ["NX", "GET"] { command.append(word) }
                return command
            }
        )
        for ((partition, namespace), reply) in zip(wanted, replies) {
            let shape = reply.bytes.flatMap { PartitionShape($0) } ?? PartitionShape(shards: 1, namespace: namespace)
            shapes[partition] = shape
            self.shapes.note(shape, of: partition)
        }
        let places = shapes.flatMap { partition, shape in (0..<shape.shards).map { (partition, UInt8($0)) } }
        let counts = try await client.checkedReplies(
            to: places.map { RedisCommand("VCARD", keys.shard($0.1, of: $0.0)) }
        )
        var least: [PartitionDigest: (shard: UInt8, count: Int64)] = [:]
        for ((partition, shard), reply) in zip(places, counts) {
            let count = reply.integer ?? 0
            if least[partition].map({ count < $0.count }) ?? true { least[partition] = (shard, count) }
        }
        var chosen = least.mapValues(\.shard)
        for (partition, shape) in shapes
        where (least[partition]?.count ?? 0) >= settings.shardSize && shape.shards < PartitionShape.maximumShards {
            let grown = PartitionShape(shards: shape.shards + 1, namespace: shape.namespace)
            _ = try await client.checkedReplies(to: [RedisCommand("SET", keys.shape(partition), grown.bytes)])
            self.shapes.note(grown, of: partition)
            chosen[partition] = UInt8(shape.shards)
        }
        return chosen
    }

    func add(_ elements: [PlacedElement]) async throws(CommandFailure) {
        for some in elements.chunks(of: Self.elementsPerAddition) {
            _ = try await client.checkedReplies(
                to: some.map { placed in
                    var command = RedisCommand("VADD", keys.shard(placed.place.shard, of: placed.place.partition))
                    command.append("FP32")
                    command.append([UInt8](littleEndian: placed.element.vector.floats))
                    command.append(placed.element.entry.bytes)
                    // Not CAS, with which a thread looks for the neighbors: Redis 8.2 aborts when it reads that back
                    // from its append-only file.
                    command.append("Q8")
                    return command
                }
            )
        }
    }

    func renew(_: [PlacedEntry]) async throws(CommandFailure) {}

    func missing(of entries: [PlacedEntry]) async throws(CommandFailure) -> [PlacedEntry] {
        var least: [PartitionDigest: PartitionShape] = [:]
        for entry in entries {
            let shards = max(Int(entry.place.shard) + 1, least[entry.place.partition]?.shards ?? 1)
            least[entry.place.partition] = PartitionShape(shards: shards, namespace: entry.key.namespace)
        }
        let shapes = least.map { RedisCommand("SETNX", keys.shape($0), $1.bytes) }
        let replies = try await client.checkedReplies(
            to: shapes
                + entries.map {
                    RedisCommand(
                        "VISMEMBER",
                        keys.shard($0.place.shard, of: $0.place.partition),
                        $0.key.fingerprint.bytes
                    )
                }
        )
        return zip(entries, replies.dropFirst(shapes.count)).filter { $1.integer != 1 }.map(\.0)
    }

    func drop(_ entries: [PlacedEntry]) async throws(CommandFailure) {
        for (key, entries) in Dictionary(grouping: entries, by: { ShardKey($0.place) }) {
            var names = [keys.shard(key.shard, of: key.partition)]
            if key.shard == 0 { names.append(keys.shape(key.partition)) }
            var left = entries.count
            for some in entries.chunks(of: VectorSetScripts.elementsPerCall) {
                let reply = try await client.checkedReply(
                    to: VectorSetScripts.drop,
                    keys: names,
                    arguments: [[UInt8](decimal: left)] + some.map(\.key.fingerprint.bytes)
                )
                left -= some.count
                if reply.integer == 1 { break }
                if left > 0 { try? await Task.sleep(for: settings.pause) }
            }
        }
    }

    private struct ShardKey: Hashable {
        var partition: PartitionDigest
        var shard: UInt8

        init(_ place: ElementPlace) {
            partition = place.partition
            shard = place.shard
        }
    }
}
