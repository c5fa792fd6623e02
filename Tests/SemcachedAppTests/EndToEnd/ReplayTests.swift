import Foundation
import JSONScanning
import SemanticCacheTesting
import Testing

extension EndToEnd {
    /// `semcachectl replay` beside what the same service does with the same questions.
    @Suite struct ReplayTests {
        /// A question and what it means: the text of the first question that means the same.
        private struct Question {
            var text: String
            var meaning: String

            var line: String { #"{"request":\#(chatRequest(text)),"label":"\#(meaning)"}"# }
        }

        /// Every third pair of the shipped sample, as a log: the first question of each, then the second.
        private static func questions() throws -> [Question] {
            let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../..")
            let sample = root.appending(path: "Benchmarks/quality-sample/fow.jsonl")
            let lines = try String(contentsOf: sample, encoding: .utf8).split(separator: "\n")
            var pairs: [(String, String, Bool)] = []
            // The harness writes questions into JSON as they are.
            for (number, line) in lines.enumerated() where number % 3 == 0 && !line.contains("\\") {
                let pair = try JSONDocument(Array(line.utf8)).root
                pairs.append(
                    (
                        try #require(pair["a"]?.string), try #require(pair["b"]?.string),
                        (pair["duplicate"]?.bool) == true
                    )
                )
            }
            return pairs.map { Question(text: $0.0, meaning: $0.0) }
                + pairs.map { Question(text: $0.1, meaning: $0.2 ? $0.0 : $0.1) }
        }

        /// Asks a daemon every question, answers what it misses with the question's meaning, and counts hits and false hits.
        private func counted(_ questions: [Question], _ daemon: Daemon) async throws -> (hits: Int, falseHits: Int) {
            var (hits, falseHits) = (0, 0)
            for question in questions {
                let answer = try await daemon.lookup(question.text)
                if answer.outcome == "hit" {
                    hits += 1
                    if answer.response != chatResponse(question.meaning) { falseHits += 1 }
                } else {
                    let ticket = try #require(answer.string("ticket"), "\(answer.text)")
                    #expect(try await daemon.store(ticket: ticket, question.meaning).outcome == "stored")
                }
            }
            return (hits, falseHits)
        }

        @Test func itsFiguresAreThoseOfTheServiceAtEachPoint() async throws {
            let questions = try Self.questions()
            let log = questions.map(\.line).joined(separator: "\n")
            let redis = try await RedisServer.start()
            let daemon = try await Daemon.start(redis: redis.url, settings: SemanticTests.on)
            let tool = AdminTool(url: daemon.url(""))
            let outcome = try await tool.run("replay", "-", "--output", "json", "--budget", "0.2", input: log)
            #expect(outcome.status == 0, "\(outcome)")
            #expect(outcome.errors.isEmpty)
            let report = try JSONDocument(Array(outcome.output.utf8)).root
            #expect(report["requests"]?.int == questions.count)
            #expect(report["recommendation"]?["profile"]?.string != nil)
            // Nothing is left of it, and the namespace of the log has seen nothing.
            #expect(try await daemon.post("/v1/flush", #"{"all":true,"dry_run":true}"#)["flushed"]?.int == 0)

            let strict = try await counted(questions, daemon)
            let hits = try #require(report["exact"]?.int) + (try #require(report["semantic"]?.int))
            #expect(hits == strict.hits)
            #expect(report["false_hits"]?.int == strict.falseHits)
            #expect(strict.hits > 10)

            for (profile, threshold) in [("balanced", 0.8), ("balanced", 0.9), ("strict", 0.95)] {
                let settings = "semantic: { profile: \(profile), threshold: \(threshold) }\n"
                let other = try await RedisServer.start()
                let service = try await counted(
                    questions,
                    try await Daemon.start(redis: other.url, settings: settings)
                )
                let rows = profile == "strict" ? report["profiles"]?["strict"] : report["profiles"]?["balanced"]
                let row = try #require(rows?.elements.first { $0["threshold"]?.double == threshold })
                #expect(
                    row["exact"]?.int.map { $0 + (row["semantic"]?.int ?? 0) } == service.hits,
                    "\(profile) \(threshold)"
                )
                #expect(row["false_hits"]?.int == service.falseHits, "\(profile) \(threshold)")
            }
        }

        @Test func anInterruptedReplayLeavesNothing() async throws {
            let redis = try await RedisServer.start()
            let daemon = try await Daemon.start(redis: redis.url, settings: SemanticTests.on)
            let folder = try Secrets.current.makeFolder()
            let lines = (0..<5000).map { #"{"request":\#(chatRequest("What is the price of item \($0)?"))}"# }
            let file = folder.appending(path: "log.jsonl")
            try lines.joined(separator: "\n").write(to: file, atomically: true, encoding: .utf8)
            let errors = folder.appending(path: "errors").path
            let process = try ChildProcess(
                Daemon.program(named: "semcachectl"),
                ["replay", file.path, "--scratch", "scratch", "--url", daemon.url("")],
                log: errors
            )
            func stored() async throws -> Int {
                try await daemon.get("/v1/entries?namespace=scratch")["entries"]?.elements.count(where: { _ in true })
                    ?? -1
            }
            #expect(await eventually { try await stored() > 5 })
            process.signal(SIGINT)
            let status = await withCheckedContinuation { continuation in
                Thread.detachNewThread { continuation.resume(returning: process.waitForExit()) }
            }
            #expect(Daemon.exitCode(of: status) == 1)
            #expect(try String(contentsOfFile: errors, encoding: .utf8) == "semcachectl: interrupted\n")
            #expect(try await stored() == 0)
        }

        @Test func aKeyForOtherNamespacesIsToldToNameAScratchNamespace() async throws {
            var keys = Keys()
            keys.add("support", "read, write, admin", #""support-*""#)
            keys.add("reader", "read, admin", #""support-*""#)
            let redis = try await RedisServer.start()
            let daemon = try await Daemon.start(redis: redis.url, settings: SemanticTests.on, keys: keys.text)
            let log = ["How do I reset my password?", "How can I reset my password?"].map {
                #"{"namespace":"support-a","request":\#(chatRequest($0))}"#
            }.joined(separator: "\n")
            let tool = AdminTool(url: daemon.url(""), environment: ["SEMCACHED_API_KEY": Keys.key("support")])
            let refused = try await tool.run("replay", "-", input: log)
            #expect(refused.status == 1)
            #expect(refused.errors.contains("--scratch names another one"), "\(refused)")
            let done = try await tool.run("replay", "-", "--scratch", "support-replay", input: log)
            #expect(done.status == 0, "\(done)")
            #expect(done.output.contains("semantic hits            1  both, as the server is set: 50.0 % hit ratio"))

            let reader = AdminTool(url: daemon.url(""), environment: ["SEMCACHED_API_KEY": Keys.key("reader")])
            let unable = try await reader.run("replay", "-", "--scratch", "support-replay", input: log)
            #expect(unable.status == 1)
            #expect(unable.errors.contains("scopes read, write and admin"), "\(unable)")
            #expect(try await reader.run("replay", "-", "--exact-only", input: log).status == 0)
        }
    }
}
