import SemanticCache

extension ResponseStoreContract {
    private static let asked = EntryKey.numbered(2)
    private static let judgment = Alias.Judgment(similarity: 0.875, score: 0.75, rules: 4)

    /// Stores the source, and writes the alias of what was asked.
    private static func alias(_ replicas: any StoreReplicas, timeToLive: Int = 7200) async throws -> Entry {
        try await put(replicas, .sample(key, timeToLive: timeToLive))
        guard let entry = try await replicas.fetch(.first, key).entry else { throw ContractViolation("not stored") }
        try expectEqual(try await replicas.writeAlias(.first, asked, entry, judgment), .written)
        try expect(try await replicas.fetch(.second, asked).aliased != nil, "aliased")
        return entry
    }

    private static func expectAbsent(_ replicas: any StoreReplicas, _ key: EntryKey) async throws {
        for replica in [Replica.first, .second] {
            try expect(try await replicas.fetch(replica, key).isAbsent, "absent")
        }
    }

    /// What a candidate, a blocked pair and an alias are.
    static let candidates: [Promise] = [
        Promise("a candidate is what is stored") { replicas in
            try expect(try await replicas.candidate(.first, key, asked).isAbsent, "absent")
            try await put(replicas, .sample(key))
            try expectEqual(try await replicas.candidate(.second, key, asked).entry?.id, key.fingerprint)
            _ = try await replicas.remove(key)
            try expect(try await replicas.candidate(.second, key, asked).isAbsent, "removed")
        },
        Promise("a blocked pair is blocked on every replica, whatever is stored, and no other pair is") { replicas in
            _ = try await alias(replicas)
            try expectEqual(try await replicas.block(.first, key, asked), .blocked)
            try expect(try await replicas.candidate(.second, key, asked).isBlocked, "blocked")
            try await expectAbsent(replicas, asked)
            try expect(try await replicas.candidate(.second, key, .numbered(3)).entry != nil, "another question")
            try expect(try await replicas.fetch(.second, key).entry != nil, "its own question")
            try await put(replicas, .sample(key, response: "1"))
            try expect(try await replicas.candidate(.second, key, asked).isBlocked, "still blocked")
        },
        Promise("an alias answers with its source and what made it a hit") { replicas in
            let entry = try await alias(replicas)
            let aliased = try await replicas.fetch(.second, asked).aliased
            try expectEqual(aliased?.entry.id, key.fingerprint)
            try expectEqual(aliased?.entry.response, entry.response)
            try expectEqual(
                aliased?.alias,
                Alias(source: entry.id, sourceVersion: entry.version, judgment: judgment)
            )
        },
        Promise("an alias dies with the removal of its source") { replicas in
            _ = try await alias(replicas)
            _ = try await replicas.remove(key)
            try await expectAbsent(replicas, asked)
        },
        Promise("an alias dies with the flush of its namespace") { replicas in
            _ = try await alias(replicas)
            _ = try await replicas.flush(.namespace(key.namespace, model: nil, tags: []))
            try await expectAbsent(replicas, asked)
        },
        Promise("an alias dies with a flush that covers its source") { replicas in
            _ = try await alias(replicas)
            _ = try await replicas.flush(.namespace(key.namespace, model: "gpt-4o", tags: []))
            try await expectAbsent(replicas, asked)
        },
        Promise("an alias dies when its source is replaced") { replicas in
            _ = try await alias(replicas)
            try await put(replicas, .sample(key, response: "1"))
            try await expectAbsent(replicas, asked)
        },
        Promise("an alias does not outlive its source, and is not written to one that has expired") { replicas in
            let entry = try await alias(replicas, timeToLive: 1)
            try await replicas.elapse(milliseconds: 1100)
            try await expectAbsent(replicas, asked)
            try expectEqual(try await replicas.writeAlias(.first, asked, entry, judgment), .declined)
        },
        Promise("an alias takes no entry's place, and an entry takes the alias's") { replicas in
            let entry = try await alias(replicas)
            let ask = FillAsk()
            try expect(try await replicas.acquire(.second, asked, ask).grantedMilliseconds != nil, "free to fill")
            try await put(replicas, .sample(asked, response: "1"))
            try expectEqual(response(try await replicas.fetch(.first, asked)), "1")
            try expectEqual(try await replicas.writeAlias(.first, asked, entry, judgment), .declined)
            try expectEqual(response(try await replicas.fetch(.first, asked)), "1")
        },
    ]
}
