/// How to reach one Redis server and how patient to be with it.
public struct RedisConfiguration: Sendable {
    /// Where the server is and who asks.
    public var endpoint: RedisEndpoint
    /// A PEM file with the certificates that may sign the server's; nil means those that the system trusts.
    public var tlsCACertificateFile: String?
    /// The name that the server shows for this connection in `CLIENT LIST`.
    public var clientName: String
    /// The time for a connection to be opened, encrypted, authenticated and answered.
    public var connectTimeout: Duration
    /// The time a reply may take when a command names no deadline of its own.
    public var commandDeadline: Duration
    /// The most commands that may wait for a reply on one connection.
    public var maxInFlight: Int
    /// The most bytes that may wait to be sent on one connection, roughly.
    public var maxUnsentBytes: Int
    /// The longest wait before the first attempt to connect again; it doubles with each further one.
    public var initialBackoff: Duration
    /// The longest wait between two attempts to connect.
    public var maximumBackoff: Duration
    /// The shortest time between two connections that are made anew since the server is a replica; it doubles.
    public var initialSearchInterval: Duration
    /// The longest such time.
    public var maximumSearchInterval: Duration
    /// How many failures in a row open the circuit breaker.
    public var failuresToOpen: Int
    /// The longest wait between two probes while the circuit breaker is open.
    public var probeInterval: Duration
    /// How long a connection may be silent before a PING asks whether it still works.
    public var idleCheckInterval: Duration

    /// A configuration; the authority's file of the endpoint's URL is used when none is given here.
    public init(
        endpoint: RedisEndpoint,
        tlsCACertificateFile: String? = nil,
        clientName: String = "semcached",
        connectTimeout: Duration = .seconds(1),
        commandDeadline: Duration = .milliseconds(200),
        maxInFlight: Int = 10_000,
        maxUnsentBytes: Int = 16 * 1024 * 1024,
        initialBackoff: Duration = .milliseconds(50),
        maximumBackoff: Duration = .seconds(1),
        initialSearchInterval: Duration = .milliseconds(500),
        maximumSearchInterval: Duration = .seconds(5),
        failuresToOpen: Int = 5,
        probeInterval: Duration = .milliseconds(500),
        idleCheckInterval: Duration = .seconds(5)
    ) {
        self.endpoint = endpoint
        self.tlsCACertificateFile = tlsCACertificateFile ?? endpoint.tlsCACertificateFile
        self.clientName = clientName
        self.connectTimeout = connectTimeout
        self.commandDeadline = commandDeadline
        self.maxInFlight = maxInFlight
        self.maxUnsentBytes = maxUnsentBytes
        self.initialBackoff = initialBackoff
        self.maximumBackoff = maximumBackoff
        self.initialSearchInterval = initialSearchInterval
        self.maximumSearchInterval = maximumSearchInterval
        self.failuresToOpen = failuresToOpen
        self.probeInterval = probeInterval
        self.idleCheckInterval = idleCheckInterval
    }
}
