/// A stored answer, as a lookup needs it.
public struct Entry: Sendable {
    /// The fingerprint that it is stored under.
    public var id: Fingerprint
    /// Distinguishes two fills of the same fingerprint.
    public var version: UInt64
    /// The endpoint of its request.
    public var endpoint: Endpoint
    /// The model that its request named.
    public var model: String
    /// Labels to flush by.
    public var tags: [String]
    /// When it was stored, by Redis' clock.
    public var storedAt: Timestamp
    /// When Redis drops it, by Redis' clock.
    public var expiresAt: Timestamp
    /// Tokens that the upstream counted; nil when the answer had no usage.
    public var usage: TokenUsage?
    /// What the answer cost; nil for a model without a price.
    public var cost: Money?
    /// The upstream's answer, JSON as it was stored.
    public var response: [UInt8]

    /// Creates an entry.
    public init(
        id: Fingerprint,
        version: UInt64,
        endpoint: Endpoint,
        model: String,
        tags: [String],
        storedAt: Timestamp,
        expiresAt: Timestamp,
        usage: TokenUsage?,
        cost: Money?,
        response: [UInt8]
    ) {
        self.id = id
        self.version = version
        self.endpoint = endpoint
        self.model = model
        self.tags = tags
        self.storedAt = storedAt
        self.expiresAt = expiresAt
        self.usage = usage
        self.cost = cost
        self.response = response
    }

    /// Whole seconds since it was stored, never negative.
    public func age(at now: Timestamp) -> Int { max(0, Int((now.milliseconds - storedAt.milliseconds) / 1000)) }

    /// Whole seconds, rounded up, until it expires, never negative.
    public func timeToLive(at now: Timestamp) -> Int {
        max(0, Int((expiresAt.milliseconds - now.milliseconds + 999) / 1000))
    }
}
