/// What the semantic tier asks of a store beside the exact tier's ``ResponseStore``.
///
/// Like that one, it belongs to one event loop, and each completion runs there exactly once, by the deadline.
public protocol CandidateStore: ResponseStore {
    /// Reads the entry that may answer `asked` in another one's words, what proves that it is still valid, and whether
    /// the pair was blocked, in one round trip.
    func fetchCandidate(
        _ key: EntryKey,
        for asked: Fingerprint,
        deadline: Deadline,
        completion: @escaping (CandidateOutcome) -> Void
    )

    /// Lets the exact tier answer `asked` with `source` from now on, as ``FetchOutcome/aliased(_:_:)``.
    ///
    /// The alias lives as long as its source: it answers nothing once the source was removed, flushed, replaced, has
    /// expired, or was blocked for `asked`. It never takes the place of an entry.
    func writeAlias(
        from asked: Fingerprint,
        to source: Entry,
        _ judgment: Alias.Judgment,
        deadline: Deadline,
        completion: @escaping (AliasOutcome) -> Void
    )

    /// Keeps an entry from answering `asked`, at once and on every replica, for `seconds`, the longest that an entry lives.
    func block(
        _ key: EntryKey,
        for asked: Fingerprint,
        seconds: Int,
        deadline: Deadline,
        completion: @escaping (BlockOutcome) -> Void
    )
}

/// Says that an entry answered another question than its own.
public struct Alias: Sendable, Hashable {
    /// The entry that answered.
    public var source: Fingerprint
    /// The version of the entry that answered.
    public var sourceVersion: UInt64
    /// What made it a hit.
    public var judgment: Judgment

    /// What made it a hit, so that whoever is stricter by now need not follow it.
    public struct Judgment: Sendable, Hashable {
        /// Cosine similarity, -1 to 1, rounded to `Float`.
        public var similarity: Double
        /// What the verifier made of it, rounded to `Float`.
        public var score: Double
        /// Names the embedding model and the settings under which it was judged.
        public var rules: UInt64

        /// Creates a judgment.
        public init(similarity: Double, score: Double, rules: UInt64) {
            self.similarity = similarity
            self.score = score
            self.rules = rules
        }
    }

    /// Creates an alias.
    public init(source: Fingerprint, sourceVersion: UInt64, judgment: Judgment) {
        self.source = source
        self.sourceVersion = sourceVersion
        self.judgment = judgment
    }
}

/// What became of a candidate.
public enum CandidateOutcome: Sendable {
    /// The valid entry.
    case found(Entry)
    /// No valid entry: an index that still has it may forget it.
    case absent
    /// The entry may not answer this question.
    case blocked
    /// Redis did not answer in time.
    case unavailable(BypassReason)
}

/// What became of an alias.
public enum AliasOutcome: Sendable, Equatable {
    /// Written.
    case written
    /// Not written: an entry is there, or the source has expired.
    case declined
    /// Not written, as far as is known.
    case unavailable(StoreFailure)
}

/// What became of a block.
public enum BlockOutcome: Sendable, Equatable {
    /// The pair is blocked.
    case blocked
    /// Not blocked, as far as is known.
    case unavailable(StoreFailure)
}
