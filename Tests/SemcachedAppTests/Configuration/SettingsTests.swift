import Testing

@testable import SemcachedApp

@Suite struct SettingsTests {
    @Test func namesAreUnique() {
        #expect(Set(Settings.all.map(\.key)).count == Settings.all.count)
        #expect(Settings.byVariable.count >= Settings.all.count)
    }

    @Test(arguments: [
        ("redis.url", "SEMCACHED_REDIS_URL"), ("server.tls.key_file", "SEMCACHED_SERVER_TLS_KEY_FILE"),
        ("near_cache.max_bytes", "SEMCACHED_NEAR_CACHE_MAX_BYTES"),
    ])
    func everyKeyHasAnEnvironmentForm(key: String, variable: String) {
        #expect(Settings.byKey[key]?.variable == variable)
    }

    @Test(arguments: [
        ("server.host", "127.0.0.1"), ("server.port", "9470"), ("limits.request_bytes", "4 MiB"),
        ("limits.entry_bytes", "1 MiB"), ("redis.url", "redis://127.0.0.1:6379/0"), ("redis.key_prefix", "semcached:"),
        ("ttl.default", "3600"), ("ttl.maximum", "604800"), ("lookup.deadline_ms", "250"), ("lease.seconds", "30"),
        ("semantic.threshold", "0.8"), ("semantic.mode", "serve"), ("semantic.profile", "strict"),
        ("semantic.index", "local"), ("semantic.hnsw_above", "50000"), ("embedder.kind", "local"),
        ("shutdown.grace_seconds", "10"),
    ])
    func defaultsAreThoseOfTheContract(key: String, value: String) throws {
        #expect(try #require(Settings.byKey[key]).value(DaemonConfiguration()) == .text(value))
    }

    @Test(arguments: Settings.all.map(\.key))
    func everyDefaultIsAllowed(key: String) throws {
        let setting = try #require(Settings.byKey[key])
        var configuration = DaemonConfiguration()
        guard let value = setting.value(configuration) else {
            #expect(setting.whenUnset != nil)
            return
        }
        try setting.set(value, &configuration)
        #expect(setting.value(configuration) == value)
    }

    @Test(arguments: [("0", nil), ("1", 1), ("200000", 200_000), ("1000000000", 1_000_000_000)] as [(String, Int?)])
    func noQuestionsMeanNoGraph(text: String, size: Int?) throws {
        let setting = try #require(Settings.byKey["semantic.hnsw_above"])
        var configuration = DaemonConfiguration()
        try setting.set(.text(text), &configuration)
        #expect(configuration.graphAbove == size)
        #expect(setting.value(configuration) == .text(text))
    }

    @Test(arguments: ["-1", "1.5", "many", "", "1000000001"])
    func sizesOfGraphsAreWholeNumbers(text: String) throws {
        let setting = try #require(Settings.byKey["semantic.hnsw_above"])
        var configuration = DaemonConfiguration()
        #expect(throws: (any Error).self) { try setting.set(.text(text), &configuration) }
    }

    @Test(arguments: Settings.all.map(\.key))
    func everySettingIsInTheReference(key: String) {
        #expect(SettingsReference.markdown.contains("| `\(key)` |"))
    }

    @Test func sectionsStandTogetherInTheTable() {
        var seen: [Substring] = []
        for setting in Settings.all {
            let section = setting.key.prefix { $0 != "." }
            if seen.last != section {
                #expect(!seen.contains(section), "\(section)")
                seen.append(section)
            }
        }
    }

    @Test func noKeyIsAlsoASection() {
        for setting in Settings.all { #expect(!Settings.isSection(setting.key)) }
    }
}
