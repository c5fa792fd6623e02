/// One Redis server: its address, whether TLS is spoken, who asks, and which database.
///
/// Printing an endpoint never shows the password.
public struct RedisEndpoint: Sendable, Hashable {
    /// Where a server listens.
    public enum Address: Sendable, Hashable {
        /// A host name or an IP address, IPv6 without brackets, and a port.
        case tcp(host: String, port: Int)
        /// The absolute path of a unix socket.
        case unix(path: String)
    }

    /// Where the server listens.
    public var address: Address
    /// Whether the connection is encrypted and the server's certificate and name are verified.
    public var usesTLS: Bool
    /// A PEM file with the certificates that may sign the server's, if the URL names one.
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
}

extension RedisEndpoint: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The URL with `***` in place of the password.
    public var description: String {
        let credentials = password == nil ? "" : "\(user ?? ""):***@"
        return switch address {
        case .tcp(let host, let port):
            "\(usesTLS ? "rediss" : "redis")://\(credentials)\(host.contains(":") ? "[\(host)]" : host):\(port)/\(database)"
        case .unix(let path): "unix://\(credentials)\(path)?db=\(database)"
        }
    }

    /// The same as ``description``.
    public var debugDescription: String { description }

    /// Shows no parts, as one of them is the password.
    public var customMirror: Mirror { Mirror(self, children: []) }
}
