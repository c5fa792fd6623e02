import Redis
import SemanticCache

/// Hits that were served and not yet added to their entries in Redis, by bucket.
struct HitCounts {
    /// Most entries of a bucket that are counted between two writes; hits of further ones are not counted.
    static let maximumEntriesPerBucket = 1024
    private static let entriesPerScript = 64

    private struct Hits {
        var version: UInt64
        var count: Int
    }

    private var buckets = Array(repeating: [Fingerprint: Hits](), count: Bucket.all.count)

    /// Counts one hit.
    mutating func add(_ id: Fingerprint, version: UInt64) {
        let bucket = Bucket(of: id).index
        if let counted = buckets[bucket][id], counted.version == version {
            buckets[bucket][id] = Hits(version: version, count: counted.count + 1)
        } else if buckets[bucket].count < Self.maximumEntriesPerBucket {
            buckets[bucket][id] = Hits(version: version, count: 1)
        }
    }

    /// Hands over what was counted in a bucket as calls of ``HitScript``.
    mutating func drain(_ bucket: Bucket, _ keys: KeySpace) -> [(keys: [[UInt8]], arguments: [[UInt8]])] {
        guard !buckets[bucket.index].isEmpty else { return [] }
        var calls: [(keys: [[UInt8]], arguments: [[UInt8]])] = []
        for (place, (id, hits)) in buckets[bucket.index].enumerated() {
            if place % Self.entriesPerScript == 0 { calls.append(([], [])) }
            var version: [UInt8] = []
            version.append(word: hits.version)
            calls[calls.endIndex - 1].keys.append(keys.entry(id))
            calls[calls.endIndex - 1].arguments += [version, Array(decimal: hits.count)]
        }
        buckets[bucket.index].removeAll(keepingCapacity: true)
        return calls
    }
}
