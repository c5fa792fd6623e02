/// What is looked for in the entries of the endpoint ``Endpoint/prompts``.
public struct PromptSearch: Sendable {
    /// A way to find entries.
    public enum Strategy: String, Sendable, Hashable, CaseIterable {
        /// The same prompt, but for the case of its letters.
        case exact
        /// The same in other words.
        case semantic
    }

    /// Where.
    public var namespace: Namespace
    /// What is asked; entries must have all of its attributes.
    public var prompt: Prompt
    /// The ways, the first one first.
    public var strategies: [Strategy]
    /// Least similarity that is accepted, where it is more than the namespace's threshold.
    public var minimumSimilarity: Double?
    /// Most entries that are wanted, at least 1.
    public var limit: Int
    /// The questions before, the oldest first.
    public var context: [String]
    /// When it arrived, on the monotonic clock, in nanoseconds.
    public var arrivedAt: UInt64

    /// Creates a search.
    public init(
        namespace: Namespace,
        prompt: Prompt,
        strategies: [Strategy] = [.semantic],
        minimumSimilarity: Double? = nil,
        limit: Int = 1,
        context: [String] = [],
        arrivedAt: UInt64
    ) {
        self.namespace = namespace
        self.prompt = prompt
        self.strategies = strategies
        self.minimumSimilarity = minimumSimilarity
        self.limit = limit
        self.context = context
        self.arrivedAt = arrivedAt
    }
}

/// An entry that a search found.
public struct PromptMatch: Sendable {
    /// The entry.
    public var entry: Entry
    /// What it says.
    public var answer: PromptAnswer
    /// Cosine of the two prompts' embeddings; 1 for the same prompt.
    public var similarity: Double
    /// What found it.
    public var strategy: PromptSearch.Strategy
}

/// The answer to a search of prompts.
public enum PromptSearchOutcome: Sendable {
    /// The entries, those of the first strategy first, each strategy's best first; empty when there are none.
    case found([PromptMatch])
    /// Redis, or the embedder where nothing was found without it, cannot be asked in time.
    case unavailable(BypassReason)
}
