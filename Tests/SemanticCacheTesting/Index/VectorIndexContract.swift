import SemanticCache

/// What every ``VectorIndex`` promises, as checks that throw ``ContractViolation``.
///
/// Each check gets an empty index of 24 dimensions, which it shares with no other check. Similarities are expected to
/// 0.00001: they are computed from the stored bytes, whatever the index searches by. The nearest are expected all, which
/// an index that searches approximately grants for a few hundred elements.
public enum VectorIndexContract {
    /// One promise.
    public struct Promise: Sendable, CustomStringConvertible {
        /// The promise in words.
        public let description: String
        /// Throws when it is broken.
        public let check: @Sendable (IndexOnTrial) async throws -> Void

        init(_ description: String, _ check: @escaping @Sendable (IndexOnTrial) async throws -> Void) {
            self.description = description
            self.check = check
        }
    }

    /// All promises.
    public static let promises = finding + changing + removing

    private static let finding: [Promise] = [
        Promise("an empty index finds nothing and holds nothing") { index in
            try expectEqual(await index.neighbors(of: IndexElement.sample(1).direction), [])
            try expectEqual(try await index.usage().elements, 0)
            try await index.expectPartitions(0)
        },
        Promise("an element is found by its own vector, with its text and a similarity of 1") { index in
            let element = IndexElement.sample(1, text: "Wie wird das Wetter in Zürich? ☔️")
            try await index.insert(element)
            let found = await index.neighbors(of: element.direction)
            try expectEqual(found.map(\.entry), [element.entry])
            try expectEqual(found.map(\.text), [element.text])
            try expect(abs((found.first?.similarity ?? 0) - 1) < 1e-5, "similarity \(found)")
        },
        Promise("the nearest come first, no more than were asked for") { index in
            try await index.insert((0..<300).map { .sample($0) })
            var generator = SeededGenerator(seed: 5)
            let asked = generator.unitVector(dimensions: 24)
            for count in [1, 3, 20] {
                let found = await index.neighbors(of: asked, count: count)
                let expected = (0..<300).map { number in
                    MemoryVectorIndex.cosine(asked, IndexElement.sample(number).vector)
                }.sorted(by: >).prefix(count)
                try expectEqual(found.count, count)
                for (neighbor, similarity) in zip(found, expected) {
                    try expect(abs(neighbor.similarity - similarity) < 1e-5, "\(neighbor) instead of \(similarity)")
                }
            }
        },
        Promise("none asked for, none found") { index in
            try await index.insert(.sample(1))
            try expectEqual(await index.neighbors(of: IndexElement.sample(1).direction, count: 0), [])
        },
        Promise("an opposite vector is a neighbor of similarity -1") { index in
            let element = IndexElement.sample(1)
            try await index.insert(element)
            let found = await index.neighbors(of: element.direction.map { -$0 })
            try expect(abs((found.first?.similarity ?? 0) + 1) < 1e-5, "similarity \(found)")
        },
        Promise("elements of other partitions are not found") { index in
            try await index.insert(.sample(1, partition: 1))
            try await index.insert(.sample(2, partition: 2))
            let found = await index.neighbors(of: IndexElement.sample(1).direction, in: 2)
            try expectEqual(found.map(\.entry), [.numbered(2)])
            try await index.expectPartitions(2)
            try expectEqual(await index.neighbors(of: IndexElement.sample(1).direction, in: 3), [])
        },
        Promise("only what has all of the attributes that are asked for is found, and the nearest of it first") {
            index in
            func attributes(of number: Int) -> [UInt64] {
                number % 5 == 0 ? [] : [UInt64(number % 3)] + (number % 2 == 0 ? [100] : [])
            }
            let elements = (0..<400).map { IndexElement.sample($0, attributes: attributes(of: $0)) }
            try await index.insert(elements)
            try await index.remove((0..<400).filter { $0 % 7 == 0 }.map(Fingerprint.numbered))
            var generator = SeededGenerator(seed: 6)
            let asked = generator.unitVector(dimensions: 24)
            for wanted: [UInt64] in [[], [1], [100], [1, 100], [2, 1], [7]] {
                let living = elements.enumerated().filter { number, _ in
                    number % 7 != 0 && Set(attributes(of: number)).isSuperset(of: wanted)
                }
                let expected = living.map { MemoryVectorIndex.cosine(asked, $0.element.vector) }.sorted(by: >).prefix(9)
                let found = await index.neighbors(of: asked, having: wanted, count: 9)
                try expectEqual(found.count, expected.count)
                for (neighbor, similarity) in zip(found, expected) {
                    try expect(abs(neighbor.similarity - similarity) < 1e-5, "\(neighbor) instead of \(similarity)")
                }
            }
        },
        Promise("what has expired at the time of the search is not found") { index in
            try await index.insert(.sample(1, expiresAt: 1000))
            let asked = IndexElement.sample(1).direction
            try expectEqual(await index.neighbors(of: asked, at: 999).count, 1)
            try expectEqual(await index.neighbors(of: asked, at: 1000), [])
        },
    ]

