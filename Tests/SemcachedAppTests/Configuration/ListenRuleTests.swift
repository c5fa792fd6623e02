import CacheServer
import Testing

@testable import SemcachedApp

@Suite struct ListenRuleTests {
    static let digest = String(repeating: "ab", count: 32)

    @Test(arguments: ["127.0.0.1", "127.8.9.10", "::1", "0:0:0:0:0:0:0:1", "localhost"])
    func withoutKeysTheServerListensOnLoopback(host: String) {
        #expect(ConfigurationSources(flags: [.init(name: "--host", value: host)]).problems.isEmpty)
    }

    @Test(arguments: [
        "0.0.0.0", "::", "10.0.0.1", "127.0.0.1.example.com", "localhost.example.com", "127.1", "example.com",
        "::ffff:10.0.0.1", "fe80::1", "1::1", "128.0.0.1",
    ])
    func withoutKeysTheServerRefusesEveryOtherAddress(host: String) throws {
        var sources = ConfigurationSources(flags: [.init(name: "--host", value: host)])
        #expect(
            sources.problems == [
                "server.host (flag --host): '\(host)' can be reached from other machines, and there are no keys; "
                    + "set auth.keys_file, or --allow-unauthenticated if that is meant"
            ]
        )
        sources.flags.append(.init(name: "--allow-unauthenticated", value: "true"))
        #expect(sources.problems.isEmpty)
    }

    @Test func withKeysTheServerListensAnywhere() throws {
        let folder = try TemporaryFolder()
        let keys = try folder.file(
            "keys.yaml",
            "keys: [{id: a, sha256: \(Self.digest), scopes: [read], namespaces: ['*']}]"
        )
        let sources = ConfigurationSources(environment: ["SEMCACHED_AUTH_KEYS_FILE": keys, "SEMCACHED_HOST": "0.0.0.0"])
        #expect(try sources.load().keys?.all.map(\.id) == ["a"])
    }

    @Test func aWrongKeysFileIsReportedInPlaceOfTheAddress() throws {
        let folder = try TemporaryFolder()
        let keys = try folder.file("keys.yaml", "keys: []")
        let sources = ConfigurationSources(environment: ["SEMCACHED_AUTH_KEYS_FILE": keys, "SEMCACHED_HOST": "0.0.0.0"])
        #expect(sources.problems == ["keys (file \(keys):1): must not be empty: nobody could call"])
    }
}
