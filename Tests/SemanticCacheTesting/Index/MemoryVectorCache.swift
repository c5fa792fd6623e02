public import SemanticCache
import Synchronization

/// A ``VectorCache`` in memory that counts its lookups.
public final class MemoryVectorCache: VectorCache {
    private struct Contents {
        var vectors: [String: [String: QuantizedVector]] = [:]
        var lookups: [[String]] = []
        var answers = true
    }

    private let contents = Mutex(Contents())

    /// Creates an empty cache.
    public init() {}

    /// The texts of each lookup so far.
    public var lookups: [[String]] { contents.withLock { $0.lookups } }

    /// How many vectors are kept.
    public var count: Int { contents.withLock { $0.vectors.values.reduce(0) { $0 + $1.count } } }

    /// From now on no lookup is ever answered.
    public func fallSilent() { contents.withLock { $0.answers = false } }

    /// Looks vectors up; completes before it returns.
    public func vectors(
        of texts: [String],
        by modelID: String,
        completion: @escaping @Sendable ([QuantizedVector?]) -> Void
    ) {
        let found: [QuantizedVector?]? = contents.withLock { contents in
            contents.lookups.append(texts)
            return contents.answers ? texts.map { contents.vectors[modelID]?[$0] } : nil
        }
        if let found { completion(found) }
    }

    /// Keeps vectors.
    public func insert(_ vectors: [String: QuantizedVector], by modelID: String) {
        contents.withLock { $0.vectors[modelID, default: [:]].merge(vectors) { $1 } }
    }
}
