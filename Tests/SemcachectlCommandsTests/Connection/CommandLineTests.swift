import CacheAPI
import Testing

@testable import SemcachectlCommands

@Suite struct CommandLineTests {
    @Test(arguments: [
        ["bogus"], ["stats", "--window", "2h"], ["stats", "--output", "xml"], ["--url", "ftp://x", "stats"],
        ["stats", "--url", "http://user:secret@host"], ["stats", "--url", "http://host/?a=b"], ["flush"],
        ["flush", "--model", "m", "--yes"], ["flush", "--tag", "t", "--all"], ["flush", "--entry", "abc", "--yes"],
        ["flush", "--all", "--namespace", "n"], ["flush", "--namespace", "n", "--entry", "e", "--tag", "t"],
        ["entries", "get", "abc"], ["entries", "list", "--limit", "0"], ["export"], ["warm"],
        ["warm", "-", "--progress-file", "p"],
        ["replay", "f", "--price", "m=1"], ["keys", "new"], ["keys", "new", "--id", "a b"],
        ["stats", "--timeout", "0"],
        ["keys", "new", "--id", "a", "--scope", "all"], ["keys", "new", "--id", "a", "--namespace", "a/b"],
    ])
    func wrongUsageExits64AndWritesNothingToStandardOutput(arguments: [String]) async throws {
        let outcome = try await CommandLineTool().run(arguments)
        #expect(outcome.status == 64)
        #expect(outcome.output.isEmpty)
        #expect(outcome.errors.contains("rror:"))
        #expect(!outcome.errors.contains("secret"))
    }

    @Test(arguments: [
        ["--help"], ["stats", "--help"], ["flush", "--help"], ["entries", "--help"], ["entries", "list", "--help"],
        ["entries", "get", "--help"], ["entries", "delete", "--help"], ["lookup", "--help"], ["explain", "--help"],
        ["warm", "--help"], ["export", "--help"], ["replay", "--help"], ["doctor", "--help"],
        ["keys", "hash", "--help"],
        ["keys", "new", "--help"],
    ])
    func helpGoesToStandardOutputAndFits(arguments: [String]) async throws {
        let outcome = try await CommandLineTool().run(arguments)
        #expect(outcome.status == 0)
        #expect(outcome.errors.isEmpty)
        #expect(outcome.output.contains("USAGE:"))
        if arguments != ["entries", "--help"] { #expect(outcome.output.contains("EXAMPLES")) }
    }

    @Test func versionIsTheProducts() async throws {
        let outcome = try await CommandLineTool().run("--version")
        #expect(outcome.status == 0)
        #expect(outcome.output == "0.1.0\n")
    }

    @Test func aCompletionScriptIsPrinted() async throws {
        let outcome = try await CommandLineTool().run("--generate-completion-script", "bash")
        #expect(outcome.status == 0)
        #expect(outcome.output.contains("semcachectl"))
    }

    @Test(arguments: [
        ["--url", "URL", "--output", "json", "stats", "--window", "5m"],
        ["stats", "--window", "5m", "--url", "URL", "--output", "json"],
        ["--output", "json", "stats", "--url", "URL", "--window", "5m"],
    ])
    func globalOptionsStandBeforeAndAfterTheCommand(arguments: [String]) async throws {
        try await FakeServer.run({ _ in .body(Bodies.stats()) }) { server in
            let outcome = try await CommandLineTool().run(arguments.map { $0 == "URL" ? server.url : $0 })
            #expect(outcome.status == 0)
            #expect(outcome.output.hasPrefix(#"{"window":"1h""#))
            #expect(server.requests.map(\.uri) == ["/v1/stats?window=5m"])
        }
    }

    @Test func globalOptionsReachACommandOfAGroup() async throws {
        try await FakeServer.run({ _ in .body(EntryListBody(entries: [], cursor: nil)) }) { server in
            let outcome = try await CommandLineTool().run("--url", server.url, "entries", "--output", "json", "list")
            #expect(outcome.status == 0)
            #expect(outcome.output == "{\"entries\":[],\"cursor\":null}\n")
        }
    }

    @Test func urlAndKeyComeFromTheEnvironment() async throws {
        try await FakeServer.run({ _ in .body(Bodies.stats()) }) { server in
            var tool = CommandLineTool()
            tool.environment = ["SEMCACHED_URL": server.url + "/", "SEMCACHED_API_KEY": "k-123"]
            let outcome = try await tool.run("stats")
            #expect(outcome.status == 0)
            #expect(server.requests.first?.headers["authorization"] == "Bearer k-123")
        }
    }

    @Test func aKeyFileWinsOverTheEnvironment() async throws {
        let folder = try TemporaryFolder()
        let file = try folder.write("k-file\n", to: "key")
        try await FakeServer.run({ _ in .body(Bodies.stats()) }) { server in
            var tool = CommandLineTool()
            tool.environment = ["SEMCACHED_URL": server.url, "SEMCACHED_API_KEY": "k-123"]
            let outcome = try await tool.run("stats", "--api-key-file", file)
            #expect(outcome.status == 0)
            #expect(server.requests.first?.headers["authorization"] == "Bearer k-file")
        }
    }

    @Test func aKeyThatAHeaderCannotCarryIsNotShown() async throws {
        var tool = CommandLineTool()
        tool.environment = ["SEMCACHED_API_KEY": "two words"]
        let outcome = try await tool.run("stats")
        #expect(outcome.status == 1)
        #expect(
            outcome.errors == "semcachectl: SEMCACHED_API_KEY does not hold a key, a line of visible ASCII characters\n"
        )
    }

