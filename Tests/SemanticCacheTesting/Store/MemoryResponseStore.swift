import SemanticCache

/// The store of one replica over a ``MemoryStorage``: the double of the exact tier.
///
/// It answers inside the call, except to those who wait for another caller's fill.
public final class MemoryResponseStore: ResponseStore {
    /// What a store was asked.
    public enum Call: Sendable, Hashable {
        /// ``MemoryResponseStore/fetch(_:deadline:completion:)``
        case fetch
        /// ``MemoryResponseStore/acquire(_:_:deadline:completion:)``
        case acquire
        /// ``MemoryResponseStore/commit(_:deadline:completion:)``
        case commit
        /// ``MemoryResponseStore/release(_:token:deadline:completion:)``
        case release
        /// ``MemoryResponseStore/fetchCandidate(_:for:deadline:completion:)``
        case fetchCandidate
        /// ``MemoryResponseStore/writeAlias(from:to:_:deadline:completion:)``
        case writeAlias
        /// ``MemoryResponseStore/block(_:for:seconds:deadline:completion:)``
        case block
    }

    /// What it shares with the stores of other replicas.
    public let storage: MemoryStorage
    /// What it was asked, in order.
    public internal(set) var calls: [Call] = []

    /// Creates a store.
    public init(_ storage: MemoryStorage = MemoryStorage()) { self.storage = storage }

    /// Reads an entry.
    public func fetch(_ key: EntryKey, deadline: Deadline, completion: @escaping (FetchOutcome) -> Void) {
        calls.append(.fetch)
        if let reason = bypass(deadline) { return completion(.unavailable(reason)) }
        if let stored = storage.live(key) { return completion(.found(stored.entry)) }
        completion(aliased(key).map { .aliased($0, $1) } ?? .absent)
    }

    /// Asks to fill; while another caller fills, answers when that ends or the clock is advanced far enough.
    public func acquire(
        _ key: EntryKey,
        _ request: FillRequest,
        deadline: Deadline,
        completion: @escaping (AcquireOutcome) -> Void
    ) {
        calls.append(.acquire)
        ask(key, request, deadline, hasWaited: false, mayWait: request.waitUntil != nil, completion)
    }

    private func ask(
        _ key: EntryKey,
        _ request: FillRequest,
        _ deadline: Deadline,
        hasWaited: Bool,
        mayWait: Bool,
        _ completion: @escaping (AcquireOutcome) -> Void
    ) {
        if let reason = bypass(deadline) { return completion(.unavailable(reason)) }
        let now = storage.tick()
        let validity =
            storage.validities[key.namespace] ?? MemoryStorage.Validity(epoch: now, sequence: now)
        storage.validities[key.namespace] = validity
        let grant = FillGrant(issuedAt: now, flushSequence: validity.sequence)
        if let stored = storage.live(key), request.accepts.includes(stored.storedAt) {
            return completion(.found(stored.entry, coalesced: hasWaited))
        }
        let lease = storage.leases[key].flatMap { lease in
            lease.until > now && lease.sequence >= validity.epoch && lease.token != request.token ? lease : nil
        }
        if let lease {
            if mayWait, let waitUntil = request.waitUntil, waitUntil.uptimeNanoseconds > storage.uptimeNanoseconds {
                let until = min(waitUntil, deadline).uptimeNanoseconds
                storage.waiters.append(
                    MemoryStorage.WaitingFill(key: key, until: until) { [self] mayWait in
                        // Whoever waited to the end of its deadline has waited, not been late.
                        let limit = mayWait ? deadline : .init(uptimeNanoseconds: .max)
                        ask(key, request, limit, hasWaited: true, mayWait: mayWait, completion)
                    }
                )
                return
            }
            guard request.leaseMilliseconds != nil else { return completion(.open(grant)) }
            return completion(.held(grant, milliseconds: Int(lease.until - now + 999) / 1000))
        }
        guard let milliseconds = request.leaseMilliseconds, storage.outage != .full else {
            return completion(.open(grant))
        }
        storage.leases[key] = MemoryStorage.HeldLease(
            token: request.token,
            until: now + Int64(milliseconds) * 1000,
            sequence: validity.sequence
        )
        completion(.granted(grant, milliseconds: milliseconds))
    }

