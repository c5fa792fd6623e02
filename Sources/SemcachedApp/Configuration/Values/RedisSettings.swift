public import Redis

/// How Redis is reached.
public struct RedisSettings: Sendable, Hashable {
    /// The server, with user, password and authorities from wherever they were set (`redis.url`, `redis.username`,
    /// `redis.password_file`, `redis.tls_ca_file`).
    public var endpoint = RedisEndpoint(address: .tcp(host: "127.0.0.1", port: 6379))
    /// What the name of every key begins with (`redis.key_prefix`).
    public var keyPrefix = "semcached:"
    /// How long opening a connection may take (`redis.connect_timeout_ms`).
    public var connectTimeout = Duration.milliseconds(1000)
    /// How long a reply may take (`redis.command_deadline_ms`).
    public var commandDeadline = Duration.milliseconds(200)
    /// The ACL user, when it is not in the URL (`redis.username`).
    public var username: String?
    /// The file that holds the password, when it is not in the URL (`redis.password_file`).
    public var passwordFile: String?
    /// The PEM file of the authorities that may sign the server's certificate (`redis.tls_ca_file`).
    public var tlsCACertificateFile: String?

    /// Creates the defaults.
    public init() {}
}
