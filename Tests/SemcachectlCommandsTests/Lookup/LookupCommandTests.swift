import Testing

@testable import SemcachectlCommands

@Suite struct LookupCommandTests {
    private static let hit = """
        {"status":"hit","tier":"exact","entry_id":"\(Bodies.id)","age":12,"ttl":3588,"stored_at":"2026-11-21T10:00:00Z",\
        "coalesced":false,"response":{"id":"x"},"saved":{"prompt_tokens":812,"completion_tokens":164,"usd":null}}
        """

    @Test func anUpstreamRequestIsWrappedAndTakesNoLease() async throws {
        try await FakeServer.run({ _ in .json(Self.hit) }) { server in
            let tool = CommandLineTool(input: #" {"model":"m","messages":[]} "#)
            let outcome = try await tool.run(
                "lookup",
                "-",
                "--namespace",
                "n",
                "--endpoint",
                "messages",
                "--url",
                server.url
            )
            #expect(outcome.status == 0)
            #expect(outcome.output.contains("tier               exact\n"))
            #expect(outcome.output.contains("saved              -\n"))
            #expect(
                server.requests.first?.text
                    == #"{"namespace":"n","endpoint":"messages","request":{"model":"m","messages":[]},"cache":{"lease":false}}"#
            )
        }
    }

    @Test func theBodyOfALookupIsSentAsItIs() async throws {
        let body = #"{"request":{"n":1.0},"cache":{"unknown":1}}"#
        try await FakeServer.run({ _ in .json(Self.hit) }) { server in
            let outcome = try await CommandLineTool(input: body).run(
                "lookup",
                "-",
                "--url",
                server.url,
                "--output",
                "json"
            )
            #expect(outcome.output == Self.hit + "\n")
            #expect(server.requests.map(\.text) == [body])
            let refused = try await CommandLineTool(input: body).run(
                "lookup",
                "-",
                "--namespace",
                "n",
                "--url",
                server.url
            )
            #expect(refused.status == 64)
        }
    }

    @Test func whatIsNotJSONIsNamedByLineAndColumn() async throws {
        let folder = try TemporaryFolder()
        let file = try folder.write("{\n  \"a\": x}", to: "request.json")
        let outcome = try await CommandLineTool().run("explain", file)
        #expect(outcome.status == 1)
        #expect(outcome.errors == "semcachectl: \(file) is not JSON: unexpected byte at line 2, column 8\n")
    }

    @Test func anExplanationShowsWhyAndTheCanonicalForm() async throws {
        try await FakeServer.run({ _ in .json(Bodies.explanation(of: Bodies.id)) }) { server in
            let outcome = try await CommandLineTool(input: "{}").run("explain", "-", "--url", server.url)
            #expect(
                outcome.output == """
                    fingerprint    \(Bodies.id)
                    semantic tier  is not asked: semantic.enabled is false

                    outcome
                      status  miss
                      reason  absent

                    canonical form
                    {
                      "model": "m"
                    }

                    """
            )
            #expect(server.requests.map(\.text) == [#"{"request":{}}"#])
        }
    }
}
