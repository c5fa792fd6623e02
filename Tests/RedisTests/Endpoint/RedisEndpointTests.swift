import Redis
import Testing

@Suite struct RedisEndpointTests {
    struct Good: Sendable, CustomTestStringConvertible {
        let url: String
        let endpoint: RedisEndpoint
        let description: String
        var testDescription: String { url }
    }

    static let good: [Good] = [
        Good(
            url: "redis://localhost",
            endpoint: RedisEndpoint(address: .tcp(host: "localhost", port: 6379)),
            description: "redis://localhost:6379/0"
        ),
        Good(
            url: "redis://cache.example.com:7000/15",
            endpoint: RedisEndpoint(address: .tcp(host: "cache.example.com", port: 7000), database: 15),
            description: "redis://cache.example.com:7000/15"
        ),
        Good(
            url: "REDIS://10.0.0.1:1/",
            endpoint: RedisEndpoint(address: .tcp(host: "10.0.0.1", port: 1)),
            description: "redis://10.0.0.1:1/0"
        ),
        Good(
            url: "redis://:secret@localhost?db=3",
            endpoint: RedisEndpoint(
                address: .tcp(host: "localhost", port: 6379),
                password: "secret",
                database: 3
            ),
            description: "redis://:***@localhost:6379/3"
        ),
        Good(
            url: "redis://alice:p%40ss%2Fword%3A%25@localhost",
            endpoint: RedisEndpoint(
                address: .tcp(host: "localhost", port: 6379),
                user: "alice",
                password: "p@ss/word:%"
            ),
            description: "redis://alice:***@localhost:6379/0"
        ),
        Good(
            url: "redis://alice:with@sign:and-colon@localhost",
            endpoint: RedisEndpoint(
                address: .tcp(host: "localhost", port: 6379),
                user: "alice",
                password: "with@sign:and-colon"
            ),
            description: "redis://alice:***@localhost:6379/0"
        ),
        Good(
            url: "rediss://[2001:db8::1]:6380/1?ca=/etc/ssl/my%20ca.pem",
            endpoint: RedisEndpoint(
                address: .tcp(host: "2001:db8::1", port: 6380),
                usesTLS: true,
                tlsCACertificateFile: "/etc/ssl/my ca.pem",
                database: 1
            ),
            description: "rediss://[2001:db8::1]:6380/1"
        ),
        Good(
            url: "redis://[::1]",
            endpoint: RedisEndpoint(address: .tcp(host: "::1", port: 6379)),
            description: "redis://[::1]:6379/0"
        ),
        Good(
            url: "unix:///run/redis%20a/redis.sock?db=2",
            endpoint: RedisEndpoint(address: .unix(path: "/run/redis a/redis.sock"), database: 2),
            description: "unix:///run/redis a/redis.sock?db=2"
        ),
        Good(
            url: "unix://bob:pw@/run/redis.sock",
            endpoint: RedisEndpoint(address: .unix(path: "/run/redis.sock"), user: "bob", password: "pw"),
            description: "unix://bob:***@/run/redis.sock?db=0"
        ),
    ]

    @Test(arguments: good)
    func urlIsRead(_ good: Good) throws {
        let endpoint = try RedisEndpoint(url: good.url)
        #expect(endpoint == good.endpoint)
        #expect(endpoint.description == good.description)
    }

    static let bad: [(url: String, part: String)] = [
        ("", "no scheme"),
        ("localhost:6379", "no scheme"),
        ("http://localhost", "scheme is unknown"),
        ("hunter2@host://", "scheme is unknown"), ("redis://", "host is missing"),
        ("redis://:6379", "host is missing"),
        ("redis://host:", "port is not a number"),
        ("redis://host:0", "port is not a number"),
        ("redis://host:65536", "port is not a number"),
        ("redis://host:+80", "port is not a number"),
        ("redis://host:12x", "port is not a number"),
        ("redis://ho st", "character that no host name has"),
        ("redis://h%6Fst", "character that no host name has"),
        ("redis://a,b", "character that no host name has"),
        ("redis://2001:db8::1", "[brackets]"),
        ("redis://[::1", "no ']'"),
        ("redis://[::1]6379", "after the ']'"),
        ("redis://[localhost]", "no IPv6 address"),
        ("redis://host/one", "database is not a number"),
        ("redis://host/-1", "database is not a number"),
        ("redis://host/1/2", "database is not a number"),
        ("redis://host/99999999999999999999", "database is not a number"),
        ("redis://host?db=", "database is not a number"),
        ("redis://host?timeout=3", "unknown parameter"),
        ("redis://host?ca=/file", "only rediss://"),
        ("rediss://host?ca=file", "'ca' is not an absolute path"),
        ("redis://hunter2@host", "no ':' before the '@'"),
        ("redis://user:@host", "password is empty"),
        ("redis://user:hunter2/x@host", "%2F"),
        ("redis://user:hunter2?x@host", "%3F"),
        ("redis://user:hunter2#x@host", "%23"),
        ("redis://user:hunter2%2@host", "'%' in the password"),
        ("redis://us%zzer:hunter2@host", "'%' in the user"),
        ("redis://user:hunter2%ff@host", "password is not UTF-8"),
        ("redis://:hunter2", "host is missing"),
        ("unix://relative/path", "not absolute"),
        ("unix://", "not absolute"),
        ("unix:///", "2 to 107 bytes"),
        ("unix:///a%00b", "2 to 107 bytes"),
        ("unix:///" + String(repeating: "x", count: 200), "2 to 107 bytes"),
        ("redis-cluster://a:1,b:2", "Redis Cluster is not supported by this version; use a redis:// URL"),
        ("redis-cluster://a:1,", "host is missing"),
        ("redis-sentinel://a:1,b/mymaster", "Redis Sentinel is not supported by this version; use a redis:// URL"),
        ("redis-sentinel://a:1", "name of the master is missing"),
    ]

    @Test(arguments: bad)
    func faultIsNamedWithoutTheSecret(_ url: String, _ part: String) {
        let error = #expect(throws: RedisURLError.self) { try RedisEndpoint(url: url) }
        let text = "\(error?.description ?? "")"
        #expect(text.contains(part))
        #expect(!text.contains("hunter2"))
    }

    @Test func passwordIsNeverPrinted() throws {
        let endpoint = try RedisEndpoint(url: "redis://user:hunter2@host")
        let configuration = RedisConfiguration(endpoint: endpoint)
        var dumped = ""
        dump(configuration, to: &dumped)
        for text in ["\(endpoint)", String(reflecting: endpoint), "\(configuration)", dumped] {
            #expect(!text.contains("hunter2"))
        }
    }
}
