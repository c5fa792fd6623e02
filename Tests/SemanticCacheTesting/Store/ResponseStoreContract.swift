import SemanticCache

/// What every ``ResponseStore`` promises, as checks that throw ``ContractViolation``.
///
/// Each check gets two replicas over one storage, which it shares with no other check.
public enum ResponseStoreContract {
    /// One promise.
    public struct Promise: Sendable, CustomStringConvertible {
        /// The promise in words.
        public let description: String
        /// Throws when it is broken.
        public let check: @Sendable (any StoreReplicas) async throws -> Void

        init(_ description: String, _ check: @escaping @Sendable (any StoreReplicas) async throws -> Void) {
            self.description = description
            self.check = check
        }
    }

    /// All promises.
    public static let promises = entries + fills + leases + waiting + flushes + candidates

    static let key = EntryKey.numbered(1)

    /// A ticket's claim as a lookup that missed gets it.
    static func claim(
        _ replicas: any StoreReplicas,
        _ replica: Replica = .first,
        _ key: EntryKey = key,
        leaseMilliseconds: Int? = 600_000,
        accepts: FillRequest.Acceptance = .anything
    ) async throws -> FillClaim {
        let ask = FillAsk(leaseMilliseconds: leaseMilliseconds, accepts: accepts)
        let acquired = try await replicas.acquire(replica, key, ask)
        guard let grant = acquired.grant else { throw ContractViolation("no grant but \(acquired)") }
        return FillClaim(token: ask.token, grant: grant, heldLease: acquired.grantedMilliseconds != nil)
    }

    /// Stores an answer without a ticket.
    static func put(_ replicas: any StoreReplicas, _ entry: NewEntry) async throws {
        try expectEqual(
            try await replicas.commit(.first, Fill(entry: entry, claim: nil)),
            .stored(timeToLive: entry.timeToLive)
        )
    }

    static func response(_ outcome: FetchOutcome) -> String? {
        outcome.entry.map { String(decoding: $0.response, as: UTF8.self) }
    }

    private static let entries: [Promise] = [
        Promise("an entry that was never stored is absent") { replicas in
            try expect(try await replicas.fetch(.first, key).isAbsent, "absent")
        },
        Promise("a stored entry is found by the other replica as it was stored") { replicas in
            let new = NewEntry.sample(key, response: #"{"text":"ünï ✓"}"#, tags: ["docs:v2", "ü"])
            try await put(replicas, new)
            let fetched = try await replicas.fetch(.second, key)
            guard let entry = fetched.entry else { throw ContractViolation("\(fetched)") }
            try expectEqual(entry.id, key.fingerprint)
            try expectEqual(entry.response, new.response)
            try expectEqual(entry.endpoint, new.endpoint)
            try expectEqual(entry.model, new.model)
            try expectEqual(entry.tags, new.tags)
            try expectEqual(entry.usage, new.usage)
            try expectEqual(entry.cost, new.cost)
            try expectEqual(entry.expiresAt.milliseconds - entry.storedAt.milliseconds, 7_200_000)
        },
        Promise("usage and cost that are not known stay unknown") { replicas in
            try await put(replicas, .sample(key, usage: nil, cost: nil))
            let entry = try await replicas.fetch(.second, key).entry
            try expect(entry != nil && entry?.usage == nil && entry?.cost == nil, "nothing is made up")
        },
        Promise("an entry of another namespace with the same fingerprint is absent") { replicas in
            guard let other = Namespace("other") else { throw ContractViolation("namespace") }
            try await put(replicas, .sample(EntryKey(namespace: other, fingerprint: EntryKey.numbered(2).fingerprint)))
            try expect(try await replicas.fetch(.first, .numbered(2)).isAbsent, "absent")
        },
        Promise("an entry is absent after its time to live") { replicas in
            try await put(replicas, .sample(key, timeToLive: 3))
            try expect(try await replicas.fetch(.first, key).entry != nil, "found before")
            try await replicas.elapse(milliseconds: 3100)
            try expect(try await replicas.fetch(.first, key).isAbsent, "absent after")
            try expect(try await replicas.fetch(.second, key).isAbsent, "absent after, on the other replica")
        },
        Promise("a time to live below one second is one second") { replicas in
            let outcome = try await replicas.commit(.first, Fill(entry: .sample(key, timeToLive: 0), claim: nil))
            try expectEqual(outcome, .stored(timeToLive: 1))
        },
        Promise("a removed entry is absent everywhere, and removing it again finds nothing") { replicas in
            try await put(replicas, .sample(key))
            try expect(try await replicas.fetch(.second, key).entry != nil, "found before")
            try expect(try await replicas.remove(key), "there was one")
            try expect(try await replicas.fetch(.first, key).isAbsent, "absent")
            try expect(try await replicas.fetch(.second, key).isAbsent, "absent on the other replica")
            try expect(try await !replicas.remove(key), "there is none")
        },
        Promise("a store without a ticket replaces the entry, and the other replica sees it at once") { replicas in
            try await put(replicas, .sample(key, response: "1"))
            let first = try await replicas.fetch(.second, key).entry
            try await put(replicas, .sample(key, response: "2"))
            let second = try await replicas.fetch(.second, key).entry
            try expectEqual(second?.response, Array("2".utf8))
            try expect(first?.version != second?.version, "the versions differ")
        },
    ]
}