    private static let changing: [Promise] = [
        Promise("an inserted element replaces the one of the same entry") { index in
            try await index.insert(.sample(1))
            let other = IndexElement.sample(1, version: 2, text: "other", vector: IndexElement.sample(9).direction)
            try await index.insert(other)
            let found = await index.neighbors(of: other.direction)
            try expectEqual(found.map(\.text), ["other"])
            try expect((found.first?.similarity ?? 0) > 0.9999, "\(found)")
            try expectEqual(try await index.usage().elements, 1)
        },
        Promise("an element that comes a second time is held once") { index in
            try await index.insert(.sample(1))
            let bytes = try await index.usage().bytes
            try await index.insert(.sample(1))
            try expectEqual(try await index.usage().elements, 1)
            try expectEqual(try await index.usage().bytes, bytes)
        },
        Promise("the expiry of the last insertion counts") { index in
            let asked = IndexElement.sample(1).direction
            try await index.insert(.sample(1, expiresAt: 1000))
            try await index.insert(.sample(1, version: 2, expiresAt: 3000))
            try expectEqual(await index.neighbors(of: asked, at: 2000).count, 1)
            try await index.insert(.sample(1, version: 3, expiresAt: 1500))
            try expectEqual(await index.neighbors(of: asked, at: 2000), [])
        },
        Promise("an entry that moves to another partition leaves the first") { index in
            try await index.insert(.sample(1, partition: 1))
            try await index.insert(.sample(1, partition: 2))
            let asked = IndexElement.sample(1).direction
            try expectEqual(await index.neighbors(of: asked, in: 1), [])
            try expectEqual(await index.neighbors(of: asked, in: 2).count, 1)
            try await index.expectPartitions(1)
        },
        Promise("an empty text is a text") { index in
            try await index.insert(.sample(1, text: ""))
            try expectEqual(await index.neighbors(of: IndexElement.sample(1).direction).map(\.text), [""])
        },
        Promise("bytes, where they are counted, grow with the elements") { index in
            guard let empty = try await index.usage().bytes else { return }
            try await index.insert((0..<100).map { .sample($0) })
            let usage = try await index.usage()
            try expect((usage.bytes ?? 0) >= empty + 100 * 24, "\(usage)")
        },
    ]

    private static let removing: [Promise] = [
        Promise("a removed entry is not found, and the others still are") { index in
            try await index.insert((0..<600).map { .sample($0) })
            try await index.remove(stride(from: 0, to: 600, by: 3).map(Fingerprint.numbered))
            try expectEqual(try await index.usage().elements, 400)
            for number in 0..<600 {
                let found = await index.neighbors(of: IndexElement.sample(number).direction, count: 1)
                let isHeld = number % 3 != 0
                try expectEqual(found.first?.entry == .numbered(number), isHeld)
                if isHeld { try expectEqual(found.first?.text, "text \(number)") }
            }
        },
        Promise("removing what is not there does nothing") { index in
            try await index.insert(.sample(1))
            try await index.remove(.numbered(2))
            try await index.remove(.numbered(1))
            try await index.remove(.numbered(1))
            try expectEqual(try await index.usage().elements, 0)
            try await index.expectPartitions(0)
        },
        Promise("a removed entry can come back") { index in
            try await index.insert(.sample(1))
            try await index.remove(.numbered(1))
            try await index.insert(.sample(1, version: 2))
            try expectEqual(await index.neighbors(of: IndexElement.sample(1).direction).count, 1)
        },
        Promise("a flush takes the entries of its namespace that are gone, and no others") { index in
            guard let other = Namespace("other") else { throw ContractViolation("namespace") }
            try await index.insert((0..<900).map { .sample($0, partition: $0 % 7) })
            try await index.insert((900..<1000).map { .sample($0, namespace: other, partition: 100) })
            let gone = Set((0..<1000).filter { $0 % 2 == 0 }.map(Fingerprint.numbered))
            try await index.removeAll(in: .default, where: gone.contains)
            try expectEqual(try await index.usage().elements, 550)
            for number in 0..<1000 {
                let partition = number < 900 ? number % 7 : 100
                let found = await index.neighbors(
                    of: IndexElement.sample(number).direction,
                    in: partition,
                    count: 1
                )
                try expectEqual(found.first?.entry == .numbered(number), number >= 900 || number % 2 == 1)
            }
        },
        Promise("a flush of a whole namespace leaves none of its partitions") { index in
            try await index.insert((0..<700).map { .sample($0, partition: $0 / 10) })
            try await index.removeAll(in: .default) { _ in true }
            try expectEqual(try await index.usage().elements, 0)
            try await index.expectPartitions(0)
        },
        Promise("after everything has been forgotten, nothing is found, and new elements are") { index in
            try await index.insert((0..<300).map { .sample($0, partition: $0 % 3) })
            try await index.removeAll()
            try expectEqual(try await index.usage().elements, 0)
            try expectEqual(await index.neighbors(of: IndexElement.sample(0).direction), [])
            try await index.insert(.sample(0))
            try expectEqual(await index.neighbors(of: IndexElement.sample(0).direction).count, 1)
        },
    ]
}
