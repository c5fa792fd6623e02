import Foundation
import JSONScanning
import SemanticCacheTesting
import Testing

extension BadDays {
    /// A daemon whose vectors come from a server that misbehaves.
    @Suite struct RemoteEmbedderTests {
        enum Fault: String, CaseIterable {
            case silent, slow, gone, fails, asksToBeLeftAlone, answersGarbage, answersHalf
            case wrongDimensions, notNumbers, infinite, tooFew, otherOrder

            /// Lets the server misbehave; what it knows by now it may have told already.
            func begin(_ server: FakeEmbeddingsServer) async {
                switch self {
                case .gone: await server.stop()
                case .slow: server.hold()
                default:
                    server.respond { ask in
                        switch self {
                        case .silent, .gone, .slow: .silence
                        case .fails: .raw("{}", status: 500)
                        case .asksToBeLeftAlone: .raw("{}", status: 429, headers: [("retry-after", "1")])
                        case .answersGarbage: .raw("<html>busy</html>")
                        case .answersHalf: .half
                        case .wrongDimensions: .raw(FakeEmbeddingsServer.list(ask.texts.map { _ in [1, 2, 3] }))
                        case .notNumbers: .raw(.list(ask.texts.map { _ in "[1, NaN, 2, 3]" }))
                        case .infinite: .raw(.list(ask.texts.map { _ in "[1, 1e999, 2, 3]" }))
                        case .tooFew: .raw(FakeEmbeddingsServer.list(vectors(ask.texts).dropLast()))
                        case .otherOrder:
                            .raw(
                                FakeEmbeddingsServer.list(vectors(ask.texts))
                                    .replacing("\"index\": 0", with: "\"index\": \(ask.texts.count)")
                            )
                        }
                    }
                }
            }

            /// Makes the server well again.
            func end(_ server: FakeEmbeddingsServer) async throws {
                server.respond { .raw(FakeEmbeddingsServer.list(vectors($0.texts))) }
                if self == .gone { try await server.restart() }
                server.release()
            }
        }

        /// All questions about passwords are near to each other, and to nothing else.
        private static func vectors(_ texts: [String]) -> [[Float]] {
            texts.map { $0.contains("password") ? [1, 2, 3, 4] : [4, -3, 2, -1] }
        }

        private static let ways = [
            "How can I", "How do we", "How should I", "How could one", "How might I", "How would you", "How will I",
            "How shall I", "How must I", "How may I",
        ]

        @Test(arguments: Fault.allCases)
        func exactHitsAreServedMeanwhileAndOtherWordingsAfterwards(_ fault: Fault) async throws {
            let secret = "sk-never-to-be-logged-1"
            let redis = try await RedisServer.start()
            try await FakeEmbeddingsServer.run {
                .raw(FakeEmbeddingsServer.list(Self.vectors($0.texts)))
            } _: { server in
                let daemon = try await Self.daemon(redis, server, secret)
                let question = "How do I reset my password?"
                let stored = try await daemon.store(question, "Click on it.")
                #expect(stored["tiers"]?.elements.count == 2, "\(stored.text)")
                let before = try await daemon.lookup("Tell me how I reset my password", cache: #"{"lease":false}"#)
                #expect(before.string("tier") == "semantic", "\(before.text)")

                await fault.begin(server)
                try await withThrowingTaskGroup(of: (isExact: Bool, Answer).self) { group in
                    for way in Self.ways {
                        group.addTask { (false, try await daemon.lookup("\(way) reset my password?")) }
                    }
                    for _ in 0..<4 {
                        for _ in 0..<25 { group.addTask { (true, try await daemon.lookup(question)) } }
                        for _ in 0..<25 { _ = try await group.next().map { Self.check($0.1, isExact: $0.isExact) } }
                    }
                    for try await (isExact, answer) in group { Self.check(answer, isExact: isExact) }
                }
                let meanwhile = try await daemon.store("What is stored meanwhile?", "This is.")
                #expect(meanwhile.outcome == "stored", "\(meanwhile.text)")
                #expect(try await daemon.lookup("What is stored meanwhile?").response == chatResponse("This is."))
                #expect(try await daemon.get("/healthz").status == 200)

                try await fault.end(server)
                var number = 0
                try await eventually("another wording is a semantic hit again") {
                    number += 1
                    let asked =
                        "Explain to me, \(Self.ways[number % 10]) reset my password\(String(repeating: "!", count: number))"
                    return try await daemon.lookup(asked, cache: #"{"lease":false}"#).string("tier") == "semantic"
                }
                #expect(server.asks.allSatisfy { $0.authorization == "Bearer \(secret)" })
                #expect(!daemon.logText.contains(secret))
            }
        }

        @Test func daemonThatStartsWithoutItServesExactHitsAndThenOtherWordings() async throws {
            let redis = try await RedisServer.start()
            try await FakeEmbeddingsServer.run {
                .raw(FakeEmbeddingsServer.list(Self.vectors($0.texts)))
            } _: { server in
                await server.stop()
                let daemon = try await Self.daemon(redis, server, "sk-never-to-be-logged-2", waitsUntilReady: false)
                try await eventually("it stores") {
                    try await daemon.store("How do I reset my password?", "Click on it.").outcome == "stored"
                }
                try await eventually("it serves what it has stored") {
                    try await daemon.lookup("How do I reset my password?").string("tier") == "exact"
                }
                try await eventually("it says what it lacks") {
                    try await daemon.lookup("How can I reset my password?").outcome == "miss semantic_unavailable"
                }
                let missing = try await daemon.get("/readyz")
                #expect(missing.status == 503)
                #expect(missing.text.contains("the embedder has not answered yet"))
                try await server.restart()
                try await eventually("it is ready") { try await daemon.get("/readyz").status == 200 }
                #expect(try await daemon.store("How do I reset my password?", "Click on it.").outcome == "stored")
                #expect(try await daemon.lookup("How can I reset my password?").string("tier") == "semantic")
            }
        }

        private static func check(_ answer: Answer, isExact: Bool) {
            #expect(answer.status == 200, "\(answer.text)")
            if isExact {
                #expect(answer.string("tier") == "exact", "\(answer.text)")
                #expect(answer.response == chatResponse("Click on it."))
            } else if answer.string("status") == "hit" {
                #expect(answer.response == chatResponse("Click on it."))
            } else {
                #expect(answer.outcome == "miss semantic_unavailable", "\(answer.text)")
            }
        }

        private static func daemon(
            _ redis: RedisServer,
            _ server: FakeEmbeddingsServer,
            _ secret: String,
            waitsUntilReady: Bool = true
        ) async throws -> Daemon {
            Secrets.current.note(secret)
            let key = try Secrets.current.makeFolder().appending(path: "key")
            try Data(secret.utf8).write(to: key)
            let embedder =
                "embedder: { kind: openai, url: '\(server.url)', model: tiny, api_key_file: '\(key.path)' }\n"
            let settings = "lookup: { deadline_ms: 2000 }\nsemantic: { enabled: true }\n"
            return try await Daemon.start(
                redis: redis.url,
                settings: settings + embedder,
                waitsUntilReady: waitsUntilReady
            )
        }
    }
}

extension String {
    /// The list that OpenAI answers, with these JSON values as embeddings.
    fileprivate static func list(_ embeddings: [String]) -> String { FakeEmbeddingsServer.list(embeddings: embeddings) }
}
