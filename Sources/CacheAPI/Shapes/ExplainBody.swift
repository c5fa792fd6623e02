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
    public var outcome: OutcomeBody

    /// Creates an explanation.
    public init(
        canonical: JSONText,
        fingerprint: String,
        partition: JSONText?,
        semantic: EligibilityBody,
        neighbors: [NeighborBody],
        outcome: OutcomeBody
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

    /// Creates a verdict.
    public init(eligible: Bool, reason: String?) {
        self.eligible = eligible
        self.reason = reason
    }
}

/// A stored question near the asked one.
public struct NeighborBody: Codable, Sendable, Hashable {
    /// Cosine similarity.
    public var similarity: Double
    /// 64 hex digits.
    public var entryID: String
    /// The stored question.
    public var text: String
    /// What each guard says of it: `pass`, or why not.
    public var guards: [String: String]

    /// Creates a neighbor.
    public init(similarity: Double, entryID: String, text: String, guards: [String: String]) {
        self.similarity = similarity
        self.entryID = entryID
        self.text = text
        self.guards = guards
    }

    enum CodingKeys: String, CodingKey {
        case similarity
        case entryID = "entry_id"
        case text, guards
    }
}

/// What a lookup would answer, without the answer itself.
public struct OutcomeBody: Codable, Sendable, Hashable {
    /// `hit`, `miss` or `bypass`.
    public var status: String
    /// Of a hit: `exact` or `semantic`.
    public var tier: String?
    /// Of a hit: 64 hex digits.
    public var entryID: String?
    /// Of a hit: seconds since it was stored.
    public var age: Int?
    /// Of a hit: seconds that it still lives.
    public var ttl: Int?
    /// Of a semantic hit: cosine similarity.
    public var similarity: Double?
    /// Of a miss or bypass: why.
    public var reason: String?

    private init(status: String) { self.status = status }

    /// A hit.
    public static func hit(
        tier: String,
        entryID: String,
        age: Int,
        ttl: Int,
        similarity: Double? = nil
    ) -> OutcomeBody {
        var body = OutcomeBody(status: "hit")
        body.tier = tier
        body.entryID = entryID
        body.age = age
        body.ttl = ttl
        body.similarity = similarity
        return body
    }

    /// A miss.
    public static func miss(reason: String) -> OutcomeBody {
        var body = OutcomeBody(status: "miss")
        body.reason = reason
        return body
    }

    /// A bypass.
    public static func bypass(reason: String) -> OutcomeBody {
        var body = OutcomeBody(status: "bypass")
        body.reason = reason
        return body
    }

    enum CodingKeys: String, CodingKey {
        case status, tier
        case entryID = "entry_id"
        case age, ttl, similarity, reason
    }
}
