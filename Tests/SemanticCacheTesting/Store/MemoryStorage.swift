import SemanticCache

/// What the stores of several replicas share, in memory: the double of Redis behind ``MemoryResponseStore``.
///
/// Its clocks stand still but for ``advance(milliseconds:)`` and one microsecond with each call, so that no two calls
/// happen at the same time. Not `Sendable`: everything that shares it lives on one event loop or in one actor.
public final class MemoryStorage {
    /// What is wrong with the storage.
    public enum Outage: Sendable, Hashable {
        /// Nothing.
        case none
        /// It cannot be reached.
        case away
        /// It does not answer in time.
        case silent
        /// It takes no writes, as its memory is used up.
        case full
    }

    /// What is wrong with it at this moment.
    public var outage = Outage.none
    /// Its clocks.
    public let clock: SettableClock
    /// How long a ticket is good, in milliseconds.
    public var ticketMilliseconds: Int64 = 3_600_000

    var entries: [EntryKey: StoredEntry] = [:]
    var validities: [Namespace: Validity] = [:]
    var leases: [EntryKey: HeldLease] = [:]
    var marks: [EntryKey: Mark] = [:]
    var flushes: [Namespace: [FlushRecord]] = [:]
    var waiters: [WaitingFill] = []
    var aliases: [Fingerprint: StoredAlias] = [:]
    var blocks: [BlockedPair: Int64] = [:]

    struct StoredEntry {
        var entry: Entry
        var epoch: Int64
        var storedAt: Int64
        var request: [UInt8]
        var hits = 0
    }

    struct Validity {
        var epoch: Int64
        var sequence: Int64
    }

    struct HeldLease {
        var token: FillToken
        var until: Int64
        var sequence: Int64
    }

    struct Mark {
        var isRemoval: Bool
        var at: Int64
        var until: Int64
    }

    struct StoredAlias {
        var alias: Alias
        var expiresAt: Timestamp
    }

    struct BlockedPair: Hashable {
        var key: EntryKey
        var asked: Fingerprint
    }

    struct FlushRecord {
        var sequence: Int64
        var model: String?
        var tags: [String]
    }

    struct WaitingFill {
        var key: EntryKey
        var until: UInt64
        var ask: (_ mayWait: Bool) -> Void
    }

    /// Creates an empty storage.
    public init(clock: SettableClock = SettableClock()) { self.clock = clock }

    /// The wall clock.
    public var now: Timestamp { clock.now }

    var microseconds: Int64 { clock.microseconds }
    var uptimeNanoseconds: UInt64 { clock.uptimeNanoseconds }

    /// Lets time pass: what expires then has expired, and who waited so long has an answer.
    public func advance(milliseconds: Int) {
        clock.advance(milliseconds: milliseconds)
        wake { [uptimeNanoseconds, leases, microseconds] waiter in
            waiter.until <= uptimeNanoseconds || leases[waiter.key].map { $0.until <= microseconds } ?? true
        }
    }

    /// Number of callers that wait for a fill.
    public var waiterCount: Int { waiters.count }

    /// How often an entry was served; nil when it is not there.
    public func hits(of key: EntryKey) -> Int? { live(key)?.hits }

    /// The request that an entry was stored with; nil when it is not there.
    public func request(of key: EntryKey) -> [UInt8]? { live(key)?.request }

    /// Removes an entry, as ``EntryAdministration/remove(_:)`` does.
    public func remove(_ key: EntryKey) -> Bool {
        let now = tick()
        guard let stored = live(key) else { return false }
        entries[key] = nil
        leases[key] = nil
        marks[key] = Mark(isRemoval: true, at: max(now, stored.storedAt), until: now + ticketMilliseconds * 1000)
        wake { $0.key == key }
        return true
    }

    /// Flushes, as ``EntryAdministration/flush(_:isDryRun:)`` does; returns how many entries that covered.
    public func flush(_ selector: FlushSelector) -> Int {
        switch selector {
        case .all: return validities.keys.reduce(0) { $0 + flush(.namespace($1, model: nil, tags: [])) }
        case .namespace(let namespace, let model, let tags):
            let covered = entries.keys.filter { key in
                guard key.namespace == namespace, let entry = live(key)?.entry else { return false }
                return model.map { $0 == entry.model } ?? true && tags.allSatisfy(entry.tags.contains)
            }
            let sequence = tick()
            if model == nil, tags.isEmpty {
                if validities[namespace] != nil {
                    validities[namespace] = Validity(epoch: sequence, sequence: sequence)
                }
            } else {
                validities[namespace]?.sequence = sequence
                flushes[namespace, default: []].append(FlushRecord(sequence: sequence, model: model, tags: tags))
            }
            for key in covered { entries[key] = nil }
            return covered.count
        }
    }

    /// The time of one call, later than that of the call before.
    func tick() -> Int64 {
        clock.advance(microseconds: 1)
        return microseconds
    }

    /// The entry if it is valid and has not expired.
    func live(_ key: EntryKey) -> StoredEntry? {
        guard let stored = entries[key], stored.entry.expiresAt > now, stored.epoch == validities[key.namespace]?.epoch
        else { return nil }
        return stored
    }

    /// Lets waiters ask again.
    func wake(_ isConcerned: (WaitingFill) -> Bool) {
        let woken = waiters.filter(isConcerned)
        waiters.removeAll(where: isConcerned)
        for waiter in woken { waiter.ask(waiter.until > uptimeNanoseconds) }
    }
}
