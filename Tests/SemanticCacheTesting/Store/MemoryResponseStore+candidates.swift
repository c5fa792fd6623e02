import SemanticCache

extension MemoryResponseStore: CandidateStore {
    /// Reads an entry unless it is blocked for this question.
    public func fetchCandidate(
        _ key: EntryKey,
        for asked: Fingerprint,
        deadline: Deadline,
        completion: @escaping (CandidateOutcome) -> Void
    ) {
        calls.append(.fetchCandidate)
        if let reason = bypass(deadline) { return completion(.unavailable(reason)) }
        if isBlocked(key, for: asked) { return completion(.blocked) }
        completion(storage.live(key).map { .found($0.entry) } ?? .absent)
    }

    /// Writes an alias unless an entry is there.
    public func writeAlias(
        from asked: Fingerprint,
        to source: Entry,
        _ judgment: Alias.Judgment,
        deadline: Deadline,
        completion: @escaping (AliasOutcome) -> Void
    ) {
        calls.append(.writeAlias)
        if bypass(deadline) != nil { return completion(.unavailable(.redisUnavailable)) }
        if storage.outage == .full { return completion(.unavailable(.redisFull)) }
        guard source.expiresAt > storage.now, !storage.entries.keys.contains(where: { $0.fingerprint == asked }) else {
            return completion(.declined)
        }
        storage.aliases[asked] = MemoryStorage.StoredAlias(
            alias: Alias(source: source.id, sourceVersion: source.version, judgment: judgment),
            expiresAt: source.expiresAt
        )
        completion(.written)
    }

    /// Blocks a pair.
    public func block(
        _ key: EntryKey,
        for asked: Fingerprint,
        seconds: Int,
        deadline: Deadline,
        completion: @escaping (BlockOutcome) -> Void
    ) {
        calls.append(.block)
        if bypass(deadline) != nil { return completion(.unavailable(.redisUnavailable)) }
        if storage.outage == .full { return completion(.unavailable(.redisFull)) }
        storage.blocks[MemoryStorage.BlockedPair(key: key, asked: asked)] =
            storage.now.milliseconds + Int64(seconds) * 1000
        completion(.blocked)
    }

    /// The source of an alias that may still answer, and the alias.
    func aliased(_ key: EntryKey) -> (Entry, Alias)? {
        guard let stored = storage.aliases[key.fingerprint], stored.expiresAt > storage.now else { return nil }
        let source = EntryKey(namespace: key.namespace, fingerprint: stored.alias.source)
        guard !isBlocked(source, for: key.fingerprint), let entry = storage.live(source)?.entry,
            entry.version == stored.alias.sourceVersion
        else { return nil }
        return (entry, stored.alias)
    }

    private func isBlocked(_ key: EntryKey, for asked: Fingerprint) -> Bool {
        storage.blocks[MemoryStorage.BlockedPair(key: key, asked: asked)].map { $0 > storage.now.milliseconds } ?? false
    }
}
