import CacheAPI
import Testing

@testable import SemcachectlCommands

@Suite struct EntriesCommandTests {
    @Test func aListingShowsIDsToCopyAndHowToGoOn() async throws {
        let page = EntryListBody(entries: [try Bodies.entry(Bodies.id, withBodies: false)], cursor: "c/1")
        try await FakeServer.run({ _ in .body(page) }) { server in
            let outcome = try await CommandLineTool().run(
                "entries",
                "list",
                "--namespace",
                "support",
                "--tag",
                "docs:v2",
                "--url",
                server.url
            )
            #expect(outcome.status == 0)
            #expect(
                outcome.output == """
                    MODEL   ENDPOINT             AGE      TTL  BYTES  HITS  TAGS
                    gpt-4o  chat.completions  3m 12s  56m 48s  1,504    12  docs:v2
                      \(Bodies.id)

                    """
            )
            #expect(outcome.errors == "There are more: --cursor c/1\n")
            #expect(server.requests.map(\.uri) == ["/v1/entries?namespace=support&tag=docs%3Av2&limit=20"])
        }
    }

    @Test func anEntryIsShownWithRequestAndResponse() async throws {
        let entry = try Bodies.entry(Bodies.id, withBodies: true)
        try await FakeServer.run({ _ in .body(entry) }) { server in
            let outcome = try await CommandLineTool().run("entries", "get", Bodies.id, "--url", server.url)
            #expect(outcome.status == 0)
            #expect(outcome.output.contains("size       1.5 KiB\n"))
            #expect(outcome.output.contains("request\n{\n  \"model\": \"gpt-4o\",\n  \"n\": 9007199254740993\n}\n"))
            let json = try await CommandLineTool().run(
                "entries",
                "get",
                Bodies.id,
                "--url",
                server.url,
                "--output",
                "json"
            )
            #expect(json.output == String(decoding: try BodyEncoder.encode(entry), as: UTF8.self) + "\n")
        }
    }

    @Test func deletingSaysSoOnStandardError() async throws {
        try await FakeServer.run({ _ in FakeServer.Answer(status: 204, headers: []) }) { server in
            let outcome = try await CommandLineTool().run("entries", "delete", Bodies.id, "--url", server.url)
            #expect(outcome.status == 0)
            #expect(outcome.output.isEmpty)
            #expect(outcome.errors == "deleted \(Bodies.id)\n")
        }
    }

    @Test func anAbsentEntryIsARefusal() async throws {
        try await FakeServer.run({ _ in .problem(.notFound, "no such entry") }) { server in
            let outcome = try await CommandLineTool().run("entries", "delete", Bodies.id, "--url", server.url)
            #expect(outcome.status == 1)
            #expect(outcome.errors.contains("no such entry"))
        }
    }
}
