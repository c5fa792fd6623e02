import Testing

@testable import SemcachedApp

@Suite struct RedactionTests {
    static let password = "hunter2-swordfish"

    @Test(arguments: [
        "redis://user:\(password)@host:6379/0", "redis://:\(password)@host", "rediss://u:\(password)@[::1]:1/2",
        "unix://:\(password)@/tmp/redis.sock?db=1",
    ])
    func aPasswordInTheURLIsNeverPrinted(url: String) throws {
        let sources = ConfigurationSources(flags: [.init(name: "--redis", value: url)])
        let loaded = try sources.load()
        let text = EffectiveConfiguration.text(of: loaded)
        #expect(!text.contains(Self.password))
        #expect(text.contains("***"))
        #expect(text.contains("# flag --redis"))
        var dumped = ""
        dump(loaded, to: &dumped)
        #expect(!dumped.contains(Self.password))
        #expect(!"\(loaded)".contains(Self.password))
    }

    @Test(arguments: [
        "redis://user:\(password)@host:70000/0", "redis:/user:\(password)@host", "\(password)",
        "http://u:\(password)@host", "redis://\(password)@host", "redis://u:\(password)@host/x",
        "redis://u:%zz\(password)@h",
        "redis://user:\(password)@a,b:1", "redis-cluster://u:\(password)@a:1,b:2/3",
    ])
    func aPasswordInAWrongURLIsNeverPrinted(url: String) throws {
        let folder = try TemporaryFolder()
        let file = try folder.file("semcached.yaml", "redis: {url: '\(url)'}\nembedder: {url: '\(url)'}\n")
        for sources in [
            ConfigurationSources(environment: ["SEMCACHED_REDIS_URL": url]), ConfigurationSources(file: file),
        ] {
            #expect(!sources.problems.isEmpty)
            for problem in sources.problems { #expect(!problem.contains(Self.password)) }
        }
    }

    @Test(arguments: [
        "redis: {password: \(password)}", "redis: \(password)", "redis: [\(password)]", "redis: {url: [\(password)]}",
        "redis: {url: {password: \(password)}}", "redis:\n  url: a\n url: \(password)\n",
        "redis: {url: 'a\n\(password)",
        "redis: {url: \(password), url: \(password)}",
    ])
    func aPasswordInTheWrongPlaceOfTheFileIsNeverPrinted(text: String) throws {
        let folder = try TemporaryFolder()
        let problems = ConfigurationSources(file: try folder.file("semcached.yaml", text)).problems
        #expect(!problems.isEmpty)
        for problem in problems { #expect(!problem.contains(Self.password)) }
    }

    @Test func aPasswordInAnUnknownVariableIsNeverPrinted() {
        let problems = ConfigurationSources(environment: ["SEMCACHED_REDIS_PASSWORD": Self.password]).problems
        #expect(problems.count == 1)
        #expect(!problems.joined().contains(Self.password))
    }

    @Test func thePasswordOfAFileReachesTheClientAndNothingElse() throws {
        let folder = try TemporaryFolder()
        let path = try folder.file("password", Self.password + "\n")
        let key = try folder.file("key", String(repeating: "k", count: 32))
        let sources = ConfigurationSources(environment: [
            "SEMCACHED_REDIS_PASSWORD_FILE": path, "SEMCACHED_REDIS_USERNAME": "app",
            "SEMCACHED_TICKETS_HMAC_KEY_FILE": key,
        ])
        let loaded = try sources.load()
        let expected = ConfigurationSources(environment: [
            "SEMCACHED_REDIS_URL": "redis://app:\(Self.password)@127.0.0.1"
        ])
        #expect(
            try loaded.configuration.redis.authenticatedEndpoint == expected.load().configuration.redis.endpoint
        )
        #expect(loaded.configuration.tickets.key?.bytes.count == 32)
        var dumped = ""
        dump(loaded, to: &dumped)
        #expect(!dumped.contains(Self.password))
        #expect(!dumped.contains("kkkk"))
        #expect(!EffectiveConfiguration.text(of: loaded).contains(Self.password))
    }

    @Test func aPasswordInURLAndFileIsAProblem() throws {
        let folder = try TemporaryFolder()
        let path = try folder.file("password", "x")
        let sources = ConfigurationSources(environment: [
            "SEMCACHED_REDIS_PASSWORD_FILE": path, "SEMCACHED_REDIS_URL": "redis://:\(Self.password)@host",
        ])
        #expect(sources.problems.count == 1)
        #expect(sources.problems.first?.contains("leave one of them out") == true)
        #expect(!sources.problems.joined().contains(Self.password))
    }
}
