public import SemanticCache

/// An index before the checks of ``VectorIndexContract``, together with the entries that its elements stand for.
///
/// Every change waits until it has taken effect. Moments of the checks are counted from an origin, so that entries that
/// really expire do so long after them.
public struct IndexOnTrial: Sendable {
    /// The index.
    public let index: any VectorIndex
    /// The moment that is 0 for the checks.
    private let origin: Timestamp
    private let store: @Sendable ([IndexElement]) async throws -> Void
    private let discard: @Sendable ([Fingerprint]) async throws -> Void
    private let count: @Sendable () async throws -> Void
    private let known = Known()

    /// Puts an index on trial.
    ///
    /// `store` makes the entries of elements exist, `discard` makes entries cease to exist, `count` makes the index'
    /// usage what it is now; an index that never asks for entries needs none of them.
    public init(
        _ index: any VectorIndex,
        origin: Timestamp = Timestamp(milliseconds: 0),
        store: @escaping @Sendable ([IndexElement]) async throws -> Void = { _ in },
        discard: @escaping @Sendable ([Fingerprint]) async throws -> Void = { _ in },
        count: @escaping @Sendable () async throws -> Void = {}
    ) {
        self.index = index
        self.origin = origin
        self.store = store
        self.discard = discard
        self.count = count
    }

    func insert(_ element: IndexElement) async throws { try await insert([element]) }

    func insert(_ elements: [IndexElement]) async throws {
        let shifted = elements.map { element in
            var element = element
            element.expiresAt = Timestamp(milliseconds: origin.milliseconds + element.expiresAt.milliseconds)
            return element
        }
        try await store(shifted)
        await known.add(shifted)
        for element in shifted { index.insert(element) }
        await index.settle()
    }

    func remove(_ entry: Fingerprint) async throws { try await remove([entry]) }

    func remove(_ entries: [Fingerprint]) async throws {
        try await discard(entries)
        for entry in entries { index.remove(entry, in: .default) }
        await index.settle()
    }

    func removeAll(in namespace: Namespace, where isGone: @escaping @Sendable (Fingerprint) -> Bool) async throws {
        try await discard(await known.entries { $0.namespace == namespace && isGone($0.entry) })
        index.removeAll(in: namespace, where: isGone)
        await index.settle()
    }

    func removeAll() async throws {
        try await discard(await known.entries { _ in true })
        index.removeAll()
        await index.settle()
    }

    func neighbors(
        of vector: [Float],
        in partition: Int = 0,
        having attributes: [UInt64] = [],
        count: Int = 5,
        at now: Int64 = 0
    ) async -> [Neighbor] {
        await index.neighbors(
            of: vector,
            in: partition,
            having: attributes,
            count: count,
            at: origin.milliseconds + now
        )
    }

    func usage() async throws -> IndexUsage {
        try await count()
        return index.usage
    }

    /// Checks the number of partitions where the index counts them.
    func expectPartitions(_ expected: Int, line: Int = #line) async throws {
        if let found = try await usage().partitions { try expectEqual(found, expected, line: line) }
    }

    /// What was inserted.
    private actor Known {
        private var elements: [Fingerprint: IndexElement] = [:]

        func add(_ elements: [IndexElement]) {
            for element in elements { self.elements[element.entry] = element }
        }

        func entries(where isMeant: (IndexElement) -> Bool) -> [Fingerprint] {
            elements.values.filter(isMeant).map(\.entry)
        }
    }
}
