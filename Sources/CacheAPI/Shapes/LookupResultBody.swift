/// The answer of `POST /v1/lookup`, as a client reads it.
public struct LookupResultBody: Codable, Sendable, Hashable {
    /// `hit`, `miss` or `bypass`.
    public var status: String
    /// Of a hit: `exact` or `semantic`.
    public var tier: String?
    /// Of a semantic hit: cosine of the two texts' embeddings.
    public var similarity: Double?
    /// Of a semantic hit: what the verifier made of the similarity.
    public var score: Double?
    /// Of a semantic hit: the stored question, where the caller may see it.
    public var matched: String?
    /// Of a hit: 64 hex digits.
    public var entryID: String?
    /// Of a hit: seconds since the entry was stored.
    public var age: Int?
    /// Of a hit: seconds that the entry still lives.
    public var ttl: Int?
    /// Of a hit: when the entry was stored, RFC 3339.
    public var storedAt: String?
    /// Of a hit: whether it waited for another caller's fill.
    public var coalesced: Bool?
    /// Of a hit: the upstream's answer.
    public var response: JSONText?
    /// Of a hit: what it saved.
    public var saved: HitSavingsBody?
    /// Of a miss or bypass: why.
    public var reason: String?
    /// Of a miss: the right to fill.
    public var ticket: String?
    /// Of a miss: who fills.
    public var lease: LeaseBody?
    /// Of a miss: the nearest candidate that was refused.
    public var nearest: NearestBody?

    enum CodingKeys: String, CodingKey {
        case status, tier, similarity, score, matched
        case entryID = "entry_id"
        case age, ttl
        case storedAt = "stored_at"
        case coalesced, response, saved, reason, ticket, lease, nearest
    }
}

/// What one hit saved.
public struct HitSavingsBody: Codable, Sendable, Hashable {
    /// Prompt tokens.
    public var promptTokens: Int?
    /// Completion tokens.
    public var completionTokens: Int?
    /// US dollars; null for a model without a price.
    @ExplicitNull public var usd: Double?

    /// Creates savings.
    public init(promptTokens: Int?, completionTokens: Int?, usd: Double?) {
        self.promptTokens = promptTokens
        self.completionTokens = completionTokens
        self.usd = usd
    }

    enum CodingKeys: String, CodingKey {
        case promptTokens = "prompt_tokens"
        case completionTokens = "completion_tokens"
        case usd
    }
}

/// Who fills a missing entry.
public struct LeaseBody: Codable, Sendable, Hashable {
    /// `granted`, `held` or `none`.
    public var state: String
    /// Milliseconds that the lease lasts; absent for `none`.
    public var expiresInMS: Int?

    /// Creates a lease.
    public init(state: String, expiresInMS: Int?) {
        self.state = state
        self.expiresInMS = expiresInMS
    }

    enum CodingKeys: String, CodingKey {
        case state
        case expiresInMS = "expires_in_ms"
    }
}

/// A candidate that was refused.
public struct NearestBody: Codable, Sendable, Hashable {
    /// Cosine similarity.
    public var similarity: Double
    /// `threshold`, `score` or a guard's name.
    public var rejectedBy: String

    /// Creates a candidate.
    public init(similarity: Double, rejectedBy: String) {
        self.similarity = similarity
        self.rejectedBy = rejectedBy
    }

    enum CodingKeys: String, CodingKey {
        case similarity
        case rejectedBy = "rejected_by"
    }
}
