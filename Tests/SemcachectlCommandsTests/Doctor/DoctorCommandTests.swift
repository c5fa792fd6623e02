import CacheAPI
import Testing

@testable import SemcachectlCommands

@Suite struct DoctorCommandTests {
    private static let now = 1_795_255_200.0

    private static func respond(
        ready: FakeServer.Answer = .body(ReadinessBody(status: "ready", version: "0.1.0")),
        stats: FakeServer.Answer = .body(Bodies.stats()),
        version: String = "0.1.0",
        date: String? = "Sat, 21 Nov 2026 10:00:00 GMT"
    ) -> FakeServer.Responder {
        { request in
            switch request.path {
            case "/healthz":
                var answer = FakeServer.Answer.body(ReadinessBody(status: "ok", version: version))
                if let date { answer.headers.append(("date", date)) }
                return answer
            case "/readyz": return ready
            default: return stats
            }
        }
    }

    private func doctor(
        _ respond: @escaping FakeServer.Responder,
        key: String? = "k"
    ) async throws -> CommandLineTool.Outcome {
        try await FakeServer.run(respond) { server in
            var tool = CommandLineTool()
            tool.now = Self.now
            tool.environment = ["SEMCACHED_URL": server.url, "SEMCACHED_API_KEY": key ?? ""]
            return try await tool.run("doctor")
        }
    }

    @Test func aHealthyServerHasNothingWrong() async throws {
        let outcome = try await doctor(Self.respond(stats: .body(Bodies.stats(replicas: 2))))
        #expect(outcome.status == 0)
        #expect(outcome.errors.isEmpty)
        for line in [
            "ok    version   0.1.0", "ok    clock     agrees with this machine's", "ok    ready     ready",
            "ok    key       is accepted", "ok    redis     up at 2 replicas",
            "note  index     the semantic index is off: only the exact tier answers",
        ] { #expect(outcome.output.contains(line + "\n"), "\(line)") }
    }

    @Test func anUnreachableServerExits69AndSaysWhatToDo() async throws {
        let outcome = try await CommandLineTool().run("doctor", "--url", try await CommandLineTool.deadURL())
        #expect(outcome.status == 69)
        #expect(outcome.output.contains("wrong  server"))
        #expect(outcome.output.contains("-> Start it"))
    }

    @Test(arguments: [
        ("Sat, 21 Nov 2026 09:58:59 GMT", "the server's is 1m behind this machine's"),
        ("Sat, 21 Nov 2026 12:00:00 GMT", "the server's is 2h ahead of this machine's"),
    ])
    func clocksThatDifferAreWrong(date: String, detail: String) async throws {
        let outcome = try await doctor(Self.respond(date: date))
        #expect(outcome.status == 1)
        #expect(outcome.output.contains(detail))
        #expect(outcome.output.contains("-> Synchronize both with NTP"))
    }

    @Test func aServerWithoutADateIsANote() async throws {
        let outcome = try await doctor(Self.respond(date: nil))
        #expect(outcome.status == 0)
    }

    @Test func whatIsMissingIsNamed() async throws {
        let ready = ReadinessBody(status: "not ready", version: "0.1.0", missing: ["Redis does not answer"])
        let outcome = try await doctor(
            Self.respond(ready: .body(ready, status: 503), stats: .problem(.redisUnavailable, "Redis did not answer"))
        )
        #expect(outcome.status == 1)
        #expect(outcome.output.contains("wrong  ready    Redis does not answer\n  -> Look whether Redis runs"))
        #expect(outcome.output.contains("wrong  redis    Redis did not answer\n"))
    }

    @Test(
        arguments: [
            (ProblemCode.unauthorized, nil, "the server wants a key and none was given"),
            (.unauthorized, "k", "the server does not know this key"), (.forbidden, "k", "the detail"),
            (.internalError, "k", "the detail"),
        ] as [(ProblemCode, String?, String)]
    )
    func aKeyThatIsNotGoodEnoughIsNamed(code: ProblemCode, key: String?, detail: String) async throws {
        let outcome = try await doctor(Self.respond(stats: .problem(code, "the detail")), key: key)
        #expect(outcome.status == 1)
        #expect(outcome.output.contains(detail))
    }

    @Test func aReplicaWithoutRedisIsWrong() async throws {
        let outcome = try await doctor(Self.respond(stats: .body(Bodies.stats(redis: "down"))))
        #expect(outcome.status == 1)
        #expect(outcome.output.contains("replica replica-0 says it is down"))
    }

    @Test func anIndexThatLagsIsWrong() async throws {
        let outcome = try await doctor(Self.respond(stats: .body(Bodies.stats(lag: 60_000))))
        #expect(outcome.status == 1)
        #expect(outcome.output.contains("60,000 ms behind"))
    }

    @Test func anotherVersionAndNoKeyAreNotes() async throws {
        let outcome = try await doctor(Self.respond(version: "0.2.0"), key: nil)
        #expect(outcome.status == 0)
        #expect(outcome.output.contains("the server has 0.2.0, this is 0.1.0"))
        #expect(outcome.output.contains("the server takes calls without a key"))
    }

    @Test func somethingElseAtTheURLIsWrong() async throws {
        let outcome = try await doctor({ _ in .json("<html>") })
        #expect(outcome.status == 1)
        #expect(outcome.output.contains("is not one of a semcached server"))
    }

    @Test func jsonHoldsEveryFinding() throws {
        let diagnosis = Diagnosis(findings: [Finding("server", .wrong, "d", advice: "a"), Finding("key", .ok, "e")])
        #expect(
            String(decoding: diagnosis.json, as: UTF8.self)
                == #"{"ok":false,"findings":[{"check":"server","state":"wrong","detail":"d","advice":"a"},"#
                + #"{"check":"key","state":"ok","detail":"e","advice":null}]}"#
        )
    }
}
