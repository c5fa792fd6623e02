/// What happened in a namespace, or in all of them, over a window.
public struct CountsBody: Codable, Sendable, Hashable {
    /// Lookups: hits, misses and bypasses.
    public var lookups: Int
    /// Hits by kind.
    public var hits: HitsBody
    /// Misses.
    public var misses: Int
    /// Bypasses.
    public var bypasses: Int
    /// Hits in hits and misses, 0 to 1; null when there were none.
    @ExplicitNull public var hitRatio: Double?
    /// Misses by reason.
    public var missesByReason: [String: Int]
    /// Answers stored.
    public var stores: Int
    /// Stores refused, by reason.
    public var refused: [String: Int]
    /// Entries flushed.
    public var flushed: Int
    /// Feedback by verdict.
    public var feedback: FeedbackCountsBody
    /// What shadow mode would have served.
    public var shadow: ShadowCountsBody
    /// What the hits saved.
    public var saved: SavingsBody

    /// Creates counts; ``lookups`` and ``hitRatio`` follow from the others.
    public init(
        hits: HitsBody,
        misses: Int,
        bypasses: Int,
        missesByReason: [String: Int],
        stores: Int,
        refused: [String: Int],
        flushed: Int,
        feedback: FeedbackCountsBody,
        shadow: ShadowCountsBody = ShadowCountsBody(hits: 0, agreed: 0, disagreed: 0),
        saved: SavingsBody
    ) {
        self.lookups = hits.total + misses + bypasses
        self.hits = hits
        self.misses = misses
        self.bypasses = bypasses
        self.hitRatio = hits.total + misses > 0 ? Double(hits.total) / Double(hits.total + misses) : nil
        self.missesByReason = missesByReason
        self.stores = stores
        self.refused = refused
        self.flushed = flushed
        self.feedback = feedback
        self.shadow = shadow
        self.saved = saved
    }

    enum CodingKeys: String, CodingKey {
        case lookups, hits, misses, bypasses
        case hitRatio = "hit_ratio"
        case missesByReason = "misses_by_reason"
        case stores, refused, flushed, feedback, shadow, saved
    }
}

/// Hits by kind; each hit is one of the three.
public struct HitsBody: Codable, Sendable, Hashable {
    /// All hits.
    public var total: Int
    /// Hits of the exact tier that did not wait.
    public var exact: Int
    /// Hits of the semantic tier that did not wait.
    public var semantic: Int
    /// Hits that waited for another caller's fill.
    public var coalesced: Int

    /// Creates hits; ``total`` is their sum.
    public init(exact: Int, semantic: Int, coalesced: Int) {
        self.total = exact + semantic + coalesced
        self.exact = exact
        self.semantic = semantic
        self.coalesced = coalesced
    }
}

/// Feedback by verdict.
public struct FeedbackCountsBody: Codable, Sendable, Hashable {
    /// Hits that were right.
    public var right: Int
    /// Hits that were wrong.
    public var wrong: Int

    /// Creates counts.
    public init(right: Int, wrong: Int) {
        self.right = right
        self.wrong = wrong
    }
}

/// What shadow mode would have served, and whether the upstream then said the same.
public struct ShadowCountsBody: Codable, Sendable, Hashable {
    /// Semantic hits that would have been served.
    public var hits: Int
    /// Those whose fill then said the same.
    public var agreed: Int
    /// Those whose fill then said something else.
    public var disagreed: Int

    /// Creates counts.
    public init(hits: Int, agreed: Int, disagreed: Int) {
        self.hits = hits
        self.agreed = agreed
        self.disagreed = disagreed
    }
}

/// What hits saved.
public struct SavingsBody: Codable, Sendable, Hashable {
    /// Upstream requests: one for each hit.
    public var requests: Int
    /// Prompt tokens, where the upstream counted them.
    public var promptTokens: Int
    /// Completion tokens, where the upstream counted them.
    public var completionTokens: Int
    /// US dollars, of models that have a price.
    public var usd: Double

    /// Creates savings.
    public init(requests: Int, promptTokens: Int, completionTokens: Int, usd: Double) {
        self.requests = requests
        self.promptTokens = promptTokens
        self.completionTokens = completionTokens
        self.usd = usd
    }

    enum CodingKeys: String, CodingKey {
        case requests
        case promptTokens = "prompt_tokens"
        case completionTokens = "completion_tokens"
        case usd
    }
}
