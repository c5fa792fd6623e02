import Testing

@testable import SemcachedApp

@Suite struct PrecedenceTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test func theStrongerSourceWinsAndIsNamed() throws {
        let path = try folder.file(
            "semcached.yaml",
            "# comment\nserver:\n  port: 1001\n  host: localhost\nlog: {level: debug}\n"
        )
        var sources = ConfigurationSources()
        #expect(try sources.load().configuration.server.port == 9470)
        #expect(try sources.load().origins.service["server.port"] == nil)

        sources.file = path
        #expect(try sources.load().configuration.server.port == 1001)
        #expect(try sources.load().origins.service["server.port"] == .file(path: path, line: 3))

        sources.environment["SEMCACHED_PORT"] = "1002"
        #expect(try sources.load().configuration.server.port == 1002)
        #expect(try sources.load().origins.service["server.port"] == .environment(variable: "SEMCACHED_PORT"))

        sources.flags = [.init(name: "--port", value: "1003")]
        let loaded = try sources.load()
        #expect(loaded.configuration.server.port == 1003)
        #expect(loaded.origins.service["server.port"] == .flag("--port"))
        #expect(loaded.configuration.server.host == "localhost")
        #expect("\(loaded.configuration.log.level)" == "debug")
    }

    @Test func theFlagForTheFileWinsOverTheEnvironment() throws {
        let first = try folder.file("first.yaml", "server: {port: 1}")
        let second = try folder.file("second.yaml", "server: {port: 2}")
        var sources = ConfigurationSources(environment: ["SEMCACHED_CONFIG": first])
        #expect(try sources.load().configuration.server.port == 1)
        sources.file = second
        #expect(try sources.load().configuration.server.port == 2)
    }

    @Test func aWrongValueIsReportedEvenWhereAStrongerSourceSetsAnother() throws {
        let path = try folder.file("semcached.yaml", "server:\n  port: many\n")
        let sources = ConfigurationSources(flags: [.init(name: "--port", value: "1003")], file: path)
        #expect(
            sources.problems == [
                "server.port (file \(path):2): 'many' must be a whole number from 0 to 65535"
            ]
        )
    }

    @Test(arguments: ["SEMCACHED_PORT", "SEMCACHED_SERVER_PORT"])
    func bothFormsOfAVariableWork(variable: String) throws {
        #expect(try ConfigurationSources(environment: [variable: "1"]).load().configuration.server.port == 1)
    }

    @Test func twoFormsOfAVariableThatDisagreeAreAProblem() throws {
        var sources = ConfigurationSources(environment: ["SEMCACHED_PORT": "1", "SEMCACHED_SERVER_PORT": "2"])
        #expect(sources.problems.count == 1)
        #expect(sources.problems.first?.contains("SEMCACHED_PORT says something else") == true)
        sources.environment["SEMCACHED_SERVER_PORT"] = "1"
        #expect(sources.problems.isEmpty)
    }

    @Test func theVariablesOfOpenTelemetryAreWeakerThanOurs() throws {
        var sources = ConfigurationSources(
            environment: [
                "OTEL_EXPORTER_OTLP_ENDPOINT": "http://all:4318", "OTEL_SERVICE_NAME": "cache",
                "OTEL_TRACES_SAMPLER_ARG": "0.1", "OTEL_PROPAGATORS": "tracecontext",
            ]
        )
        var loaded = try sources.load()
        #expect(loaded.configuration.tracing.endpoint == "http://all:4318")
        #expect(loaded.configuration.tracing.serviceName == "cache")
        #expect(loaded.configuration.tracing.sampleRatio == 0.1)
        #expect(
            loaded.origins.service["tracing.endpoint"] == .environment(variable: "OTEL_EXPORTER_OTLP_ENDPOINT")
        )
        sources.environment["SEMCACHED_TRACING_ENDPOINT"] = "http://ours:4318"
        loaded = try sources.load()
        #expect(loaded.configuration.tracing.endpoint == "http://ours:4318")
        #expect(
            loaded.origins.service["tracing.endpoint"] == .environment(variable: "SEMCACHED_TRACING_ENDPOINT")
        )
    }

    @Test(arguments: [("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc"), ("OTEL_SDK_DISABLED", "true")])
    func aCollectorThatIsNotForUsIsLeftAlone(variable: String, value: String) throws {
        let environment = ["OTEL_EXPORTER_OTLP_ENDPOINT": "http://all:4317", variable: value]
        #expect(try ConfigurationSources(environment: environment).load().configuration.tracing.endpoint == nil)
    }

    @Test(arguments: [
        "SEMCACHED_URL", "SEMCACHED_API_KEY", "SEMCACHED_API_KEY_FILE", "SEMCACHED_CA_FILE", "SEMCACHED_DATA_DIR",
        "SEMCACHED_REBUILD", "PATH", "SEMCACHED",
    ])
    func variablesOfOthersAreLeftAlone(variable: String) {
        #expect(ConfigurationSources(environment: [variable: "x"]).problems.isEmpty)
    }

    @Test(arguments: [
        ("SEMCACHED_PORT", "tcp://10.0.0.1:9470"), ("SEMCACHED_SERVICE_HOST", "10.0.0.1"),
        ("SEMCACHED_SERVICE_PORT", "9470"), ("SEMCACHED_SERVICE_PORT_HTTP", "9470"),
        ("SEMCACHED_PORT_9470_TCP", "tcp://10.0.0.1:9470"), ("SEMCACHED_PORT_9470_TCP_PROTO", "tcp"),
        ("SEMCACHED_PORT_9470_TCP_PORT", "9470"), ("SEMCACHED_PORT_9470_TCP_ADDR", "10.0.0.1"),
        ("SEMCACHED_REDIS_PORT", "tcp://10.0.0.2:6379"),
    ])
    func variablesThatKubernetesMakesForAServiceAreLeftAlone(variable: String, value: String) throws {
        let loaded = try ConfigurationSources(environment: [variable: value]).load()
        #expect(loaded.configuration.server.port == 9470)
    }

    @Test func anEmptyVariableSetsNothing() throws {
        let loaded = try ConfigurationSources(environment: ["SEMCACHED_PORT": "", "SEMCACHED_CONFIG": ""]).load()
        #expect(loaded.configuration.server.port == 9470)
        #expect(loaded.origins.service.isEmpty)
    }

    @Test(arguments: [
        ("SEMCACHED_PROT", "SEMCACHED_PORT"), ("SEMCACHED_REDIS_ULR", "SEMCACHED_REDIS_URL"),
        ("SEMCACHED_TTL_DEFUALT", "SEMCACHED_TTL_DEFAULT"),
    ])
    func anUnknownVariableIsAProblemWithAHint(variable: String, meant: String) {
        #expect(
            ConfigurationSources(environment: [variable: "1"]).problems == [
                "environment \(variable): is no setting; did you mean \(meant)?"
            ]
        )
    }
}
