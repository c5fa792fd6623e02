/// The right to fill one entry, as a lookup hands it out.
///
/// It carries all that a store needs, the request included, so that any replica can take the answer and nothing is
/// kept for fills that never come.
public struct Ticket: Sendable, Hashable {
    /// Which entry it fills.
    public var key: EntryKey
    /// The endpoint of the request.
    public var endpoint: Endpoint
    /// What it claims; nil when the answer must not be stored.
    public var claim: FillClaim?
    /// Seconds that the fill lives; nil for the namespace's default.
    public var timeToLive: Int?
    /// Labels for the entry.
    public var tags: [String]
    /// The entry that shadow mode would have served instead, to be compared with the answer that comes.
    public var shadow: Fingerprint?
    /// When it stops being good.
    public var expiresAt: Timestamp
    /// The request as it was sent, JSON.
    public var request: [UInt8]

    /// Creates a ticket.
    public init(
        key: EntryKey,
        endpoint: Endpoint,
        claim: FillClaim?,
        timeToLive: Int?,
        tags: [String],
        shadow: Fingerprint? = nil,
        expiresAt: Timestamp,
        request: [UInt8]
    ) {
        self.key = key
        self.endpoint = endpoint
        self.claim = claim
        self.timeToLive = timeToLive
        self.tags = tags
        self.shadow = shadow
        self.expiresAt = expiresAt
        self.request = request
    }
}

/// Why a text is not a ticket of this deployment.
public enum TicketError: Error, Sendable, Hashable {
    /// It was not signed here, or was changed.
    case forged
    /// It was, but is too old.
    case expired
    /// The deployment's key has not been read yet.
    case keyUnknown
}
