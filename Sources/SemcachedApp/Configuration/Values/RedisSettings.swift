public import Redis

/// How Redis is reached.
public struct RedisSettings: Sendable, Hashable {
    /// The server as its URL names it (`redis.url`).
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
    /// What that file holds.
    public var password: Secret?
    /// The PEM file of the authorities that may sign the server's certificate (`redis.tls_ca_file`).
    public var tlsCACertificateFile: String?

    /// Creates the defaults.
    public init() {}

    /// The server with the user and the password, wherever they were set.
    public var authenticatedEndpoint: RedisEndpoint {
        var endpoint = endpoint
        if let username { endpoint.user = username }
        if let password { endpoint.password = String(decoding: password.bytes, as: UTF8.self) }
        return endpoint
    }

    /// All of it but the prefix, as the Redis client takes it.
    public var client: RedisConfiguration {
        RedisConfiguration(
            endpoint: authenticatedEndpoint,
            tlsCACertificateFile: tlsCACertificateFile,
            connectTimeout: connectTimeout,
            commandDeadline: commandDeadline
        )
    }
}
