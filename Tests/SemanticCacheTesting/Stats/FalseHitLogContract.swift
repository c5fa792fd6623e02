public import SemanticCache

/// What every ``FalseHitLog`` promises, as checks that throw ``ContractViolation``.
///
/// Each check gets an empty log and the clock that the log reads.
public enum FalseHitLogContract {
    /// One promise.
    public struct Promise: Sendable, CustomStringConvertible {
        /// The promise in words.
        public let description: String
        /// Throws when it is broken.
        public let check: @Sendable (any FalseHitLog, SettableClock) async throws -> Void

        init(
            _ description: String,
            _ check: @escaping @Sendable (any FalseHitLog, SettableClock) async throws -> Void
        ) {
            self.description = description
            self.check = check
        }
    }

    /// All promises.
    public static let promises = [
        Promise("an empty log has nothing to show") { log, _ in
            try expectEqual(await log.newest(50, in: nil), [])
        },
        Promise("everything of a false hit comes back, the newest first") { log, clock in
            var expected: [FalseHit] = []
            for remedy in FalseHit.Remedy.allCases {
                for (tier, similarity) in [(nil, nil), (.exact, nil), (.semantic, 0.8125), (.semantic, 1)] as [Known] {
                    clock.advance(milliseconds: 1)
                    let one = try falseHit(clock, "a", remedy, tier, similarity)
                    try await log.append(one)
                    expected.insert(one, at: 0)
                }
            }
            try expectEqual(await log.newest(50, in: nil), expected)
            try expectEqual(await log.newest(3, in: nil), Array(expected.prefix(3)))
        },
        Promise("one namespace sees its own, however many others have come since") { log, clock in
            let first = try falseHit(clock, "a", .entryRemoved)
            try await log.append(first)
            for _ in 0..<60 { try await log.append(try falseHit(clock, "b", .none)) }
            try expectEqual(await log.newest(50, in: Namespace("a")), [first])
            try expectEqual(await log.newest(50, in: nil).count, 50)
            try expectEqual(await log.newest(50, in: Namespace("c")), [])
        },
        Promise("the newest 200 are kept") { log, clock in
            for number in 0..<203 {
                try await log.append(try falseHit(clock, "n\(number)", .pairBlocked, .semantic, 0.9))
            }
            let kept = try await log.newest(1000, in: nil)
            try expectEqual(kept.map(\.namespace.name), (3..<203).reversed().map { "n\($0)" })
        },
        Promise("what is older than seven days is not shown") { log, clock in
            try await log.append(try falseHit(clock, "old", .entryRemoved))
            clock.advance(milliseconds: 7 * 86_400_000 - 1)
            let young = try falseHit(clock, "young", .entryRemoved)
            try await log.append(young)
            try expectEqual(await log.newest(50, in: nil).map(\.namespace.name), ["young", "old"])
            clock.advance(milliseconds: 1)
            try expectEqual(await log.newest(50, in: nil), [young])
        },
    ]

    private typealias Known = (Hit.Tier?, Double?)

    private static func falseHit(
        _ clock: SettableClock,
        _ name: String,
        _ remedy: FalseHit.Remedy,
        _ tier: Hit.Tier? = nil,
        _ similarity: Double? = nil
    ) throws -> FalseHit {
        guard let namespace = Namespace(name), let entry = Fingerprint(bytes: Array(repeating: 0xA7, count: 32)) else {
            throw ContractViolation("\(name) is no namespace")
        }
        return FalseHit(
            at: clock.now,
            namespace: namespace,
            entry: entry,
            remedy: remedy,
            tier: tier,
            similarity: similarity,
            score: similarity.map { $0 - 0.0625 }
        )
    }
}
