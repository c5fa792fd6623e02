/// The answer of `POST /v1/explain`.
public struct ExplainBody: Codable, Sendable, Hashable {
    /// The request's canonical form, a JSON value.
    public var canonical: JSONText
    /// 64 hex digits: the digest of namespace, endpoint and canonical form, which is the entry's id.
    public var fingerprint: String
    /// What near-duplicates are searched in, and what went into it; null when none are.
    @ExplicitNull public var partition: JSONText?
    /// Whether the semantic tier is asked.
    public var semantic: EligibilityBody
    /// The nearest neighbors, nearest first, at most five.
    public var neighbors: [NeighborBody]
    /// What a lookup would answer.
    public var outcome: LookupResultBody

    /// Creates an explanation.
    public init(
        canonical: JSONText,
        fingerprint: String,
        partition: JSONText?,
        semantic: EligibilityBody,
        neighbors: [NeighborBody],
        outcome: LookupResultBody
    ) {
        self.canonical = canonical
        self.fingerprint = fingerprint
        self.partition = partition
        self.semantic = semantic
        self.neighbors = neighbors
        self.outcome = outcome
    }
}

/// Whether a request is eligible for the semantic tier.
public struct EligibilityBody: Codable, Sendable, Hashable {
    /// Whether it is.
    public var eligible: Bool
    /// Why not; null when it is.
    @ExplicitNull public var reason: String?
    /// Least similarity of a hit here; nil from a server that does not tell.
    public var threshold: Double?
    /// Least score of a hit here; nil where no score decides.
    public var minimumScore: Double?
    /// Least score of a hit by profile; nil from a server that does not tell.
    public var profiles: [String: Double?]?

    /// Creates a verdict.
    public init(eligible: Bool, reason: String?) {
        self.eligible = eligible
        self.reason = reason
    }

    enum CodingKeys: String, CodingKey {
        case eligible, reason, threshold
        case minimumScore = "min_score"
        case profiles
    }
}

/// A stored question near the asked one.
public struct NeighborBody: Codable, Sendable, Hashable {
    /// Cosine similarity.
    public var similarity: Double
    /// Similarity minus the verifier's penalties.
    public var score: Double
    /// What the similarity of these two texts has to reach; nil from a server that does not tell.
    public var leastSimilarity: Double?
    /// 64 hex digits.
    public var entryID: String
    /// The stored question.
    public var text: String
    /// What each guard says of it: `pass`, `veto` or `off`.
    public var guards: [String: String]
    /// What it fails first: `threshold`, `score` or a guard; null when it may be served.
    @ExplicitNull public var rejectedBy: String?

    /// Creates a neighbor.
    public init(
        similarity: Double,
        score: Double,
        entryID: String,
        text: String,
        guards: [String: String],
        rejectedBy: String?
    ) {
        self.similarity = similarity
        self.score = score
        self.entryID = entryID
        self.text = text
        self.guards = guards
        self.rejectedBy = rejectedBy
    }

    enum CodingKeys: String, CodingKey {
        case similarity, score
        case leastSimilarity = "least_similarity"
        case entryID = "entry_id"
        case text, guards
        case rejectedBy = "rejected_by"
    }
}
