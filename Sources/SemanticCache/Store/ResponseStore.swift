/// The exact tier: where answers are kept, shared by all replicas.
///
/// An instance belongs to one event loop: every call is made there and every completion runs there, exactly once and
/// no later than the call's deadline, possibly before the call returns. What cannot be done in time is `unavailable`.
public protocol ResponseStore: AnyObject {
    /// Reads an entry and, in the same round trip, what proves that it is still valid.
    ///
    /// An entry that was flushed, deleted or has expired is absent from the moment that Redis knows.
    func fetch(_ key: EntryKey, deadline: Deadline, completion: @escaping (FetchOutcome) -> Void)

    /// Asks to fill an entry that was absent.
    ///
    /// While another caller holds the lease and `request.waitUntil` has not passed, it waits: for the entry
    /// (`found`, coalesced), or for the lease when that caller released it or it expired (`granted`).
    func acquire(
        _ key: EntryKey,
        _ request: FillRequest,
        deadline: Deadline,
        completion: @escaping (AcquireOutcome) -> Void
    )

    /// Stores an answer: the first fill wins, and a fill asked for before a flush that covers it is refused.
    func commit(_ fill: Fill, deadline: Deadline, completion: @escaping (CommitOutcome) -> Void)

    /// Gives a lease up, so that the next waiter gets it; does nothing when `token` no longer holds it.
    func release(_ key: EntryKey, token: FillToken, deadline: Deadline, completion: @escaping (ReleaseOutcome) -> Void)

    /// Counts that `entry` was served, for ``EntryRecord/hits``; costs nothing at once.
    func countHit(of entry: Entry)
}

/// What a fetch found.
public enum FetchOutcome: Sendable {
    /// A valid entry.
    case found(Entry)
    /// Another question's valid entry, which answered this one before.
    case aliased(Entry, Alias)
    /// No valid entry.
    case absent
    /// Redis did not answer in time.
    case unavailable(BypassReason)
}

/// 16 random bytes that name one fill.
public struct FillToken: Sendable, Hashable {
    /// The first eight bytes.
    public var high: UInt64
    /// The last eight bytes.
    public var low: UInt64

    /// Creates a token.
    public init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// A new random token.
    public static func random() -> FillToken {
        var generator = SystemRandomNumberGenerator()
        return FillToken(high: generator.next(), low: generator.next())
    }
}

/// How a caller wants to fill an entry.
public struct FillRequest: Sendable {
    /// Names the fill.
    public var token: FillToken
    /// Milliseconds that the lease lasts; nil to take none.
    public var leaseMilliseconds: Int?
    /// How long to wait while another caller fills; nil not to wait.
    public var waitUntil: Deadline?
    /// Which entries that exist meanwhile are an answer (`found`).
    public var accepts: Acceptance

    /// Which entries answer a caller that asked for the right to fill.
    public enum Acceptance: Sendable, Hashable {
        /// Any valid one.
        case anything
        /// One stored at this time or later, by Redis' clock.
        case storedAfter(Timestamp)
        /// None: the fill replaces what is there.
        case nothing
    }

    /// Creates a request.
    public init(token: FillToken, leaseMilliseconds: Int?, waitUntil: Deadline?, accepts: Acceptance = .anything) {
        self.token = token
        self.leaseMilliseconds = leaseMilliseconds
        self.waitUntil = waitUntil
        self.accepts = accepts
    }
}

/// What Redis said when a fill was asked for, kept in the ticket.
public struct FillGrant: Sendable, Hashable {
    /// Redis' clock at that moment, microseconds since 1970.
    public var issuedAt: Int64
    /// The namespace's flush sequence at that moment.
    public var flushSequence: Int64

    /// Creates a grant.
    public init(issuedAt: Int64, flushSequence: Int64) {
        self.issuedAt = issuedAt
        self.flushSequence = flushSequence
    }
}

/// The answer to an ``ResponseStore/acquire(_:_:deadline:completion:)``.
public enum AcquireOutcome: Sendable {
    /// This caller holds the lease for `milliseconds`.
    case granted(FillGrant, milliseconds: Int)
    /// Another caller holds it for `milliseconds` more.
    case held(FillGrant, milliseconds: Int)
    /// No lease was asked for.
    case open(FillGrant)
    /// The entry exists by now; `coalesced` when this call waited for it.
    case found(Entry, coalesced: Bool)
    /// Redis did not answer in time.
    case unavailable(BypassReason)
}

/// An answer on its way into the store.
public struct Fill: Sendable {
    /// What is to be stored.
    public var entry: NewEntry
    /// The claim of the ticket that it comes with; nil for a store without one.
    public var claim: FillClaim?

    /// Creates a fill.
    public init(entry: NewEntry, claim: FillClaim?) {
        self.entry = entry
        self.claim = claim
    }
}

/// What a ticket claims for its fill.
public struct FillClaim: Sendable, Hashable {
    /// Names the fill.
    public var token: FillToken
    /// What Redis said when the ticket was made.
    public var grant: FillGrant
    /// Whether the ticket came with the lease.
    public var heldLease: Bool

    /// Creates a claim.
    public init(token: FillToken, grant: FillGrant, heldLease: Bool) {
        self.token = token
        self.grant = grant
        self.heldLease = heldLease
    }
}

/// The answer to a commit.
public enum CommitOutcome: Sendable, Equatable {
    /// Stored; lives for `timeToLive` seconds. The receipt is there when the entry has a semantic part.
    case stored(timeToLive: Int, receipt: CommitReceipt? = nil)
    /// Not stored: another fill was first, the ticket was used, or its lease was taken over.
    case leaseLost
    /// Not stored: a flush or deletion came after the ticket.
    case flushed
    /// Not stored: Redis could not take it.
    case unavailable(StoreFailure)
}

/// What was made of an entry with a semantic part, for an index to take up at once.
public struct CommitReceipt: Sendable, Hashable {
    /// Distinguishes the entry from other fills of the same fingerprint.
    public var version: UInt64
    /// When it expires, by Redis' clock.
    public var expiresAt: Timestamp
    /// Where the change log has it.
    public var change: ChangeToken

    /// Creates a receipt.
    public init(version: UInt64, expiresAt: Timestamp, change: ChangeToken) {
        self.version = version
        self.expiresAt = expiresAt
        self.change = change
    }
}

/// Why Redis did not take a write.
public enum StoreFailure: String, Sendable, Hashable {
    /// No answer in time, or none at all; whether it was written is not known.
    case redisUnavailable = "redis_unavailable"
    /// Redis is at its memory limit and may evict nothing.
    case redisFull = "redis_full"
}

/// The answer to a release.
public enum ReleaseOutcome: Sendable, Equatable {
    /// Done, or nothing was to be done.
    case released
    /// Redis did not answer.
    case unavailable(StoreFailure)
}
