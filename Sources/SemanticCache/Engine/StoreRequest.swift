/// An answer that a caller wants stored.
public struct StoreRequest: Sendable {
    /// Where it goes.
    public var key: EntryKey
    /// The endpoint.
    public var endpoint: Endpoint
    /// What the request's canonical form says.
    public var canonical: CanonicalRequest
    /// The request as it was sent, JSON.
    public var requestBytes: [UInt8]
    /// The answer, JSON.
    public var responseBytes: [UInt8]
    /// What the answer says about itself.
    public var assessment: ResponseAssessment
    /// The ticket's claim; nil for a store without a ticket.
    public var claim: FillClaim?
    /// The entry that shadow mode would have served for this question.
    public var shadow: Fingerprint?
    /// Whether the lookup said that the answer must not be stored.
    public var isForbidden: Bool
    /// Seconds that it lives; nil for the namespace's default.
    public var timeToLive: Int?
    /// Labels to flush by.
    public var tags: [String]
    /// Takes down how long the steps take; nil when nobody wants to know.
    public var stages: StageTimes?

    /// Creates a request.
    public init(
        key: EntryKey,
        endpoint: Endpoint,
        canonical: CanonicalRequest,
        requestBytes: [UInt8],
        responseBytes: [UInt8],
        assessment: ResponseAssessment,
        claim: FillClaim?,
        shadow: Fingerprint? = nil,
        isForbidden: Bool,
        timeToLive: Int?,
        tags: [String],
        stages: StageTimes? = nil
    ) {
        self.key = key
        self.endpoint = endpoint
        self.canonical = canonical
        self.requestBytes = requestBytes
        self.responseBytes = responseBytes
        self.assessment = assessment
        self.claim = claim
        self.shadow = shadow
        self.isForbidden = isForbidden
        self.timeToLive = timeToLive
        self.tags = tags
        self.stages = stages
    }
}
