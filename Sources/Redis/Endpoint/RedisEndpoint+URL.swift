extension RedisEndpoint {
    /// Reads a URL.
    ///
    /// The forms are `redis://[user:password@]host[:port][/db]`, the same with `rediss://` for TLS, optionally ending
    /// in `?ca=/path/of/authorities.pem`, and `unix://[user:password@]/path/of/socket[?db=N]`. User, password and paths
    /// are percent-decoded. Throws what is wrong, and for the forms of Redis Cluster and Sentinel that they are not
    /// supported.
    public init(url: String) throws(RedisURLError) {
        let url = try RedisURL(url)
        let credentials = try url.decodedCredentials()
        self.init(address: .unix(path: ""), user: credentials.user, password: credentials.password)
        switch url.scheme {
        case "redis", "rediss":
            usesTLS = url.scheme == "rediss"
            address = try RedisEndpoint.host(url.hosts)
            try readPathAsDatabase(url.path)
        case "unix":
            guard url.hosts.isEmpty, url.path.hasPrefix("/") else {
                throw RedisURLError("the path of the socket is not absolute; write unix:///path")
            }
            let path = try RedisURL.decode(url.path, part: "path")
            guard path.utf8.count > 1, path.utf8.count < 108, !path.utf8.contains(0) else {
                throw RedisURLError("the path of the socket must be 2 to 107 bytes without a zero byte")
            }
            address = .unix(path: path)
        case "redis-cluster":
            try RedisEndpoint.refuseCluster(url)
        case "redis-sentinel":
            try RedisEndpoint.refuseSentinel(url)
        default:
            throw RedisURLError("the scheme is unknown; use redis, rediss or unix")
        }
        try readQuery(url)
    }

    private mutating func readPathAsDatabase(_ path: Substring) throws(RedisURLError) {
        let text = path.dropFirst()
        if !text.isEmpty { try readDatabase(text) }
    }

    private mutating func readDatabase(_ text: Substring) throws(RedisURLError) {
        guard text.utf8.allSatisfy({ 48...57 ~= $0 }), let number = Int32(text) else {
            throw RedisURLError("the database is not a number from 0 to \(Int32.max)")
        }
        database = Int(number)
    }

    private mutating func readQuery(_ url: RedisURL) throws(RedisURLError) {
        for (name, value) in url.query {
            switch name {
            case "db":
                try readDatabase(value)
            case "ca":
                guard usesTLS else { throw RedisURLError("'ca' is given, but only rediss:// uses TLS") }
                let file = try RedisURL.decode(value, part: "ca")
                guard file.hasPrefix("/") else { throw RedisURLError("'ca' is not an absolute path") }
                tlsCACertificateFile = file
            default:
                throw RedisURLError("there is an unknown parameter after the '?'; known are db and ca")
            }
        }
    }

    /// Reads `name`, `name:port`, `[IPv6]` or `[IPv6]:port`.
    private static func host(
        _ text: Substring,
        defaultPort: Int = 6379
    ) throws(RedisURLError) -> Address {
        var name = text
        var port: Substring?
        if text.hasPrefix("[") {
            guard let end = text.firstIndex(of: "]") else { throw RedisURLError("a '[' of the host has no ']'") }
            name = text[..<end].dropFirst()
            let rest = text[end...].dropFirst()
            guard rest.isEmpty || rest.hasPrefix(":") else {
                throw RedisURLError("after the ']' of the host comes no ':'")
            }
            port = rest.isEmpty ? nil : rest.dropFirst()
            guard name.contains(":"), name.utf8.allSatisfy({ $0.isHostCharacter || $0 == UInt8(ascii: ":") }) else {
                throw RedisURLError("between '[' and ']' of the host is no IPv6 address")
            }
        } else {
            if let colon = text.firstIndex(of: ":") {
                name = text[..<colon]
                port = text[colon...].dropFirst()
                guard port?.contains(":") != true else {
                    throw RedisURLError("the host holds several ':'; write an IPv6 address in [brackets]")
                }
            }
            guard !name.isEmpty else { throw RedisURLError("the host is missing") }
            guard name.utf8.allSatisfy(\.isHostCharacter) else {
                throw RedisURLError("the host holds a character that no host name has")
            }
        }
        guard let port else { return .tcp(host: String(name), port: defaultPort) }
        guard port.utf8.allSatisfy({ 48...57 ~= $0 }), let number = UInt16(port), number > 0 else {
            throw RedisURLError("the port is not a number from 1 to 65535")
        }
        return .tcp(host: String(name), port: Int(number))
    }

    private static func refuseCluster(_ url: RedisURL) throws(RedisURLError) {
        for text in url.hosts.split(separator: ",", omittingEmptySubsequences: false) { _ = try host(text) }
        throw RedisURLError("Redis Cluster is not supported by this version; use a redis:// URL of a single server")
    }

    private static func refuseSentinel(_ url: RedisURL) throws(RedisURLError) {
        for text in url.hosts.split(separator: ",", omittingEmptySubsequences: false) {
            _ = try host(text, defaultPort: 26_379)
        }
        guard url.path.count > 1, !url.path.dropFirst().contains("/") else {
            throw RedisURLError("the name of the master is missing; write redis-sentinel://host:port/master-name")
        }
        throw RedisURLError("Redis Sentinel is not supported by this version; use a redis:// URL of the master")
    }
}

extension UInt8 {
    fileprivate var isHostCharacter: Bool {
        switch self {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"):
            true
        default: false
        }
    }
}