    @Test(arguments: [
        ["stats"], ["flush", "--all", "--yes"], ["entries", "list"], ["doctor"], ["export", "--namespace", "n"],
        ["entries", "delete", String(repeating: "a", count: 64)],
    ])
    func aServerThatDoesNotListenExits69(arguments: [String]) async throws {
        let url = try await CommandLineTool.deadURL()
        let outcome = try await CommandLineTool().run(arguments + ["--url", url])
        #expect(outcome.status == 69)
        #expect((outcome.errors + outcome.output).contains("connection refused"))
    }

    @Test func aServerThatDoesNotAnswerInTimeExits69() async throws {
        try await FakeServer.run({ _ in .silence }) { server in
            let outcome = try await CommandLineTool().run("stats", "--timeout", "1", "--url", server.url)
            #expect(outcome.status == 69)
            #expect(outcome.errors.contains("no answer within 1.0 seconds"))
        }
    }

    @Test func anUnknownHostExits69() async throws {
        let outcome = try await CommandLineTool().run("stats", "--url", "http://host.invalid:9470")
        #expect(outcome.status == 69)
        #expect(outcome.errors.contains("host.invalid"))
    }

    @Test(arguments: [
        (ProblemCode.unauthorized, "--api-key-file"), (.forbidden, "scope"), (.redisUnavailable, "doctor"),
    ])
    func aRefusalSaysWhatToDo(code: ProblemCode, advice: String) async throws {
        try await FakeServer.run({ _ in .problem(code, "the detail") }) { server in
            let outcome = try await CommandLineTool().run("stats", "--url", server.url)
            #expect(outcome.status == 1)
            #expect(outcome.output.isEmpty)
            #expect(outcome.errors.contains("the detail"))
            #expect(outcome.errors.contains(advice))
        }
    }

    @Test(arguments: ["<html>", "{}", #"{"window":3}"#, ""])
    func anotherServersAnswerIsNotTakenForAnAnswer(body: String) async throws {
        try await FakeServer.run({ _ in .json(body) }) { server in
            let outcome = try await CommandLineTool().run("stats", "--url", server.url)
            #expect(outcome.status == 1)
            #expect(outcome.errors.contains("is not one of a semcached server"))
        }
    }

    @Test func aReaderThatIsGoneEndsItQuietly() async throws {
        try await FakeServer.run({ _ in .body(Bodies.stats()) }) { server in
            var tool = CommandLineTool()
            tool.outputLimit = 2_000
            let outcome = try await tool.run("stats", "--watch", "--url", server.url)
            #expect(outcome.status == 0)
            #expect(outcome.errors.isEmpty)
            #expect(server.requests.count > 1)
        }
    }
}
