import Embedders
import NIOCore
import SemanticCache
import SemanticCacheTesting
import Synchronization
import Testing

@Suite struct BadServerTests {
    typealias Reply = FakeEmbeddingsServer.Reply

    struct Nonsense: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var reply: Reply

        init(_ name: String, _ reply: Reply) {
            testDescription = name
            self.reply = reply
        }

        init(_ name: String, embeddings: [String]) {
            self.init(name, .raw(FakeEmbeddingsServer.list(embeddings: embeddings)))
        }
    }

    static let nonsense = [
        Nonsense("not JSON", .raw("<html>busy</html>")),
        Nonsense("nothing", .raw("")),
        Nonsense("half of the JSON", .raw(#"{"data": [{"index": 0, "embedding": [1, 2"#)),
        Nonsense("NaN", embeddings: ["[1, NaN, 2, 3]"]),
        Nonsense("null", embeddings: ["[1, null, 2, 3]"]),
        Nonsense("infinite", embeddings: ["[1, 1e39, 2, 3]"]),
        Nonsense("beyond doubles", embeddings: ["[1, 1e999, 2, 3]"]),
        Nonsense("zero", embeddings: ["[0, 0.0, -0, 0e5]"]),
        Nonsense("too few components", embeddings: ["[1, 2, 3]"]),
        Nonsense("too many components", embeddings: ["[1, 2, 3, 4, 5]"]),
        Nonsense("no components", embeddings: ["[]"]),
        Nonsense("nested", embeddings: ["[[1, 2, 3, 4]]"]),
        Nonsense("two vectors for one text", embeddings: ["[1, 2, 3, 4]", "[1, 2, 3, 4]"]),
        Nonsense("none for one text", embeddings: []),
        Nonsense("an error with status 200", .raw(#"{"error": {"message": "overloaded"}}"#)),
        Nonsense("another index", .raw(#"{"data": [{"index": 1, "embedding": [1, 2, 3, 4]}]}"#)),
        Nonsense("a text as index", .raw(#"{"data": [{"index": "0", "embedding": [1, 2, 3, 4]}]}"#)),
        Nonsense("no embedding", .raw(#"{"data": [{"index": 0}]}"#)),
        Nonsense("bad base64", embeddings: [#""AAA!""#]),
        Nonsense("base64 of half a float", embeddings: [#""AACAPwAA""#]),
        Nonsense("NaN in base64", embeddings: [#""AADAfwAAgD8AAIA/AACAPw==""#]),
        Nonsense("huge", .bytes(4 << 20)),
    ]

    @Test(arguments: nonsense)
    func nonsenseIsMalformedAndTheNextAnswerIsTaken(_ nonsense: Nonsense) async throws {
        try await RemoteHarness.run { harness in
            harness.server.respond { _ in nonsense.reply }
            #expect(await harness.embed("question") == .failure(.malformed))
            harness.server.respond { _ in .vectors }
            #expect(RemoteHarness.isVector(await harness.embed("question"), of: "question"))
            #expect(harness.log.count("answers nonsense") == 1)
            #expect(!harness.log.all.contains { $0.contains("question") })
        }
    }

    @Test func answerLongerThanItsVectorsCouldBeIsNotReadToItsEnd() async throws {
        try await RemoteHarness.run { harness in
            harness.server.respond { _ in .bytes(4 << 20) }
            #expect(await harness.embed("a") == .failure(.malformed))
            #expect(harness.log.count("it is longer than its vectors could be") == 1)
        }
    }

    @Test func vectorsInAnotherOrderThanTheTextsAreMalformed() async throws {
        try await RemoteHarness.run {
            $0.batchWindow = .seconds(3600)
            $0.maximumBatch = 2
        } _: { harness in
            let swapped = #"{"data": [{"index": 1, "embedding": [1,2,3,4]}, {"index": 0, "embedding": [4,3,2,1]}]}"#
            harness.server.respond { _ in .raw(swapped) }
            #expect(await harness.embed(["a", "b"]) == [.failure(.malformed), .failure(.malformed)])
        }
    }

    @Test func changedDimensionsAreLoggedOnce() async throws {
        try await RemoteHarness.run {
            $0.failuresToOpen = 100
        } _: { harness in
            harness.server.respond { _ in .raw(FakeEmbeddingsServer.list([[1, 2, 3]])) }
            for number in 0..<5 { #expect(await harness.embed("\(number)") == .failure(.malformed)) }
            #expect(harness.log.count("another number of components") == 1)
        }
    }

    @Test func base64IsRead() async throws {
        try await RemoteHarness.run { harness in
            // 1, 2, -0.5, 0 as little-endian floats.
            harness.server.respond { _ in .raw(FakeEmbeddingsServer.list(embeddings: [#""AACAPwAAAEAAAAC/AAAAAA==""#]))
            }
            let vector = try await harness.embed("a").get()
            let length = Float(5.25).squareRoot()
            for (found, expected) in zip(vector, [1 / length, 2 / length, -0.5 / length, 0]) {
                #expect(abs(found - expected) < 1e-6)
            }
        }
    }

    @Test(arguments: [
        Reply.raw("{}", status: 500), .raw("{}", status: 302, headers: [("location", "/v1/other")]),
        .raw("{}", status: 404), .hangUp, .half,
    ])
    func failureIsUnavailableAndTheNextAnswerIsTaken(_ reply: Reply) async throws {
        try await RemoteHarness.run { harness in
            harness.server.respond { _ in reply }
            #expect(await harness.embed("a") == .failure(.unavailable))
            harness.server.respond { _ in .vectors }
            #expect(RemoteHarness.isVector(await harness.embed("a"), of: "a"))
            #expect(harness.asks.map(\.uri) == ["/v1/embeddings", "/v1/embeddings"])
        }
    }

    @Test func silentServerIsUnavailableByTheDeadline() async throws {
        try await RemoteHarness.run { harness in
            harness.server.respond { _ in .silence }
            let start = ContinuousClock.now
            #expect(await harness.embed("a", within: 30) == .failure(.unavailable))
            // The request itself may take 20 seconds.
            #expect(ContinuousClock.now - start < .seconds(15))
        }
    }

    @Test func requestThatTakesTooLongCountsAsFailure() async throws {
        try await RemoteHarness.run {
            $0.requestTimeout = .milliseconds(300)
            $0.failuresToOpen = 1
        } _: { harness in
            harness.server.respond { _ in .silence }
            #expect(await harness.embed("a") == .failure(.unavailable))
            #expect(harness.log.count("the embeddings server fails") == 1)
        }
    }

    @Test func oneTextThatIsRefusedSpoilsNoOther() async throws {
        try await RemoteHarness.run {
            $0.batchWindow = .seconds(3600)
            $0.maximumBatch = 8
        } _: { harness in
            harness.server.respond { ask in
                ask.texts.contains("bad") ? .raw(#"{"error": {}}"#, status: 400) : .vectors
            }
            let texts = ["a", "b", "c", "bad", "d", "e", "f", "g"]
            let results = await harness.embed(texts)
            for (text, result) in zip(texts, results) where text != "bad" {
                #expect(RemoteHarness.isVector(result, of: text))
            }
            #expect(results[3] == .failure(.textTooLong))
            // The eight, then halves: 4 + 4, 2 + 2, 1 + 1.
            #expect(harness.asks.map(\.texts.count).sorted(by: >) == [8, 4, 4, 2, 2, 1, 1])
            #expect(harness.log.count("the embeddings server fails") == 0)
        }
    }
}
