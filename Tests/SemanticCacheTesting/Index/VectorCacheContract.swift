public import SemanticCache

/// What every ``VectorCache`` promises, as checks that throw ``ContractViolation``.
///
/// Each check gets an empty cache that can be reached, which it shares with no other check.
public enum VectorCacheContract {
    /// One promise.
    public struct Promise: Sendable, CustomStringConvertible {
        /// The promise in words.
        public let description: String
        /// Throws when it is broken.
        public let check: @Sendable (any VectorCache) async throws -> Void

        init(_ description: String, _ check: @escaping @Sendable (any VectorCache) async throws -> Void) {
            self.description = description
            self.check = check
        }
    }

    /// All promises.
    public static let promises = [
        Promise("an empty cache knows nothing, and no texts have no vectors") { cache in
            try expectEqual(await cache.vectors(of: ["a", "b", ""]), [nil, nil, nil])
            try expectEqual(await cache.vectors(of: []), [])
        },
        Promise("vectors come back in the order of the texts, as often as they are asked for") { cache in
            let vectors = try vectors(200)
            cache.insert(vectors, by: model)
            let texts = ["text 7", "unknown", "text 199", "text 7", "TEXT 7", ""]
            try expectEqual(await cache.vectors(of: texts), texts.map { vectors[$0] })
        },
        Promise("a later vector of a text replaces the one before") { cache in
            let vectors = try vectors(2)
            cache.insert(["text": vectors["text 0"]].compactMapValues { $0 }, by: model)
            cache.insert(["text": vectors["text 1"]].compactMapValues { $0 }, by: model)
            try expectEqual(await cache.vectors(of: ["text"]), [vectors["text 1"]])
        },
        Promise("vectors of another model are not found, however the names join") { cache in
            cache.insert(try vectors(1), by: model)
            try expectEqual(await cache.vectors(of: ["text 0"], by: "other"), [nil])
            try expectEqual(await cache.vectors(of: ["\(model)text 0"], by: ""), [nil])
        },
        Promise("any text is a text") { cache in
            let texts = ["", " ", "\u{0}", "☔️ Zürich", "שלום", String(repeating: "long ", count: 20_000)]
            let vector = try vectors(1)["text 0"]
            cache.insert(
                Dictionary(uniqueKeysWithValues: texts.map { ($0, vector) }).compactMapValues { $0 },
                by: model
            )
            try expectEqual(await cache.vectors(of: texts), texts.map { _ in vector })
        },
    ]

    private static let model = "model"

    private static func vectors(_ count: Int) throws -> [String: QuantizedVector] {
        var vectors: [String: QuantizedVector] = [:]
        for number in 0..<count { vectors["text \(number)"] = QuantizedVector([Float(number) + 1, -3, 2]) }
        try expectEqual(vectors.count, count)
        return vectors
    }
}

extension VectorCache {
    /// Looks texts up and waits for the answer.
    fileprivate func vectors(of texts: [String], by modelID: String = "model") async -> [QuantizedVector?] {
        await withCheckedContinuation { continuation in
            vectors(of: texts, by: modelID) { continuation.resume(returning: $0) }
        }
    }
}
