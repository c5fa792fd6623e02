/// A hit that a caller judged `wrong`.
public struct FalseHitBody: Codable, Sendable, Hashable {
    /// When it was judged, RFC 3339.
    public var at: String
    /// The entry's namespace.
    public var namespace: String
    /// 64 hex digits.
    public var entryID: String
    /// `exact` or `semantic`; null when the caller did not say what was asked.
    @ExplicitNull public var tier: String?
    /// Cosine similarity of the two questions; null when it is not known.
    @ExplicitNull public var similarity: Double?
    /// Similarity minus the verifier's penalties; null when it is not known.
    @ExplicitNull public var score: Double?
    /// What was done: `pair_blocked`, `entry_removed` or `none`.
    public var remedy: String

    /// Creates a record.
    public init(
        at: String,
        namespace: String,
        entryID: String,
        tier: String?,
        similarity: Double?,
        score: Double?,
        remedy: String
    ) {
        self.at = at
        self.namespace = namespace
        self.entryID = entryID
        self.tier = tier
        self.similarity = similarity
        self.score = score
        self.remedy = remedy
    }

    enum CodingKeys: String, CodingKey {
        case at, namespace
        case entryID = "entry_id"
        case tier, similarity, score, remedy
    }
}
