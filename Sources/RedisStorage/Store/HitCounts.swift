import Redis
import SemanticCache

/// Hits that were served and not yet added to their entries in Redis.
struct HitCounts {
    /// Most entries that are counted between two writes; hits of further ones are not counted.
    static let maximumEntries = 50_000
    private static let entriesPerScript = 64

    private struct Hits {
        var version: UInt64
        var count: Int
    }

    private var hits: [Fingerprint: Hits] = [:]

    /// Counts one hit.
    mutating func add(_ id: Fingerprint, version: UInt64) {
        if let counted = hits[id], counted.version == version {
            hits[id] = Hits(version: version, count: counted.count + 1)
        } else if hits.count < Self.maximumEntries {
            hits[id] = Hits(version: version, count: 1)
        }
    }

    /// Hands over what was counted as calls of ``HitScript``, none of which leaves its bucket.
    mutating func drain(_ keys: KeySpace) -> [(keys: [[UInt8]], arguments: [[UInt8]])] {
        guard !hits.isEmpty else { return [] }
        var calls: [(keys: [[UInt8]], arguments: [[UInt8]])] = []
        for (_, inBucket) in Dictionary(grouping: hits, by: { Bucket(of: $0.key) }) {
            for start in stride(from: 0, to: inBucket.count, by: Self.entriesPerScript) {
                var call: (keys: [[UInt8]], arguments: [[UInt8]]) = ([], [])
                for (id, hits) in inBucket[start..<min(start + Self.entriesPerScript, inBucket.count)] {
                    var version: [UInt8] = []
                    version.append(word: hits.version)
                    call.keys.append(keys.entry(id))
                    call.arguments += [version, Array(decimal: hits.count)]
                }
                calls.append(call)
            }
        }
        hits.removeAll(keepingCapacity: true)
        return calls
    }
}
