import SemanticCache

/// Two replicas' stores over one shared storage, as ``ResponseStoreContract`` uses them.
public protocol StoreReplicas: Sendable {
    /// ``ResponseStore/fetch(_:deadline:completion:)`` with a deadline that no healthy store misses.
    func fetch(_ replica: Replica, _ key: EntryKey) async throws -> FetchOutcome

    /// ``ResponseStore/acquire(_:_:deadline:completion:)``; `waitMilliseconds` 0 does not wait.
    func acquire(_ replica: Replica, _ key: EntryKey, _ ask: FillAsk) async throws -> AcquireOutcome

    /// ``ResponseStore/commit(_:deadline:completion:)``.
    func commit(_ replica: Replica, _ fill: Fill) async throws -> CommitOutcome

    /// ``ResponseStore/release(_:token:deadline:completion:)``.
    func release(_ replica: Replica, _ key: EntryKey, _ token: FillToken) async throws -> ReleaseOutcome

    /// ``CandidateStore/fetchCandidate(_:for:deadline:completion:)``.
    func candidate(_ replica: Replica, _ key: EntryKey, _ asked: EntryKey) async throws -> CandidateOutcome

    /// ``CandidateStore/writeAlias(from:to:_:deadline:completion:)``.
    func writeAlias(
        _ replica: Replica,
        _ asked: EntryKey,
        _ source: Entry,
        _ judgment: Alias.Judgment
    ) async throws -> AliasOutcome

    /// ``CandidateStore/block(_:for:seconds:deadline:completion:)``, for a minute.
    func block(_ replica: Replica, _ key: EntryKey, _ asked: EntryKey) async throws -> BlockOutcome

    /// Removes an entry, as an administrator does.
    func remove(_ key: EntryKey) async throws -> Bool

    /// Flushes, as an administrator does.
    func flush(_ selector: FlushSelector) async throws -> Int

    /// Lets time pass.
    func elapse(milliseconds: Int) async throws

    /// Lets time pass, which so many callers spend waiting; they may have stopped when it is over.
    func elapse(milliseconds: Int, callersThatWait: Int) async throws

    /// Returns once so many callers wait for a fill.
    func waitForWaiters(_ count: Int) async throws
}

/// One of two replicas.
public enum Replica: Sendable {
    /// One of them.
    case first
    /// The other one.
    case second
}

/// How a replica asks to fill.
public struct FillAsk: Sendable {
    /// Names the fill.
    public var token: FillToken
    /// Milliseconds of the lease; nil takes none.
    public var leaseMilliseconds: Int?
    /// Milliseconds to wait for another caller.
    public var waitMilliseconds: Int
    /// Which entries are an answer.
    public var accepts: FillRequest.Acceptance

    /// Creates an ask.
    public init(
        token: FillToken = .random(),
        leaseMilliseconds: Int? = 600_000,
        waitMilliseconds: Int = 0,
        accepts: FillRequest.Acceptance = .anything
    ) {
        self.token = token
        self.leaseMilliseconds = leaseMilliseconds
        self.waitMilliseconds = waitMilliseconds
        self.accepts = accepts
    }
}

/// Two ``MemoryResponseStore``s over one storage.
public actor MemoryReplicas: StoreReplicas {
    private let stores: (first: MemoryResponseStore, second: MemoryResponseStore)

    /// Creates a pair over an empty storage.
    public init() {
        let storage = MemoryStorage()
        stores = (MemoryResponseStore(storage), MemoryResponseStore(storage))
    }

    private var storage: MemoryStorage { stores.first.storage }

    private func store(_ replica: Replica) -> MemoryResponseStore {
        replica == .first ? stores.first : stores.second
    }

    private func deadline(_ milliseconds: Int) -> Deadline {
        Deadline(uptimeNanoseconds: storage.uptimeNanoseconds).advanced(byMilliseconds: milliseconds)
    }

    /// Reads an entry.
    public func fetch(_ replica: Replica, _ key: EntryKey) async -> FetchOutcome {
        await withCheckedContinuation { continuation in
            store(replica).fetch(key, deadline: deadline(250)) { continuation.resume(returning: $0) }
        }
    }

    /// Asks to fill.
    public func acquire(_ replica: Replica, _ key: EntryKey, _ ask: FillAsk) async -> AcquireOutcome {
        await withCheckedContinuation { continuation in
            let request = FillRequest(
                token: ask.token,
                leaseMilliseconds: ask.leaseMilliseconds,
                waitUntil: ask.waitMilliseconds > 0 ? deadline(ask.waitMilliseconds) : nil,
                accepts: ask.accepts
            )
            store(replica).acquire(key, request, deadline: deadline(250 + ask.waitMilliseconds)) {
                continuation.resume(returning: $0)
            }
        }
    }

    /// Stores an answer.
    public func commit(_ replica: Replica, _ fill: Fill) async -> CommitOutcome {
        await withCheckedContinuation { continuation in
            store(replica).commit(fill, deadline: deadline(250)) { continuation.resume(returning: $0) }
        }
    }

    /// Gives a lease up.
    public func release(_ replica: Replica, _ key: EntryKey, _ token: FillToken) async -> ReleaseOutcome {
        await withCheckedContinuation { continuation in
            store(replica).release(key, token: token, deadline: deadline(250)) { continuation.resume(returning: $0) }
        }
    }

    /// Reads a candidate.
    public func candidate(_ replica: Replica, _ key: EntryKey, _ asked: EntryKey) async -> CandidateOutcome {
        await withCheckedContinuation { continuation in
            store(replica).fetchCandidate(key, for: asked.fingerprint, deadline: deadline(250)) {
                continuation.resume(returning: $0)
            }
        }
    }

    /// Writes an alias.
    public func writeAlias(
        _ replica: Replica,
        _ asked: EntryKey,
        _ source: Entry,
        _ judgment: Alias.Judgment
    ) async -> AliasOutcome {
        await withCheckedContinuation { continuation in
            store(replica).writeAlias(from: asked.fingerprint, to: source, judgment, deadline: deadline(250)) {
                continuation.resume(returning: $0)
            }
        }
    }

    /// Blocks a pair.
    public func block(_ replica: Replica, _ key: EntryKey, _ asked: EntryKey) async -> BlockOutcome {
        await withCheckedContinuation { continuation in
            store(replica).block(key, for: asked.fingerprint, seconds: 60, deadline: deadline(250)) {
                continuation.resume(returning: $0)
            }
        }
    }

    /// Removes an entry.
    public func remove(_ key: EntryKey) -> Bool { storage.remove(key) }

    /// Flushes.
    public func flush(_ selector: FlushSelector) -> Int { storage.flush(selector) }

    /// Advances the clock.
    public func elapse(milliseconds: Int) { storage.advance(milliseconds: milliseconds) }

    /// Advances the clock once so many callers wait.
    public func elapse(milliseconds: Int, callersThatWait: Int) async throws {
        try await waitForWaiters(callersThatWait)
        storage.advance(milliseconds: milliseconds)
    }

    /// Returns once so many callers wait.
    public func waitForWaiters(_ count: Int) async throws {
        while storage.waiterCount < count { try await Task.sleep(for: .milliseconds(1)) }
    }
}
