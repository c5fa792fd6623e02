/// Where Redis is: a server, the primary that Sentinels name, or a cluster; whether TLS is spoken, who asks, and which
/// database.
///
/// Printing an endpoint never shows a password.
public struct RedisEndpoint: Sendable, Hashable {
    /// How Redis is reached.
    public enum Address: Sendable, Hashable {
        /// A host name or an IP address, IPv6 without brackets, and a port.
        case tcp(host: String, port: Int)
        /// The absolute path of a unix socket.
        case unix(path: String)
        /// The server that Sentinels name as the primary.
        case sentinel(SentinelAddress)
        /// Some servers of a cluster, of which the others are learned.
        case cluster(seeds: [RedisHost])
    }

    /// How Redis is reached.
    public var address: Address
    /// Whether connections are encrypted and the servers' certificates and names are verified.
    public var usesTLS: Bool
    /// A PEM file with the certificates that may sign the servers', if the URL names one.
    public var tlsCACertificateFile: String?
    /// The ACL user; nil means the user `default`.
    public var user: String?
    /// The password; nil means that no AUTH is sent.
    public var password: String?
    /// The number of the database.
    public var database: Int

    /// An endpoint with these parts.
    public init(
        address: Address,
        usesTLS: Bool = false,
        tlsCACertificateFile: String? = nil,
        user: String? = nil,
        password: String? = nil,
        database: Int = 0
    ) {
        self.address = address
        self.usesTLS = usesTLS
        self.tlsCACertificateFile = tlsCACertificateFile
        self.user = user
        self.password = password
        self.database = database
    }

    /// The same for one server of those that the address leads to.
    func at(_ host: RedisHost) -> RedisEndpoint {
        var endpoint = self
        endpoint.address = .tcp(host: host.name, port: host.port)
        return endpoint
    }
}

extension RedisEndpoint: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The URL with `***` in place of the password.
    public var description: String {
        let credentials = password == nil ? "" : "\(user ?? ""):***@"
        let scheme = usesTLS ? "rediss" : "redis"
        return switch address {
        case .tcp(let host, let port):
            "\(scheme)://\(credentials)\(RedisHost(name: host, port: port))/\(database)"
        case .unix(let path): "unix://\(credentials)\(path)?db=\(database)"
        case .sentinel(let sentinel):
            "\(scheme)-sentinel://\(credentials)\(sentinel)?db=\(database)"
        case .cluster(let seeds):
            "\(scheme)-cluster://\(credentials)\(seeds.map(\.description).joined(separator: ","))"
        }
    }

    /// The same as ``description``.
    public var debugDescription: String { description }

    /// Shows no parts, as one of them is the password.
    public var customMirror: Mirror { Mirror(self, children: []) }
}
