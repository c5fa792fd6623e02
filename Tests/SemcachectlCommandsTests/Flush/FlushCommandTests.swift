import CacheAPI
import Testing

@testable import SemcachectlCommands

@Suite struct FlushCommandTests {
    private let respond: FakeServer.Responder = { request in
        if request.method == "DELETE" { return FakeServer.Answer(status: 204, headers: []) }
        return .body(FlushResultBody(flushed: 1234, dryRun: request.text.contains("dry_run")))
    }

    @Test(arguments: [
        (["--namespace", "n", "--yes"], #"{"namespace":"n"}"#, "1,234 entries flushed\n"),
        (
            ["--namespace", "n", "--model", "m", "--tag", "a", "--tag", "b", "--yes"],
            #"{"namespace":"n","model":"m","tags":["a","b"]}"#, "1,234 entries flushed\n"
        ),
        (["--all", "--dry-run"], #"{"all":true,"dry_run":true}"#, "1,234 entries would be flushed\n"),
        (["--all", "--yes", "--output", "json"], #"{"all":true}"#, "{\"flushed\":1234,\"dry_run\":false}\n"),
    ])
    func whatIsAskedIsFlushed(arguments: [String], body: String, output: String) async throws {
        try await FakeServer.run(respond) { server in
            let outcome = try await CommandLineTool().run(["flush", "--url", server.url] + arguments)
            #expect(outcome.status == 0)
            #expect(outcome.output == output)
            #expect(server.requests.map(\.text) == [body])
        }
    }

    @Test func withoutATerminalItNeedsYes() async throws {
        try await FakeServer.run(respond) { server in
            let outcome = try await CommandLineTool().run("flush", "--namespace", "n", "--url", server.url)
            #expect(outcome.status == 64)
            #expect(outcome.errors.contains("--yes"))
            #expect(server.requests.isEmpty)
        }
    }

    @Test(arguments: ["n\n", "\n", "", "yess\n"])
    func onATerminalAnyAnswerButYesFlushesNothing(answer: String) async throws {
        try await FakeServer.run(respond) { server in
            var tool = CommandLineTool(input: answer)
            tool.isTerminal = true
            let outcome = try await tool.run("flush", "--namespace", "n", "--url", server.url)
            #expect(outcome.status == 1)
            #expect(outcome.errors.contains("Flush 1,234 entries in namespace n? [y/N] "))
            #expect(server.requests.map(\.text) == [#"{"namespace":"n","dry_run":true}"#])
        }
    }

    @Test(arguments: ["y\n", "YES\n"])
    func onATerminalYesFlushes(answer: String) async throws {
        try await FakeServer.run(respond) { server in
            var tool = CommandLineTool(input: answer)
            tool.isTerminal = true
            let outcome = try await tool.run("flush", "--all", "--url", server.url)
            #expect(outcome.status == 0)
            #expect(outcome.errors.contains("in ALL namespaces?"))
            #expect(server.requests.map(\.text) == [#"{"all":true,"dry_run":true}"#, #"{"all":true}"#])
        }
    }

    @Test func oneEntryIsDeleted() async throws {
        try await FakeServer.run(respond) { server in
            let tool = CommandLineTool()
            let outcome = try await tool.run(
                "flush",
                "--namespace",
                "n",
                "--entry",
                Bodies.id,
                "--yes",
                "--url",
                server.url
            )
            #expect(outcome.status == 0)
            #expect(outcome.output == "1 entry flushed\n")
            #expect(server.requests.map { "\($0.method) \($0.uri)" } == ["DELETE /v1/entries/\(Bodies.id)?namespace=n"])
        }
    }
}
