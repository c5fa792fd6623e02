import CacheAPI
import JSONScanning
import Testing

@testable import SemcachectlCommands

@Suite struct ReplaySemanticTests {
    private typealias Pair = FakeSemanticServer.Pair

    /// `a2` means the same as `a`, `x` only looks alike; `n` is refused by a guard, `f` is in another language.
    private static let pairs = [
        Pair("a", "a2", similarity: 0.95, score: 0.9), Pair("a", "x", similarity: 0.9, score: 0.75),
        Pair("a", "b", similarity: 0.85, score: 0.65), Pair("a", "n", similarity: 0.99, score: 0.99, veto: "negation"),
        Pair("a", "f", similarity: 0.93, score: 0.9, leastSimilarity: 0.95),
    ]

    private func line(_ question: String, label: String? = nil, _ more: String = "") -> String {
        let label = label.map { #","label":"\#($0)""# } ?? ""
        return #"{"request":{"q":"\#(question)"}\#(label)\#(more)}"#
    }

    private func replay(
        _ lines: [String],
        _ arguments: [String] = ["--output", "json"],
        pairs: [FakeSemanticServer.Pair] = Self.pairs,
        prepare: (FakeSemanticServer) -> Void = { _ in }
    ) async throws -> (outcome: CommandLineTool.Outcome, server: FakeServer, left: [String: [String]]) {
        let fake = FakeSemanticServer(pairs)
        prepare(fake)
        return try await FakeServer.run(fake.respond) { server in
            let tool = CommandLineTool(input: lines.joined(separator: "\n"))
            let outcome = try await tool.run(["replay", "-", "--url", server.url] + arguments)
            return (outcome, server, fake.contents)
        }
    }

    private func report(_ outcome: CommandLineTool.Outcome) throws -> JSONValue {
        try JSONDocument(Array(outcome.output.utf8)).root
    }

    private func row(_ rows: JSONValue?, _ threshold: Double) -> JSONValue? {
        rows?.elements.first { $0["threshold"]?.double == threshold }
    }

    /// `hit ratio, false hits, judged`.
    private func figures(_ row: JSONValue?) -> [Double?] {
        [row?["hit_ratio"]?.double, row?["false_hits"]?.double, row?["labelled"]?.double]
    }

    @Test func hitsAndFalseHitsAreCountedByThreshold() async throws {
        let lines = [
            line("a", label: "A"), line("a", label: "A"), line("a2", label: "A"), line("x", label: "X"),
            line("n", label: "N"), line("f", label: "F"), line("b", label: "A"), line("c", label: "C"),
        ]
        let (outcome, server, left) = try await replay(lines)
        #expect(outcome.status == 0, "\(outcome)")
        let report = try report(outcome)
        // As it is set, strict at 0.80: a again exactly, a2 and x in other words; x wrongly.
        #expect(report["hit_ratio"]?.double == 3.0 / 8)
        #expect(report["exact"]?.int == 1)
        #expect(report["semantic"]?.int == 2)
        #expect(report["false_hits"]?.int == 1)
        #expect(report["labelled"]?.int == 3)
        #expect(report["false_hit_lines"].map { String(decoding: $0.rawBytes, as: UTF8.self) } == "[[4,1]]")
        #expect(report["exact_only_hit_ratio"]?.double == 1.0 / 8)
        let strict = report["profiles"]?["strict"]
        let balanced = report["profiles"]?["balanced"]
        #expect(figures(row(report["thresholds"], 0.8)) == [3.0 / 8, 1, 3])
        #expect(figures(row(strict, 0.9)) == [3.0 / 8, 1, 3])
        #expect(figures(row(strict, 0.91)) == [2.0 / 8, 0, 2])
        #expect(figures(row(strict, 0.95)) == [2.0 / 8, 0, 2])
        #expect(figures(row(strict, 0.96)) == [1.0 / 8, 0, 1])
        #expect(figures(row(balanced, 0.85)) == [4.0 / 8, 1, 4])
        #expect(figures(row(balanced, 0.86)) == [3.0 / 8, 1, 3])
        #expect(report["thresholds"]?.elements.map { $0["threshold"]?.double } == (80...99).map { Double($0) / 100 })
        let bounds = row(strict, 0.91)?["false_hit_bounds"]?.elements.compactMap(\.double) ?? []
        #expect(bounds.first == 0 && abs((bounds.last ?? 0) - 0.6576) < 1e-4)
        // Stored in one scratch namespace only, once each, and flushed.
        let stores = server.requests.filter { $0.path == "/v1/store" }
        #expect(stores.count == 7)
        #expect(stores.allSatisfy { $0.text.contains(#""namespace":"replay-"#) && $0.text.contains(#""ttl":14400"#) })
        #expect(server.requests.filter { $0.path == "/v1/flush" }.count == 1)
        #expect(left.isEmpty)
    }

    @Test func whatWasAHitItselfServesNobody() async throws {
        let pairs = [
            Pair("a", "b", similarity: 0.9, score: 0.9), Pair("b", "c", similarity: 0.95, score: 0.9),
            Pair("a", "c", similarity: 0.5, score: 0.5),
        ]
        let (outcome, _, _) = try await replay([line("a"), line("b"), line("c")], pairs: pairs)
        let report = try report(outcome)
        // Up to 0.90, b is answered by a and not stored, so that nothing is near c; above, b is stored and answers it.
        #expect(row(report["profiles"]?["strict"], 0.9)?["semantic"]?.int == 1)
        #expect(row(report["profiles"]?["strict"], 0.91)?["semantic"]?.int == 1)
        #expect(row(report["profiles"]?["strict"], 0.96)?["semantic"]?.int == 0)
    }

    @Test func anExpiredEntryAnswersNoWording() async throws {
        let (outcome, _, _) = try await replay([
            line("a", #","at":100,"ttl":10"#), line("a2", #","at":109"#), line("a2", #","at":110"#),
            line("a2", #","at":111"#),
        ])
        let report = try report(outcome)
        #expect(report["semantic"]?.int == 1)
        #expect(report["exact"]?.int == 1)
        #expect(report["misses"]?.int == 2)
    }

    private func line(_ question: String, _ more: String) -> String { line(question, label: nil, more) }

    @Test func withoutLabelsTheRecordedAnswersJudge() async throws {
        func response(_ text: String) -> String {
            #","response":{"choices":[{"message":{"role":"assistant","content":"\#(text)"},"finish_reason":"stop"}]}"#
        }
        let (outcome, server, _) = try await replay([
            line("a", response("Click on it.")), line("a", response("Another sampling.")),
            line("a2", response("click  on it.")), line("x", #","answer":"Buy a boat.""#),
        ])
        let report = try report(outcome)
        #expect(report["judged_by_answer"]?.int == 2)
        #expect(report["labelled"]?.int == 2)
        #expect(report["false_hits"]?.int == 1)
        let stored = server.requests.filter { $0.path == "/v1/store" }.map(\.text)
        #expect(stored.first?.contains("Click on it.") == true)
        #expect(stored.last?.contains(#""content":"Buy a boat.""#) == true)
    }

    @Test func whatTheServerDoesNotCacheIsNotKept() async throws {
        let (outcome, _, _) = try await replay([line("a"), line("a")]) {
            $0.answer("/v1/store", with: .json(#"{"status":"refused","reason":"truncated"}"#))
        }
        let report = try report(outcome)
        #expect(report["exact"]?.int == 0)
        #expect(report["refused"]?["truncated"]?.int == 2)
    }

    @Test func withoutLabelsTheTableSaysHowToGetThem() async throws {
        let (outcome, _, _) = try await replay([line("a"), line("a2")], ["--budget", "0.1"])
        #expect(outcome.status == 0)
        #expect(
            outcome.output.contains("THRESHOLD  STRICT  BALANCED\n     0.80  50.0 %    50.0 %\n"),
            "\(outcome.output)"
        )
        #expect(outcome.output.contains(#"Give the lines a "label""#))
    }

    @Test func shadowModesComparisonsStandInForLabels() async throws {
        var stats = Bodies.stats()
        stats.counts.shadow.agreed = 90
        stats.counts.shadow.disagreed = 10
        let body = FakeServer.Answer.body(stats)
        let (outcome, _, _) = try await replay([line("a")], []) { $0.answer("/v1/stats", with: body) }
        #expect(
            outcome.output.contains(
                "Shadow mode has compared 100 hits in 7 days: 10 disagreed with the upstream's own answer (95 % bounds "
                    + "5.5 to 17.4 %)."
            ),
            "\(outcome.output)"
        )
    }

    @Test func aBudgetIsMetByTheLowestThresholdThatIsSureToKeepIt() async throws {
        // 40 exact repeats make the sample large enough for a tenth: Wilson's bound of 0 in 41 is 8.6 %.
        let lines = [line("a", label: "A")] + (0..<40).map { _ in line("a", label: "A") }
        let (outcome, _, _) = try await replay(
            lines + [line("a2", label: "A"), line("x", label: "X")],
            ["--budget", "0.1"]
        )
        #expect(outcome.status == 0)
        #expect(
            outcome.output.contains(
                "For a budget of 10.00 % false hits: semantic.profile: strict, semantic.threshold: 0.91, "
                    + "hit ratio 95.3 %, 0 of 41 judged hits false (95 % bounds 0.0 to 8.6 %)."
            ),
            "\(outcome.output)"
        )
    }

    @Test func aServerThatFailsLeavesNothingBehind() async throws {
        let (outcome, server, left) = try await replay([line("a"), line("x"), line("boom")]) {
            $0.answer("boom", with: .problem(.internalError, "broken"))
        }
        #expect(outcome.status == 1)
        #expect(outcome.errors.contains("broken"))
        #expect(left.isEmpty)
        let paths = server.requests.map(\.path)
        if paths.contains("/v1/store") { #expect(paths.last == "/v1/flush") }
    }

    @Test func aFlushThatFailsIsSaid() async throws {
        let (outcome, _, _) = try await replay([line("a")], ["--scratch", "mine"]) {
            $0.answer("/v1/flush", with: .problem(.internalError, "broken"))
        }
        #expect(outcome.errors.contains("the scratch namespace mine could not be flushed"))
        #expect(outcome.errors.contains("semcachectl flush --namespace mine --yes"))
    }

    @Test func aKeyThatMayNotStoreIsToldWhatItTakes() async throws {
        let (outcome, _, _) = try await replay([line("a")]) {
            $0.answer("/v1/store", with: .problem(.forbidden, "the key lacks the scope write"))
        }
        #expect(outcome.status == 1)
        #expect(outcome.output.isEmpty)
        #expect(outcome.errors.contains("the key lacks the scope write"))
        #expect(outcome.errors.contains("scopes read, write and admin"))
    }

    @Test func aScratchNamespaceThatHoldsSomethingIsRefused() async throws {
        let list = #"{"entries":[\#(String(decoding: try Bodies.entryJSON(), as: UTF8.self))],"cursor":null}"#
        let (outcome, server, _) = try await replay([line("a")], ["--scratch", "support"]) {
            $0.answer("/v1/entries", with: .json(list))
        }
        #expect(outcome.status == 1)
        #expect(outcome.errors.contains("the namespace support holds entries"), "\(outcome)")
        #expect(server.requests.map(\.path) == ["/v1/entries"])
    }

    @Test(arguments: [
        #"{"status":"miss","reason":"semantic_unavailable"}"#,
        #"{"status":"bypass","reason":"deadline","ticket":null}"#,
    ])
    func whatIsNotComparedInTimeIsTriedAgainAndCounted(outcome answer: String) async throws {
        let busy = """
            {"canonical":{},"fingerprint":"z","partition":null,"semantic":{"eligible":true,"reason":null},\
            "neighbors":[],"outcome":\(answer)}
            """
        let (outcome, server, _) = try await replay([line("z")]) { $0.answer("z", with: .json(busy)) }
        #expect(try report(outcome)["unavailable"]?.int == 1, "\(outcome)")
        let tried = server.requests.filter { $0.path == "/v1/explain" && $0.text.contains(#""namespace":"replay-"#) }
        // The first is the question whether there is a semantic tier.
        #expect(tried.count == 6)
    }

    @Test func namespacesStayApart() async throws {
        let (outcome, server, left) = try await replay([
            line("a"), #"{"namespace":"other","request":{"q":"a2"}}"#, #"{"namespace":"other","request":{"q":"a"}}"#,
        ])
        #expect(try report(outcome)["semantic"]?.int == 1)
        #expect(left.isEmpty)
        #expect(server.requests.filter { $0.path == "/v1/flush" }.count == 2)
    }
}
