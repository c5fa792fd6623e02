public import NIOCore
public import NIOSSL

/// How the server listens and what it takes.
public struct ServerConfiguration: Sendable {
    /// The address to listen on.
    public var host: String
    /// The port; 0 lets the system choose.
    public var port: Int
    /// Certificate and key; nil serves plain HTTP.
    public var tls: TLSConfiguration?
    /// Whether calls without a key must name this machine, not a domain that a stranger could own
    /// (not `server.allow_unauthenticated`).
    public var refusesForeignHosts: Bool
    /// Largest body of a request, in bytes (`limits.request_bytes`).
    public var maximumBodyBytes: Int
    /// Largest sum of header names and values of a request, in bytes (`limits.header_bytes`).
    public var maximumHeaderBytes: Int
    /// Most connections at a time (`limits.connections`).
    public var maximumConnections: Int
    /// Most requests of one connection that are worked on at a time (`limits.pipelined_requests`).
    public var maximumPipelinedRequests: Int
    /// How long a connection may rest between requests (`limits.idle_timeout`).
    public var idleTimeout: TimeAmount
    /// How long the headers of a request may take to arrive (`limits.header_timeout`).
    public var headerTimeout: TimeAmount
    /// How long the body of a request may take to arrive (`limits.body_timeout`).
    public var bodyTimeout: TimeAmount
    /// Requests per second of one key, 0 for no limit (`limits.requests_per_second`).
    public var requestsPerSecond: Int
    /// Requests of one key that may come at once (`limits.burst`).
    public var burst: Int

    /// Creates a configuration.
    public init(
        host: String = "127.0.0.1",
        port: Int = 9470,
        tls: TLSConfiguration? = nil,
        refusesForeignHosts: Bool = true,
        maximumBodyBytes: Int = 4 << 20,
        maximumHeaderBytes: Int = 16 << 10,
        maximumConnections: Int = 10_000,
        maximumPipelinedRequests: Int = 64,
        idleTimeout: TimeAmount = .seconds(75),
        headerTimeout: TimeAmount = .seconds(10),
        bodyTimeout: TimeAmount = .seconds(30),
        requestsPerSecond: Int = 0,
        burst: Int = 0
    ) {
        self.host = host
        self.port = port
        self.tls = tls
        self.refusesForeignHosts = refusesForeignHosts
        self.maximumBodyBytes = maximumBodyBytes
        self.maximumHeaderBytes = maximumHeaderBytes
        self.maximumConnections = maximumConnections
        self.maximumPipelinedRequests = maximumPipelinedRequests
        self.idleTimeout = idleTimeout
        self.headerTimeout = headerTimeout
        self.bodyTimeout = bodyTimeout
        self.requestsPerSecond = requestsPerSecond
        self.burst = burst
    }
}
