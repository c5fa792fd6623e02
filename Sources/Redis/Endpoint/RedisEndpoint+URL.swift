extension RedisEndpoint {
    /// Reads a URL.
    ///
    /// | form | what it names |
    /// |---|---|
    /// | `redis://[user:password@]host[:port][/db]` | a server |
    /// | `unix://[user:password@]/path/of/socket[?db=N]` | a server on this machine |
    /// | `redis-sentinel://[user:password@]host[:port],…/name[?db=N]` | the primary that Sentinels watch as `name` |
    /// | `redis-cluster://[user:password@]host[:port],…` | a cluster, by some of its servers |
    ///
    /// `rediss`, `rediss-sentinel` and `rediss-cluster` are the same with TLS; they may end in
    /// `?ca=/path/of/authorities.pem`. User and password are those of the servers; Sentinels that ask for some of their
    /// own are given `?sentinel_user=…&sentinel_password=…`. Users, passwords and paths are percent-decoded. Throws what
    /// is wrong.
    public init(url: String) throws(RedisURLError) {
        let url = try RedisURL(url)
        let credentials = try url.decodedCredentials()
        self.init(address: .unix(path: ""), user: credentials.user, password: credentials.password)
        usesTLS = url.scheme.hasPrefix("rediss")
        switch url.scheme {
        case "redis", "rediss":
            guard !url.hosts.contains(",") else {
                throw RedisURLError(
                    "there are several hosts; write redis-cluster:// for a cluster, or redis-sentinel://host:port,…/name"
                )
            }
            let host = try RedisEndpoint.host(url.hosts)
            address = .tcp(host: host.name, port: host.port)
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
        case "redis-cluster", "rediss-cluster":
            address = .cluster(seeds: try RedisEndpoint.hosts(url.hosts))
            try readPathAsDatabase(url.path)
        case "redis-sentinel", "rediss-sentinel":
            let name = try RedisURL.decode(url.path.dropFirst(), part: "name of the primary")
            guard !name.isEmpty, !name.contains("/") else {
                throw RedisURLError("the name of the primary is missing; write redis-sentinel://host:port/name")
            }
            let hosts = try RedisEndpoint.hosts(url.hosts, defaultPort: 26_379)
            address = .sentinel(SentinelAddress(hosts: hosts, primary: name))
        default:
            throw RedisURLError("the scheme is unknown; use redis, rediss, redis-sentinel, redis-cluster or unix")
        }
        try readQuery(url)
        if case .cluster = address, database != 0 {
            throw RedisURLError("a cluster has no database but 0")
        }
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
            case "sentinel_user", "sentinel_password":
                try readSentinel(name, value)
            default:
                throw RedisURLError(
                    "there is an unknown parameter after the '?'; known are db, ca, sentinel_user and sentinel_password"
                )
            }
        }
        if case .sentinel(let sentinel) = address, sentinel.user != nil, sentinel.password == nil {
            throw RedisURLError("'sentinel_user' needs 'sentinel_password'")
        }
    }

    private mutating func readSentinel(_ name: Substring, _ value: Substring) throws(RedisURLError) {
        guard case .sentinel(var sentinel) = address else {
            throw RedisURLError("'\(name)' is given, but only redis-sentinel:// asks Sentinels")
        }
        let text = try RedisURL.decode(value, part: String(name))
        guard !text.isEmpty else { throw RedisURLError("'\(name)' is empty") }
        if name == "sentinel_user" { sentinel.user = text } else { sentinel.password = text }
        address = .sentinel(sentinel)
    }

    /// Reads hosts with a comma between two.
    private static func hosts(_ text: Substring, defaultPort: Int = 6379) throws(RedisURLError) -> [RedisHost] {
        var hosts: [RedisHost] = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let host = try host(part, defaultPort: defaultPort)
            if !hosts.contains(host) { hosts.append(host) }
        }
        return hosts
    }

    /// Reads `name`, `name:port`, `[IPv6]` or `[IPv6]:port`.
    private static func host(
        _ text: Substring,
        defaultPort: Int = 6379
    ) throws(RedisURLError) -> RedisHost {
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
        guard let port else { return RedisHost(name: String(name), port: defaultPort) }
        guard port.utf8.allSatisfy({ 48...57 ~= $0 }), let number = UInt16(port), number > 0 else {
            throw RedisURLError("the port is not a number from 1 to 65535")
        }
        return RedisHost(name: String(name), port: Int(number))
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
