import CacheAPI
import Testing

@testable import SemcachectlCommands

@Suite struct ExportCommandTests {
    private static let ids = (0..<30).map { String(repeating: "ab", count: 31) + String($0 + 10) }

    /// Two pages; the entry before the last is gone when it is asked for.
    private let respond: FakeServer.Responder = { request in
        do {
            if request.path == "/v1/entries" {
                let isSecond = request.uri.contains("cursor=next")
                let ids = isSecond ? Self.ids.suffix(10) : Self.ids.prefix(20)
                let entries = try ids.map { try Bodies.entry($0, withBodies: false) }
                return .body(EntryListBody(entries: entries, cursor: isSecond ? nil : "next"))
            }
            let id = String(request.path.dropFirst("/v1/entries/".count))
            if id == Self.ids[28] { return .problem(.notFound, "gone") }
            return .body(try Bodies.entry(id, withBodies: true))
        } catch {
            return .problem(.internalError, "\(error)")
        }
    }

    private let line = """
        {"namespace":"support","endpoint":"chat.completions","request":{"model":"gpt-4o","n":9007199254740993},\
        "response":{"choices":[],"x":0.10},"ttl":3408,"tags":["docs:v2"]}

        """

    @Test func everyLiveEntryIsALineThatWarmReads() async throws {
        try await FakeServer.run(respond) { server in
            let outcome = try await CommandLineTool().run("export", "--namespace", "support", "--url", server.url)
            #expect(outcome.status == 0)
            #expect(outcome.output == String(repeating: line, count: 29))
            #expect(outcome.errors == "29 entries written\n")
        }
    }

    @Test func aReaderThatIsGoneEndsItQuietly() async throws {
        try await FakeServer.run(respond) { server in
            var tool = CommandLineTool()
            tool.outputLimit = line.utf8.count
            let outcome = try await tool.run("export", "--namespace", "support", "--url", server.url)
            #expect(outcome.status == 0)
            #expect(outcome.errors.isEmpty)
        }
    }
}
