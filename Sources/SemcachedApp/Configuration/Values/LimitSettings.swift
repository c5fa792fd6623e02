/// What the server takes; how large an entry may be is a matter of the namespace.
public struct LimitSettings: Sendable, Hashable {
    /// Bytes of a request's body (`limits.request_bytes`).
    public var requestBytes = 4 << 20
    /// Bytes of a request's header names and values together (`limits.header_bytes`).
    public var headerBytes = 16 << 10
    /// Connections at a time (`limits.connections`).
    public var connections = 10_000
    /// How long a connection may rest between requests (`limits.idle_timeout`).
    public var idleTimeout = Duration.seconds(75)
    /// How long the headers of a request may take to arrive (`limits.header_timeout`).
    public var headerTimeout = Duration.seconds(10)
    /// How long the body of a request may take to arrive (`limits.body_timeout`).
    public var bodyTimeout = Duration.seconds(30)
    /// Requests of one connection that are worked on at a time (`limits.pipelined_requests`).
    public var pipelinedRequests = 64
    /// Requests per second of one key, 0 for no limit (`limits.requests_per_second`).
    public var requestsPerSecond = 0
    /// Requests of one key that may come at once; nil means one second's worth (`limits.burst`).
    public var burst: Int?

    /// Creates the defaults.
    public init() {}
}
