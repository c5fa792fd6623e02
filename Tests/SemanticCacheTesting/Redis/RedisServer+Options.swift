extension RedisServer {
    /// What a server is started with.
    public struct Options: Sendable {
        /// Which Redis it is.
        public var program = RedisProgram.installed
        /// Further arguments of redis-server, such as `["--maxmemory", "8mb"]`.
        public var arguments: [String] = []
        /// The password of the user `default`; nil means none is asked for.
        public var password: String?
        /// A further user, who may do everything.
        public var user: (name: String, password: String)?
        /// Names in the certificate, in openssl's form (`DNS:localhost`); nil means that TLS is off.
        public var tlsNames: [String]?
        /// Whether every write is on disk before it is answered, and survives ``RedisServer/kill()``.
        public var persistence = false

        /// Plain defaults: no password, no TLS, nothing kept.
        public init() {}

        /// The part of a URL before the host: empty, or up to and with the `@`.
        var credentials: String {
            user.map { "\($0.name):\($0.password)@" } ?? password.map { ":\($0)@" } ?? ""
        }
    }
}
