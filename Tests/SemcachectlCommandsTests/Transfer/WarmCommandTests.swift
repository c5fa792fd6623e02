import CacheAPI
import Foundation
import Synchronization
import Testing

@testable import SemcachectlCommands

@Suite struct WarmCommandTests {
    private let stored = FakeServer.Answer.body(
        StoreResultBody.stored(entryID: Bodies.id, ttl: 60, tiers: ["exact"]),
        status: 201
    )

    private func line(_ number: Int) -> String { #"{"request":{"n":\#(number)},"response":{"r":\#(number)}}"# }

    private func lines(_ numbers: ClosedRange<Int>) -> String { numbers.map { line($0) + "\n" }.joined() }

    @Test func everyLineIsStoredVerbatim() async throws {
        let folder = try TemporaryFolder()
        let text =
            #"{"namespace":"n","endpoint":"messages","request":{"b":1.0,"a":1e400},"response":[9007199254740993],"ttl":5,"tags":["t"]}"#
        let file = try folder.write(text + "\n\n" + line(2), to: "f.jsonl")
        try await FakeServer.run({ [stored] _ in stored }) { server in
            let outcome = try await CommandLineTool().run("warm", file, "--concurrency", "1", "--url", server.url)
            #expect(outcome.status == 0)
            #expect(outcome.errors.isEmpty)
            #expect(outcome.output == "stored     2\nrefused    0\nbad lines  0\n")
            #expect(server.requests.map(\.text) == [text, line(2)])
            #expect(!FileManager.default.fileExists(atPath: file + ".progress"))
        }
    }

    @Test(arguments: [
        ("{", "not JSON: unexpected end at column 2"), ("[]", "$: must be an object"),
        (#"{"response":{}}"#, "$.request: is required"),
        (#"{"request":[],"response":{}}"#, "$.request: must be an object"),
        (#"{"request":{}}"#, "$.response: is required"),
        (#"{"request":{},"response":{},"ttl":0}"#, "$.ttl: must be an integer of at least 1"),
        (#"{"request":{},"response":{},"tags":["a",1]}"#, "$.tags[1]: must be a string"),
        (#"{"request":{},"response":{},"namespace":1}"#, "$.namespace: must be a string"),
        (
            #"{"request":{},"response":{},"tag":[]}"#,
            "$.tag: unknown member; known are namespace, endpoint, request, response, ttl, tags"
        ),
    ])
    func aBadLineIsNamedAndTheRestGoesOn(bad: String, message: String) async throws {
        let folder = try TemporaryFolder()
        let file = try folder.write(line(1) + "\n" + bad + "\n" + line(3) + "\n", to: "f.jsonl")
        try await FakeServer.run({ [stored] _ in stored }) { server in
            let outcome = try await CommandLineTool().run("warm", file, "--url", server.url, "--output", "json")
            #expect(outcome.status == 1)
            #expect(outcome.errors == "\(file):2: \(message)\n")
            #expect(outcome.output == "{\"skipped\":0,\"stored\":2,\"refused\":{},\"bad\":1}\n")
            #expect(!FileManager.default.fileExists(atPath: file + ".progress"))
        }
    }

    @Test func refusedLinesAreCountedByReason() async throws {
        let folder = try TemporaryFolder()
        let file = try folder.write(lines(1...3), to: "f.jsonl")
        try await FakeServer.run({ request in
            let reason = request.text.contains(#""n":1}"#) ? "truncated" : "empty"
            return .body(StoreResultBody.refused(reason: reason))
        }) { server in
            let outcome = try await CommandLineTool().run("warm", file, "--url", server.url, "--output", "json")
            #expect(outcome.status == 0)
            #expect(
                outcome.output == "{\"skipped\":0,\"stored\":0,\"refused\":{\"empty\":2,\"truncated\":1},\"bad\":0}\n"
            )
        }
    }

    @Test func strictStopsAtABadLineAndGoesOnThereAfterItsRepair() async throws {
        let folder = try TemporaryFolder()
        let file = try folder.write(lines(1...5) + "oops\n" + lines(7...9), to: "f.jsonl")
        try await FakeServer.run({ [stored] _ in stored }) { server in
            let tool = CommandLineTool()
            let stopped = try await tool.run("warm", file, "--strict", "--concurrency", "1", "--url", server.url)
            #expect(stopped.status == 1)
            #expect(stopped.output.isEmpty)
            #expect(stopped.errors.contains("\(file):6: not JSON"))
            #expect(try String(contentsOfFile: file + ".progress", encoding: .utf8) == "5\n")

            _ = try folder.write(lines(1...9), to: "f.jsonl")
            let before = server.requests.count
            let resumed = try await tool.run("warm", file, "--strict", "--url", server.url, "--output", "json")
            #expect(resumed.status == 0)
            #expect(resumed.output == "{\"skipped\":5,\"stored\":4,\"refused\":{},\"bad\":0}\n")
            #expect(resumed.errors.contains("going on after line 5"))
            #expect(Set(server.requests.dropFirst(before).map(\.text)) == Set((6...9).map(line)))
            #expect(!FileManager.default.fileExists(atPath: file + ".progress"))
        }
    }

    @Test func aServerThatStopsLeavesTheProgress() async throws {
        let folder = try TemporaryFolder()
        let file = try folder.write(lines(1...40), to: "f.jsonl")
        let progress = folder.path("p")
        try await FakeServer.run({ [stored] request in
            request.text.contains(#""n":20}"#) ? .problem(.internalError, "broken") : stored
        }) { server in
            let outcome = try await CommandLineTool().run(
                "warm",
                file,
                "--progress-file",
                progress,
                "--concurrency",
                "1",
                "--url",
                server.url
            )
            #expect(outcome.status == 1)
            #expect(outcome.errors.contains("broken"))
            #expect(outcome.errors.contains("19 lines are done"))
            #expect(try String(contentsOfFile: progress, encoding: .utf8) == "19\n")
        }
    }

    private final class Attempts: Sendable {
        let count = Mutex(0)
    }

    @Test func aServerShortOfRedisIsAskedAgain() async throws {
        let attempts = Attempts()
        try await FakeServer.run({ [stored] _ in
            let attempt = attempts.count.withLock { count in
                count += 1
                return count
            }
            return attempt < 3 ? .problem(.redisUnavailable, "away", retryAfter: 0) : stored
        }) { server in
            let outcome = try await CommandLineTool(input: line(1)).run("warm", "-", "--url", server.url)
            #expect(outcome.status == 0)
            #expect(server.requests.count == 3)
        }
    }

    @Test func anUnreachableServerExits69() async throws {
        let url = try await CommandLineTool.deadURL()
        let outcome = try await CommandLineTool(input: line(1)).run("warm", "-", "--url", url)
        #expect(outcome.status == 69)
        #expect(outcome.output.isEmpty)
    }

    @Test(arguments: [("x", "does not hold a number of lines"), ("9", "has only 2 lines")])
    func aProgressFileThatDoesNotFitIsRefused(progress: String, message: String) async throws {
        let folder = try TemporaryFolder()
        let file = try folder.write(lines(1...2), to: "f.jsonl")
        _ = try folder.write(progress, to: "f.jsonl.progress")
        let outcome = try await CommandLineTool().run("warm", file)
        #expect(outcome.status == 1)
        #expect(outcome.errors.contains(message))
    }

    @Test func aTerminalSeesABar() async throws {
        try await FakeServer.run({ [stored] _ in stored }) { server in
            let folder = try TemporaryFolder()
            var tool = CommandLineTool()
            tool.isTerminal = true
            let outcome = try await tool.run("warm", try folder.write(lines(1...3), to: "f"), "--url", server.url)
            #expect(outcome.errors.hasPrefix("\r["))
            #expect(outcome.errors.hasSuffix("\r\u{1B}[K"))
        }
    }
}
