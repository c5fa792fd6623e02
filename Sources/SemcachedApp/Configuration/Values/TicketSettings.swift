/// How tickets are signed.
public struct TicketSettings: Sendable, Hashable {
    /// How long a ticket is good (`lease.ticket_seconds`).
    public var timeToLive = Duration.seconds(3600)
    /// The file of the key that all replicas share; nil leaves it to the first replica to put one into Redis
    /// (`tickets.hmac_key_file`).
    public var keyFile: String?
    /// What that file holds.
    public var key: Secret?

    /// Creates the defaults.
    public init() {}
}
