import CacheServer
import SemanticCache
import Testing

@testable import SemcachedApp

@Suite struct ConfigurationReloadTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func writeKeys(_ id: String) throws -> String {
        let digest = String(repeating: "0c", count: 32)
        return try folder.file("keys.yaml", "keys: [{id: \(id), sha256: \(digest), scopes: [admin], namespaces: [a]}]")
    }

    @Test func keysNamespacesAndPricesAreTakenOverAndTheRestWaits() throws {
        let keys = try writeKeys("first")
        let file = try folder.file("semcached.yaml", "auth: {keys_file: \(keys)}\n")
        let sources = ConfigurationSources(file: file)
        let start = try sources.load()

        _ = try writeKeys("second")
        _ = try folder.file(
            "semcached.yaml",
            """
            auth: {keys_file: \(keys)}
            server: {port: 1}
            redis: {key_prefix: "other:"}
            ttl: {default: 7}
            namespaces: {faq: {ttl: {default: 8}}}
            prices: {gpt: {prompt: 1, completion: 2}}
            """
        )
        let reload = try sources.reload(after: start)
        #expect(reload.keys?.all.map(\.id) == ["second"])
        #expect(reload.cache.defaults.defaultTimeToLive == 7)
        #expect(reload.cache.namespaces["faq"]?.defaultTimeToLive == 8)
        #expect(reload.cache.prices.count == 1)
        #expect(reload.waitingForRestart == ["server.port", "redis.key_prefix"])
    }

    @Test func aWrongFileIsRefusedAsAWhole() throws {
        let file = try folder.file("semcached.yaml", "ttl: {default: 5}\n")
        let sources = ConfigurationSources(file: file)
        let start = try sources.load()
        _ = try folder.file("semcached.yaml", "ttl: {default: 6}\nlog: {level: loud}\n")
        #expect(throws: ConfigurationError.self) { try sources.reload(after: start) }
    }

    @Test func keysCannotBeTakenAwayFromARunningServer() throws {
        let file = try folder.file("semcached.yaml", "auth: {keys_file: \(try writeKeys("a"))}\n")
        let sources = ConfigurationSources(file: file)
        let start = try sources.load()
        _ = try folder.file("semcached.yaml", "{}")
        #expect(sources.problems.isEmpty)
        #expect(throws: ConfigurationError.self) { try sources.reload(after: start) }
    }
}
