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
        Good(
            url: "redis-cluster://a:1,b,a:1,[::1]:3",
            endpoint: RedisEndpoint(
                address: .cluster(seeds: [
                    RedisHost(name: "a", port: 1), RedisHost(name: "b", port: 6379), RedisHost(name: "::1", port: 3),
                ])
            ),
            description: "redis-cluster://a:1,b:6379,[::1]:3"
        ),
        Good(
            url: "rediss-cluster://bob:secret@a/0?ca=/ca.pem",
            endpoint: RedisEndpoint(
                address: .cluster(seeds: [RedisHost(name: "a", port: 6379)]),
                usesTLS: true,
                tlsCACertificateFile: "/ca.pem",
                user: "bob",
                password: "secret"
            ),
            description: "rediss-cluster://bob:***@a:6379"
        ),
        Good(
            url: "redis-sentinel://:secret@a,b:7/my%20master?db=2&sentinel_user=sue&sentinel_password=hunter%262",
            endpoint: RedisEndpoint(
                address: .sentinel(
                    SentinelAddress(
                        hosts: [RedisHost(name: "a", port: 26_379), RedisHost(name: "b", port: 7)],
                        primary: "my master",
                        user: "sue",
                        password: "hunter&2"
                    )
                ),
                password: "secret",
                database: 2
            ),
            description: "redis-sentinel://:***@a:26379,b:7/my master?db=2"
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
        ("redis://a,b", "write redis-cluster://"),
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
        ("redis-cluster://a:1,", "host is missing"),
        ("redis-cluster://a:1/3", "no database but 0"),
        ("redis-cluster://a:1?db=3", "no database but 0"),
        ("redis-cluster://a?sentinel_password=hunter2", "only redis-sentinel://"),
        ("redis-sentinel://a:1", "name of the primary is missing"),
        ("redis-sentinel://a:1/x/y", "name of the primary is missing"),
        ("redis-sentinel://a:1,b c/x", "character that no host name has"),
        ("redis-sentinel://a/x?sentinel_user=hunter2", "needs 'sentinel_password'"),
        ("redis-sentinel://a/x?sentinel_password=", "'sentinel_password' is empty"),
    ]

    @Test(arguments: bad)
    func faultIsNamedWithoutTheSecret(_ url: String, _ part: String) {
        let error = #expect(throws: RedisURLError.self) { try RedisEndpoint(url: url) }
        let text = "\(error?.description ?? "")"
        #expect(text.contains(part))
        #expect(!text.contains("hunter2"))
    }

    @Test(arguments: [
        "redis://user:hunter2@host", "redis-cluster://user:hunter2@host",
        "redis-sentinel://user:hunter2@host/name?sentinel_password=hunter2",
    ])
    func passwordIsNeverPrinted(url: String) throws {
        let endpoint = try RedisEndpoint(url: url)
        let configuration = RedisConfiguration(endpoint: endpoint)
        var dumped = ""
        dump(configuration, to: &dumped)
        let texts = ["\(endpoint)", String(reflecting: endpoint), "\(endpoint.address)", "\(configuration)", dumped]
        for text in texts {
            #expect(!text.contains("hunter2"))
        }
    }
}