    /// Stores an answer.
    public func commit(_ fill: Fill, deadline: Deadline, completion: @escaping (CommitOutcome) -> Void) {
        calls.append(.commit)
        if bypass(deadline) != nil { return completion(.unavailable(.redisUnavailable)) }
        let now = storage.tick()
        let key = fill.entry.key
        if let claim = fill.claim, let refusal = refusal(of: claim, fill.entry, now) {
            if storage.leases[key]?.token == claim.token { giveUp(key) }
            return completion(refusal)
        }
        if storage.outage == .full { return completion(.unavailable(.redisFull)) }
        let timeToLive = max(1, fill.entry.timeToLive)
        let validity = storage.validities[key.namespace] ?? MemoryStorage.Validity(epoch: now, sequence: now)
        storage.validities[key.namespace] = validity
        storage.entries[key] = MemoryStorage.StoredEntry(
            entry: Entry(
                id: key.fingerprint,
                version: UInt64(now),
                endpoint: fill.entry.endpoint,
                model: fill.entry.model,
                tags: fill.entry.tags,
                storedAt: storage.now,
                expiresAt: Timestamp(milliseconds: storage.now.milliseconds + Int64(timeToLive) * 1000),
                usage: fill.entry.usage,
                cost: fill.entry.cost,
                response: fill.entry.response
            ),
            epoch: validity.epoch,
            storedAt: now,
            request: fill.entry.request
        )
        storage.aliases[key.fingerprint] = nil
        if Int64(timeToLive) * 1000 < storage.ticketMilliseconds {
            let until = now + storage.ticketMilliseconds * 1000
            storage.marks[key] = MemoryStorage.Mark(isRemoval: false, at: now, until: until)
        }
        giveUp(key)
        guard fill.entry.semantic != nil, let entry = storage.entries[key]?.entry else {
            return completion(.stored(timeToLive: timeToLive))
        }
        let change = ChangeToken(
            bucket: Int(key.fingerprint.firstByte & 63),
            milliseconds: UInt64(storage.now.milliseconds),
            number: UInt64(now)
        )
        let receipt = CommitReceipt(version: entry.version, expiresAt: entry.expiresAt, change: change)
        completion(.stored(timeToLive: timeToLive, receipt: receipt))
    }

    private func refusal(of claim: FillClaim, _ entry: NewEntry, _ now: Int64) -> CommitOutcome? {
        let key = entry.key
        guard let validity = storage.validities[key.namespace] else { return .flushed }
        let since = claim.grant.flushSequence
        if validity.epoch > since { return .flushed }
        let covering = storage.flushes[key.namespace, default: []].contains { flush in
            flush.sequence > since && flush.model.map { $0 == entry.model } ?? true
                && flush.tags.allSatisfy(entry.tags.contains)
        }
        if covering { return .flushed }
        if let mark = storage.marks[key], mark.until > now, mark.at > claim.grant.issuedAt {
            return mark.isRemoval ? .flushed : .leaseLost
        }
        if let stored = storage.live(key), stored.storedAt > claim.grant.issuedAt { return .leaseLost }
        if claim.heldLease, let lease = storage.leases[key], lease.until > now, lease.token != claim.token {
            return .leaseLost
        }
        return nil
    }

    /// Gives a lease up.
    public func release(
        _ key: EntryKey,
        token: FillToken,
        deadline: Deadline,
        completion: @escaping (ReleaseOutcome) -> Void
    ) {
        calls.append(.release)
        if bypass(deadline) != nil { return completion(.unavailable(.redisUnavailable)) }
        if storage.leases[key]?.token == token { giveUp(key) }
        completion(.released)
    }

    /// Counts a hit.
    public func countHit(of entry: Entry) {
        guard let key = storage.entries.first(where: { $0.value.entry.id == entry.id })?.key,
            storage.entries[key]?.entry.version == entry.version
        else { return }
        storage.entries[key]?.hits += 1
    }

    private func giveUp(_ key: EntryKey) {
        storage.leases[key] = nil
        storage.wake { $0.key == key }
    }

    func bypass(_ deadline: Deadline) -> BypassReason? {
        if storage.outage == .away { return .redisUnavailable }
        return storage.outage == .silent || deadline.uptimeNanoseconds <= storage.uptimeNanoseconds ? .deadline : nil
    }
}

extension FillRequest.Acceptance {
    fileprivate func includes(_ storedAtMicroseconds: Int64) -> Bool {
        switch self {
        case .anything: true
        case .storedAfter(let time): storedAtMicroseconds >= time.milliseconds * 1000
        case .nothing: false
        }
    }
}
