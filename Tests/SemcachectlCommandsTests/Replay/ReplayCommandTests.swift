import CacheAPI
import JSONScanning
import Testing

@testable import SemcachectlCommands

@Suite struct ReplayCommandTests {
    /// Explains a request by its member `q`; `bypass` is never cached.
    private let respond: FakeServer.Responder = { request in
        if request.path == "/v1/entries" { return .json(#"{"entries":[],"cursor":null}"#) }
        if request.text.contains(#""model":"replay""#) { return .json(Bodies.explanation(of: "probe")) }
        guard request.path == "/v1/explain", let document = try? JSONDocument(request.body),
            let question = document.root["request"]?["q"]?.string
        else { return .problem(.invalidRequest, "$.request.q: is required") }
        let outcome = question == "bypass" ? #"{"status":"bypass","reason":"uncacheable","ticket":null}"# : nil
        let namespace = document.root["namespace"]?.string ?? "default"
        let fingerprint = "\(namespace)/\(question)"
        return .json(
            outcome.map { Bodies.explanation(of: fingerprint, outcome: $0) } ?? Bodies.explanation(of: fingerprint)
        )
    }

    private func replay(_ lines: [String], _ arguments: String...) async throws -> CommandLineTool.Outcome {
        try await FakeServer.run(respond) { server in
            let tool = CommandLineTool(input: lines.joined(separator: "\n"))
            return try await tool.run(["replay", "-", "--url", server.url, "--output", "json"] + arguments)
        }
    }

    private func report(_ outcome: CommandLineTool.Outcome) throws -> JSONValue {
        try JSONDocument(Array(outcome.output.utf8)).root
    }

    @Test func theSecondOfEqualRequestsIsAHitAndSavesWhatTheFirstCost() async throws {
        let usage = #""response":{"usage":{"prompt_tokens":1000,"completion_tokens":100}}"#
        let outcome = try await replay(
            [
                #"{"request":{"q":"a","model":"gpt-4o"},\#(usage)}"#, #"{"request":{"q":"a","model":"gpt-4o"}}"#,
                #"{"request":{"q":"b"}}"#, #"{"namespace":"other","request":{"q":"a"}}"#,
            ],
            "--price",
            "gpt-4o=2.50,10.00"
        )
        #expect(outcome.status == 0)
        #expect(
            outcome.output == """
                {"requests":4,"hit_ratio":0.25,"exact":1,"semantic":0,"misses":3,"uncacheable":0,"labelled":0,\
                "false_hits":0,"false_hit_ratio":null,"saved":{"requests":1,"prompt_tokens":1000,\
                "completion_tokens":100,"usd":0.0035},"thresholds":[],"bad":0,\
                "without_semantic":"semantic.enabled is false"}

                """
        )
    }

    @Test func entriesExpireByTheTimesOfTheLines() async throws {
        func line(_ at: String, _ ttl: String = "") -> String { #"{"request":{"q":"a"},"at":\#(at)\#(ttl)}"# }
        let outcome = try await replay([
            line("1000", #","ttl":10"#), line("1009"), line("1010", #","ttl":10"#), line(#""1970-01-01T00:16:59Z""#),
            line("1020"), line("4619"), line("4620"),
        ])
        let report = try report(outcome)
        #expect(report["exact"]?.int == 3)
        #expect(report["misses"]?.int == 4)
    }

    @Test func anAnswerSharedAcrossLabelsIsAFalseHit() async throws {
        let outcome = try await replay([
            #"{"request":{"q":"a"},"label":"x"}"#, #"{"request":{"q":"a"},"label":"y"}"#,
            #"{"request":{"q":"a"},"label":"x"}"#, #"{"request":{"q":"a"}}"#,
        ])
        let report = try report(outcome)
        #expect(report["labelled"]?.int == 2)
        #expect(report["false_hits"]?.int == 1)
        #expect(report["false_hit_ratio"]?.double == 0.5)
    }

    @Test func whatIsNeverCachedIsNeitherHitNorMiss() async throws {
        let outcome = try await replay([#"{"request":{"q":"bypass"}}"#, #"{"request":{"q":"bypass"}}"#])
        let report = try report(outcome)
        #expect(report["uncacheable"]?.int == 2)
        #expect(report["hit_ratio"]?.isNull == true)
    }

    @Test func badLinesAreNamedAndTheRestGoesOn() async throws {
        let outcome = try await replay([
            "nonsense", #"{"request":{}}"#, #"{"request":{"q":"a"},"at":"soon"}"#, "",
            #"{"request":{"q":"a"},"extra":1}"#,
        ])
        #expect(outcome.status == 1)
        #expect(
            outcome.errors == """
                standard input:1: not JSON: unexpected byte at column 2
                standard input:2: refused by the server: $.request.q: is required
                standard input:3: $.at: must be an RFC 3339 time or seconds since 1970

                """
        )
        #expect(try report(outcome)["requests"]?.int == 1)
    }

    @Test func theTableSaysWhyTheSemanticTierWasNotSimulated() async throws {
        try await FakeServer.run(respond) { server in
            let tool = CommandLineTool(input: #"{"request":{"q":"a"}}"#)
            let outcome = try await tool.run("replay", "-", "--url", server.url)
            #expect(outcome.output.contains("semantic hits            0  not simulated: semantic.enabled is false\n"))
            #expect(outcome.output.contains("saved                    -  give prices with --price\n"))
        }
    }

    @Test func withoutASemanticTierThereIsNoRecommendation() async throws {
        let outcome = try await replay([#"{"request":{"q":"a"}}"#], "--budget", "0.01")
        #expect(outcome.status == 1)
        #expect(try report(outcome)["requests"]?.int == 1)
        #expect(
            outcome.errors
                == "semcachectl: nothing can be recommended without the semantic tier: semantic.enabled is false\n"
        )
    }

    @Test func exactOnlyAsksForNothingButExplanations() async throws {
        try await FakeServer.run(respond) { server in
            let tool = CommandLineTool(input: #"{"request":{"q":"a"}}"#)
            let outcome = try await tool.run("replay", "-", "--exact-only", "--url", server.url)
            #expect(outcome.status == 0)
            #expect(server.requests.map(\.uri) == ["/v1/explain"])
        }
    }

    @Test(arguments: [["--budget", "0"], ["--budget", "1"], ["--budget", "0.1", "--exact-only"], ["--ttl", "0"]])
    func wrongUsageIs64(arguments: [String]) async throws {
        let outcome = try await CommandLineTool().run(["replay", "-", "--url", "http://127.0.0.1:1"] + arguments)
        #expect(outcome.status == 64)
    }

    @Test(arguments: ["", "\n \n"])
    func aLogWithoutARequestIsAFailure(log: String) async throws {
        let outcome = try await replay([log])
        #expect(outcome.status == 1)
        #expect(outcome.errors.contains("standard input has no line with a request"))
    }

    @Test func aFileThatIsNotThereIsNamedBeforeTheServerIsAsked() async throws {
        let url = try await CommandLineTool.deadURL()
        let outcome = try await CommandLineTool().run("replay", "/no/such/log.jsonl", "--url", url)
        #expect(outcome.status == 1)
        #expect(outcome.errors.contains("/no/such/log.jsonl cannot be opened: No such file or directory"))
    }

    @Test(arguments: [
        ("gpt-4o=2.5,10", true), ("a=b=1,2", true), ("m=0,0", true), ("m", false), ("=1,2", false), ("m=1", false),
        ("m=1,2,3", false), ("m=-1,2", false), ("m=nan,1", false), ("m=inf,1", false),
    ])
    func pricesAreTwoAmounts(text: String, isPrice: Bool) { #expect((ModelPrice(argument: text) != nil) == isPrice) }
}
