/// A hit that a caller judged `wrong`, as whoever watches the cache sees it.
///
/// Nothing of what was asked or answered is in it.
public struct FalseHit: Sendable, Hashable {
    /// What was done about it.
    public enum Remedy: String, Sendable, Hashable, CaseIterable {
        /// The entry does not answer that question any more.
        case pairBlocked = "pair_blocked"
        /// The entry was removed.
        case entryRemoved = "entry_removed"
        /// Nothing: there was no such entry any more.
        case none
    }

    /// When it was judged.
    public var at: Timestamp
    /// The entry's namespace.
    public var namespace: Namespace
    /// The entry's id.
    public var entry: Fingerprint
    /// What was done.
    public var remedy: Remedy
    /// The tier that found the entry; nil when the caller did not say what was asked.
    public var tier: Hit.Tier?
    /// Cosine similarity of the two questions, where the hit left word of it.
    public var similarity: Double?
    /// What the verifier made of it, where the hit left word of it.
    public var score: Double?

    /// Creates a record.
    public init(
        at: Timestamp,
        namespace: Namespace,
        entry: Fingerprint,
        remedy: Remedy,
        tier: Hit.Tier? = nil,
        similarity: Double? = nil,
        score: Double? = nil
    ) {
        self.at = at
        self.namespace = namespace
        self.entry = entry
        self.remedy = remedy
        self.tier = tier
        self.similarity = similarity
        self.score = score
    }
}
