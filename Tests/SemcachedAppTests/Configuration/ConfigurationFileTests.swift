import SemanticCache
import Testing

@testable import SemcachedApp

@Suite struct ConfigurationFileTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test(arguments: ["", "# nothing\n", "---\n", "server:\n", "{}", "namespaces:\n", "prices: {}\n", "\u{FEFF}log:\n"])
    func aFileThatSetsNothingIsFine(text: String) throws {
        let file = try folder.file("semcached.yaml", text)
        #expect(ConfigurationSources(file: file).problems == [])
    }

    @Test(arguments: [
        ("server:\n  prot: 1\n", "server.prot (file FILE:2): is no setting; did you mean server.port?"),
        ("prot: 1\n", "prot (file FILE:1): is no setting"),
        ("port: 1\n", "port (file FILE:1): is no setting; did you mean server.port?"),
        ("semantics:\n  enabled: true\n", "semantics (file FILE:1): is no setting; did you mean semantic?"),
        (
            "server.port: 1\n",
            "server.port (file FILE:1): is no setting in this spelling; write its sections as nested maps"
        ),
        ("server: 1\n", "server (file FILE:1): must be a map, but is a single value"),
        ("server: [1]\n", "server (file FILE:1): must be a map, but is a list"),
        ("- server\n", "file FILE:1: must be a map of sections, but is a list"),
        (
            "server:\n  port:\n",
            "server.port (file FILE:2): has no value; leave the key out, or give it a whole number from 0 to 65535"
        ),
        ("server:\n  port: [1]\n", "server.port (file FILE:2): is a list, but must be a whole number from 0 to 65535"),
        ("server:\n  port: {a: 1}\n", "server.port (file FILE:2): must be a value, but is a map"),
        ("server:\n  port: 65536\n", "server.port (file FILE:2): '65536' must be a whole number from 0 to 65535"),
        (
            "limits: {entry_bytes: 4 MB}\n",
            "limits.entry_bytes (file FILE:1): '4 MB' must be a size from 1 KiB to 256 MiB, in bytes or as in 512 KiB"
        ),
        ("log:\n  level: loud\n", "'loud' must be trace, debug, info, notice, warning, error or critical"),
        ("canonical: {ignored_fields: [[a]]}\n", "canonical.ignored_fields (file FILE:1): holds a list where a text"),
        ("canonical: {ignored_fields: [messages]}\n", "canonical.ignored_fields (file FILE:1): names 'messages'"),
        ("ttl: {default: 20, maximum: 10}\n", "ttl.default (file FILE:1): 20 seconds are more than the 10 of ttl.max"),
        ("limits: {burst: 5}\n", "limits.burst (file FILE:1): has no effect without limits.requests_per_second"),
        ("lease: {seconds: 100, ticket_seconds: 10}\n", "lease.ticket_seconds (file FILE:1): must be at least"),
        ("embedder: {kind: openai}\n", "embedder.kind (file FILE:1): 'openai' needs embedder.url"),
        ("redis: {tls_ca_file: FILE}\n", "redis.tls_ca_file (file FILE:1): has an effect only with a rediss://"),
        ("redis: {username: app}\n", "redis.username (file FILE:1): needs redis.password_file"),
        ("server: {tls: {key_file: FILE}}\n", "server.tls.key_file (file FILE:1): needs server.tls.certificate_file"),
        ("auth: {keys_file: /nowhere/k}\n", "'/nowhere/k' cannot be read: No such file or directory"),
        ("tickets: {hmac_key_file: /dev/null}\n", "tickets.hmac_key_file (file FILE:1): '/dev/null' is empty"),
        ("prices: {gpt: {prompt: 1}}\n", "prices.gpt (file FILE:1): has no completion"),
        ("prices: {gpt: {prompt: 1, completion: -1}}\n", "prices.gpt.completion (file FILE:1): must be a number from"),
        (
            "prices: {gpt: {prompts: 1, completion: 1}}\n",
            "prices.gpt.prompts (file FILE:1): is no part of a price; did"
        ),
        ("prices: {gpt: 3}\n", "prices.gpt (file FILE:1): must be a map, but is a single value"),
        ("namespaces: {-a: {}}\n", "namespaces (file FILE:1): '-a' is no name of a namespace"),
        (
            "namespaces:\n  a:\n    ttl: {defualt: 1}\n",
            "namespaces.a.ttl.defualt (file FILE:3): is no setting; did you"
        ),
        ("namespaces: {a: {server: {port: 1}}}\n", "namespaces.a.server.port (file FILE:1): is set for the service"),
        ("namespaces: {a: {ttl: {default: 0}}}\n", "namespaces.a.ttl.default (file FILE:1): '0' must be a time from"),
        ("namespaces: {a: {ttl: {default: 9d, maximum: 8d}}}\n", "namespaces.a.ttl.default (file FILE:1): 777600 sec"),
        ("server:\n  port: 1\n  port: 2\n", "file FILE:2: column 3: 'port' is set twice in the same place"),
        ("server: {\n", "file FILE:2: column 1: this is not YAML: "),
        ("a: b: c\n", "file FILE:1: column 5: this is not YAML: mapping values are not allowed"),
        ("a: *b\n", "this is not YAML: found undefined alias"),
        ("a: 1\n---\nb: 2\n", "this is not YAML: but found another document"),
        ("? {a: b}\n: 1\n", "column 3: a key is not a text"),
    ])
    func aWrongFileIsRefusedWithPlaceAndReason(text: String, problem: String) throws {
        let file = folder.path + "/semcached.yaml"
        let written = text.replacing("FILE", with: file)
        _ = try folder.file("semcached.yaml", written)
        let problems = ConfigurationSources(file: file).problems
        #expect(problems.count == 1, "\(problems)")
        #expect(problems.first?.contains(problem.replacing("FILE", with: file)) == true, "\(problems)")
    }

    @Test func everyProblemIsListed() throws {
        let file = try folder.file(
            "semcached.yaml",
            "server: {port: -1, hots: a}\nlimits:\n  connections: 0\nnamespaces: {a: {lease: {seconds: x}}}\n"
        )
        let sources = ConfigurationSources(
            flags: [.init(name: "--log-level", value: "loud")],
            environment: ["SEMCACHED_TTL_DEFAULT": "soon", "SEMCACHED_NONSENSE_AT_ALL": "1"],
            file: file
        )
        let keys = [
            "server.port", "server.hots", "limits.connections", "environment SEMCACHED_NONSENSE_AT_ALL", "ttl.default",
            "log.level", "namespaces.a.lease.seconds",
        ]
        let problems = sources.problems
        #expect(problems.count == keys.count, "\(problems)")
        for (problem, key) in zip(problems, keys) { #expect(problem.hasPrefix(key)) }
    }

    @Test func onlyWrongValuesOfFlagsAreWrongUsage() throws {
        func isWrongUsage(_ sources: ConfigurationSources) -> Bool? {
            do throws(ConfigurationError) {
                _ = try sources.load()
                return nil
            } catch {
                return error.isWrongUsage
            }
        }
        let wrongPort = ConfigurationSources.Flag(name: "--port", value: "x")
        #expect(isWrongUsage(ConfigurationSources(flags: [wrongPort])) == true)
        #expect(isWrongUsage(ConfigurationSources(flags: [wrongPort], environment: ["SEMCACHED_HOST": "?"])) == false)
        #expect(isWrongUsage(ConfigurationSources(flags: [.init(name: "--host", value: "0.0.0.0")])) == false)
        #expect(isWrongUsage(ConfigurationSources(file: "/nowhere")) == false)
    }

    @Test func sentencesEndOnce() {
        let problems = ["is no setting; did you mean redis.url?", "must be more"].map {
            ConfigurationError.Problem(key: "a", origin: .fallback, reason: $0)
        }
        #expect(
            ConfigurationError(problems: problems).sentences == [
                "a: is no setting; did you mean redis.url?", "a: must be more.",
            ]
        )
    }

    @Test(arguments: [("/nowhere/c.yaml", "No such file"), ("/", "is a folder")])
    func aFileThatCannotBeReadIsAProblem(path: String, reason: String) {
        #expect(ConfigurationSources(file: path).problems.first?.contains(reason) == true)
        #expect(ConfigurationSources(environment: ["SEMCACHED_CONFIG": path]).problems.count == 1)
    }

    @Test(arguments: [(0, "is empty"), (31, "holds 31 bytes, but must hold at least 32"), (32, nil)])
    func theKeyOfTicketsHasAtLeast32Bytes(count: Int, reason: String?) throws {
        let file = try folder.file("key", String(repeating: "k", count: count) + "\n")
        let problems = ConfigurationSources(environment: ["SEMCACHED_TICKETS_HMAC_KEY_FILE": file]).problems
        #expect(problems.isEmpty == (reason == nil))
        if let reason { #expect(problems.first?.contains(reason) == true) }
    }

    @Test func aDocumentThatAliasesMakeHugeIsRefused() throws {
        var text = "a0: &a0 [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]\n"
        for level in 1...8 {
            let items = Array(repeating: "*a\(level - 1)", count: 10).joined(separator: ", ")
            text += "a\(level): &a\(level) [\(items)]\n"
        }
        #expect(throws: YAMLFailure.self) { try YAMLNode(yaml: text) }
    }

    @Test func namespacesBuildOnTheServiceAndSetTheirOwn() throws {
        let file = try folder.file(
            "semcached.yaml",
            """
            ttl: {default: 100}
            canonical: {ignored_fields: [trace]}
            namespaces:
              faq:
                ttl: {default: 2h, maximum: 1d}
                limits: {entry_bytes: 2 MiB}
                cacheable: {deterministic_only: true}
                canonical: {ignored_fields: [session]}
                lookup: {deadline_ms: 100}
                lease: {seconds: 5}
                semantic: {threshold: 0.9, guards: {numbers: false}}
              off:
                cache: {enabled: false}
              plain:
            prices:
              gpt-4o: {prompt: 2.50, completion: 10.00}
              "vendor/model:free": {prompt: 0, completion: 0}
            """
        )
        let cache = try ConfigurationSources(environment: ["SEMCACHED_TTL_DEFAULT": "200"], file: file).load()
            .configuration.cache
        #expect(cache.defaults.defaultTimeToLive == 200)
        let faq = try #require(cache.namespaces["faq"])
        #expect(faq.defaultTimeToLive == 7200)
        #expect(faq.maximumTimeToLive == 86_400)
        #expect(faq.maximumEntryBytes == 2 << 20)
        #expect(faq.cachesDeterministicOnly)
        #expect(faq.ignoredFields == ["session"])
        #expect(faq.lookupDeadlineMilliseconds == 100)
        #expect(faq.leaseMilliseconds == 5000)
        #expect(faq.semantic.threshold == 0.9)
        #expect(!faq.semantic.guards.contains(.numbers))
        #expect(faq.semantic.guards.contains(.role))
        #expect(cache.namespaces["off"]?.isEnabled == false)
        #expect(cache.namespaces["off"]?.defaultTimeToLive == 200)
        #expect(cache.namespaces["plain"] == cache.defaults)
        #expect(cache.prices["gpt-4o"] == Price(prompt: 2.5, completion: 10))
        #expect(cache.prices["vendor/model:free"] == Price(prompt: 0, completion: 0))
    }

    @Test func aDefaultTimeThatNobodyChoseGivesWayToTheMaximum() throws {
        let file = try folder.file("semcached.yaml", "ttl: {maximum: 60}\nnamespaces: {a: {ttl: {maximum: 30}}}\n")
        let cache = try ConfigurationSources(file: file).load().configuration.cache
        #expect(cache.defaults.defaultTimeToLive == 60)
        #expect(cache.namespaces["a"]?.defaultTimeToLive == 30)
    }

    @Test func aModelThatNobodyMayUseIsAWarning() throws {
        let off = "embedder: {model_dir: /models/a}\nsemantic: {enabled: false}\n"
        let file = try folder.file("semcached.yaml", off)
        #expect(try ConfigurationSources(file: file).load().warnings.count == 1)
        let one = try folder.file("one.yaml", off + "namespaces: {a: {semantic: {enabled: true}}}\n")
        #expect(try ConfigurationSources(file: one).load().warnings.isEmpty)
        #expect(try ConfigurationSources().load().warnings.isEmpty)
    }
}
