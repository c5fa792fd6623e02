import SemanticCache

/// A search that has not been answered yet.
struct PendingSearch: Sendable {
    var vector: [Float]
    var partition: Partition
    var attributes: [AttributeDigest]
    var count: Int
    var now: Timestamp
    var completion: @Sendable ([Neighbor]) -> Void
}

extension RedisVectorIndex {
    /// Rounds of a search in which candidates were gone.
    private static let rounds = 3
    /// Candidates that the first round looks at where only some have the attributes.
    private static let leastOfMany = 64

    /// Searches, and completes the search.
    func finish(_ search: PendingSearch) async {
        do throws(CommandFailure) {
            search.completion(try await nearest(search))
        } catch {
            search.completion([])
        }
    }

    private func nearest(_ query: PendingSearch) async throws(CommandFailure) -> [Neighbor] {
        let partition = PartitionDigest(query.partition, reader.modelDigest)
        // What is searched knows no attributes: the entries say who has them.
        var wanted = query.attributes.isEmpty ? query.count + settings.spare : max(query.count, Self.leastOfMany)
        for round in 1... {
            let candidates = try await search.nearest(to: query.vector, in: partition, count: wanted)
            guard let namespace = candidates.namespace, !candidates.entries.isEmpty else { return [] }
            let read = await elements(candidates.entries.map(\.entry), in: namespace)
            let valid = read.elements.filter { $0.partition == query.partition }
            let living = valid.filter { $0.expiresAt > query.now && $0.attributes.hasAll(of: query.attributes) }
            let known = read.unread.union(valid.map(\.entry))
            for (entry, shard) in candidates.entries where !known.contains(entry) {
                direct.add(
                    .check(
                        EntryKey(namespace: namespace, fingerprint: entry),
                        foundAt: ElementPlace(
                            partition: partition,
                            shard: shard,
                            expiresAt: Timestamp(milliseconds: 0)
                        )
                    )
                )
            }
            let isAll = candidates.entries.count < wanted || living.count >= query.count || round == Self.rounds
            guard isAll else {
                wanted *= 4
                continue
            }
            let found = living.map { element in
                Neighbor(
                    entry: element.entry,
                    text: element.text,
                    similarity: element.vector.cosine(to: query.vector)
                )
            }
            return Array(found.sorted { $0.similarity > $1.similarity }.prefix(query.count))
        }
        return []
    }

    /// The valid ones of the entries, and those of which nobody can say: their server does not answer.
    private func elements(
        _ entries: [Fingerprint],
        in namespace: Namespace
    ) async -> (elements: [IndexElement], unread: Set<Fingerprint>) {
        await withTaskGroup(of: (entries: [Fingerprint], elements: [IndexElement]?).self) { [source] reads in
            for (_, some) in Dictionary(grouping: entries, by: Bucket.init(of:)) {
                reads.addTask {
                    await withCheckedContinuation { continuation in
                        source.elements(of: some, in: namespace) { continuation.resume(returning: (some, $0)) }
                    }
                }
            }
            var all: (elements: [IndexElement], unread: Set<Fingerprint>) = ([], [])
            for await (entries, elements) in reads {
                if let elements { all.elements += elements } else { all.unread.formUnion(entries) }
            }
            return all
        }
    }
}

extension QuantizedVector {
    /// The cosine to a unit vector of as many components.
    fileprivate func cosine(to vector: [Float]) -> Double {
        var product: Float = 0
        var squares = 0
        for (component, exact) in zip(components, vector) {
            product += Float(component) * exact
            squares += Int(component) * Int(component)
        }
        return squares > 0 ? max(-1, min(1, Double(product) / Double(squares).squareRoot())) : 0
    }
}
