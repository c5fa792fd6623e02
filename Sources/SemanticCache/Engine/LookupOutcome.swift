/// The answer to a lookup.
public enum LookupOutcome: Sendable {
    /// A stored answer.
    case hit(Hit)
    /// None; the caller may fill with the ticket.
    case miss(Miss)
    /// The cache stands aside.
    case bypass(BypassReason)
}

/// A stored answer that is served.
public struct Hit: Sendable {
    /// Which tier found it.
    public enum Tier: String, Sendable, Hashable {
        /// The same request.
        case exact
        /// A near-duplicate.
        case semantic
    }

    /// The entry.
    public var entry: Entry
    /// The tier.
    public var tier: Tier
    /// Whether this lookup waited for another caller's fill.
    public var isCoalesced: Bool
    /// Cosine of the two texts' embeddings, for a semantic hit.
    public var similarity: Double?
    /// What the verifier made of it, for a semantic hit.
    public var score: Double?
    /// The stored question, for a semantic hit.
    public var matched: String?

    /// Creates a hit.
    public init(
        entry: Entry,
        tier: Tier,
        isCoalesced: Bool,
        similarity: Double? = nil,
        score: Double? = nil,
        matched: String? = nil
    ) {
        self.entry = entry
        self.tier = tier
        self.isCoalesced = isCoalesced
        self.similarity = similarity
        self.score = score
        self.matched = matched
    }
}

/// No stored answer.
public struct Miss: Sendable {
    /// Why.
    public var reason: MissReason
    /// The right to fill, signed; nil when the answer must not be stored (`no-store`).
    public var ticket: String?
    /// Who fills.
    public var lease: LeaseState
    /// The nearest candidate that was refused.
    public var nearest: Nearest?

    /// Creates a miss.
    public init(reason: MissReason, ticket: String?, lease: LeaseState, nearest: Nearest? = nil) {
        self.reason = reason
        self.ticket = ticket
        self.lease = lease
        self.nearest = nearest
    }

    /// A candidate and what refused it.
    public struct Nearest: Sendable, Hashable {
        /// Cosine similarity.
        public var similarity: Double
        /// `threshold`, `score` or a guard's name.
        public var rejectedBy: String

        /// Creates a candidate.
        public init(similarity: Double, rejectedBy: String) {
            self.similarity = similarity
            self.rejectedBy = rejectedBy
        }
    }
}

/// Why a lookup found nothing.
public enum MissReason: String, Sendable, Hashable, CaseIterable {
    /// There is no entry.
    case absent
    /// The nearest candidate was not near enough.
    case belowThreshold = "below_threshold"
    /// A guard refused the nearest candidate.
    case guarded
    /// The entry is older than `s-maxage`.
    case tooOld = "too_old"
    /// The caller asked not to search.
    case noCache = "no_cache"
    /// The exact tier had nothing and the semantic tier could not be asked in time.
    case semanticUnavailable = "semantic_unavailable"
}

/// Why the cache stood aside.
public enum BypassReason: String, Sendable, Hashable, CaseIterable {
    /// Redis is away.
    case redisUnavailable = "redis_unavailable"
    /// The lookup's deadline passed.
    case deadline
    /// The request is one that is never cached.
    case uncacheable
    /// The namespace's cache is switched off.
    case disabled
}

/// Who fills a missing entry.
public enum LeaseState: Sendable, Hashable {
    /// This caller, for so many milliseconds.
    case granted(milliseconds: Int)
    /// Another caller, for so many milliseconds more.
    case held(milliseconds: Int)
    /// Nobody was asked to.
    case none

    /// The states, without how long they last.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        /// This caller fills.
        case granted
        /// Another caller fills.
        case held
        /// Nobody was asked to.
        case none
    }

    /// The state, without how long it lasts.
    public var kind: Kind {
        switch self {
        case .granted: .granted
        case .held: .held
        case .none: .none
        }
    }
}
