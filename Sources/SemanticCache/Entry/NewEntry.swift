/// An answer that is to be stored.
public struct NewEntry: Sendable {
    /// Where it goes.
    public var key: EntryKey
    /// The endpoint of its request.
    public var endpoint: Endpoint
    /// The model that its request named.
    public var model: String
    /// Labels to flush by.
    public var tags: [String]
    /// Seconds that it lives, at least 1.
    public var timeToLive: Int
    /// Tokens that the upstream counted.
    public var usage: TokenUsage?
    /// What the answer cost.
    public var cost: Money?
    /// The request as it was sent, JSON.
    public var request: [UInt8]
    /// The upstream's answer, JSON.
    public var response: [UInt8]
    /// What the semantic tier keeps of it; nil when only the exact tier may find it.
    public var semantic: SemanticPart?

    /// Creates a new entry.
    public init(
        key: EntryKey,
        endpoint: Endpoint,
        model: String,
        tags: [String],
        timeToLive: Int,
        usage: TokenUsage?,
        cost: Money?,
        request: [UInt8],
        response: [UInt8],
        semantic: SemanticPart? = nil
    ) {
        self.key = key
        self.endpoint = endpoint
        self.model = model
        self.tags = tags
        self.timeToLive = timeToLive
        self.usage = usage
        self.cost = cost
        self.request = request
        self.response = response
        self.semantic = semantic
    }
}
