import Embedders
import NIOCore
import SemanticCache
import SemanticCacheTesting
import Synchronization
import Testing

@Suite struct BatchingTests {
    @Test func vectorIsTheServersAtUnitLength() async throws {
        try await RemoteHarness.run { harness in
            let text = "Wie wird das Wetter in Zürich? ☔️ \"quoted\"\n\u{0001}"
            #expect(RemoteHarness.isVector(await harness.embed(text), of: text))
            let ask = try #require(harness.asks.last)
            #expect(ask.texts == [text])
            #expect(ask.uri == "/v1/embeddings")
            #expect(ask.model == "tiny")
            #expect(ask.encodingFormat == "float")
            #expect(ask.authorization == nil)
        }
    }

    @Test func noModelIsNamedWhenNoneIsSet() async throws {
        try await RemoteHarness.run {
            $0.model = ""
        } _: { harness in
            #expect(RemoteHarness.isVector(await harness.embed("a"), of: "a"))
            #expect(harness.asks.last?.model == nil)
        }
    }

    @Test func textsOfOneWindowAreOneRequest() async throws {
        try await RemoteHarness.run {
            $0.batchWindow = .seconds(3600)
            $0.maximumBatch = 8
        } _: { harness in
            let texts = (0..<16).map { "question \($0)" }
            let results = await harness.embed(texts)
            for (text, result) in zip(texts, results) { #expect(RemoteHarness.isVector(result, of: text)) }
            #expect(harness.asks.map(\.texts.count) == [8, 8])
        }
    }

    @Test func windowThatIsNotFullIsAskedForAfterItsTime() async throws {
        try await RemoteHarness.run {
            $0.batchWindow = .milliseconds(1)
        } _: { harness in
            #expect(RemoteHarness.isVector(await harness.embed("alone"), of: "alone"))
            #expect(harness.asks.map(\.texts) == [["alone"]])
        }
    }

    @Test func callsOfTheSameTextShareOneQuestion() async throws {
        try await RemoteHarness.run { harness in
            harness.server.hold()
            async let results = harness.embed(Array(repeating: "same", count: 50))
            try await eventually("it was asked") { harness.asks.count == 1 }
            async let late = harness.embed("same")
            try await Task.sleep(for: .milliseconds(20))
            harness.server.release()
            for result in await results { #expect(RemoteHarness.isVector(result, of: "same")) }
            #expect(RemoteHarness.isVector(await late, of: "same"))
            #expect(RemoteHarness.isVector(await harness.embed("same"), of: "same"))
            #expect(harness.asks.map(\.texts) == [["same"]])
        }
    }

    @Test func noMoreRequestsThanAllowedAreOnTheirWay() async throws {
        try await RemoteHarness.run {
            $0.maximumBatch = 1
            $0.maximumRequests = 2
        } _: { harness in
            harness.server.hold()
            async let results = harness.embed(["a", "b", "c", "d"])
            try await eventually("two were asked") { harness.asks.count == 2 }
            try await Task.sleep(for: .milliseconds(20))
            #expect(harness.asks.count == 2)
            harness.server.release()
            #expect(await results.count { (try? $0.get()) != nil } == 4)
            #expect(harness.asks.count == 4)
        }
    }

    @Test func callsBeyondTheLimitAreUnavailableAtOnce() async throws {
        try await RemoteHarness.run {
            $0.maximumWaiting = 3
        } _: { harness in
            harness.server.hold()
            async let waiting = harness.embed(["a", "b", "c"])
            try await eventually("three were asked for") { harness.asks.reduce(0) { $0 + $1.texts.count } == 3 }
            #expect(await harness.embed("d") == .failure(.unavailable))
            harness.server.release()
            #expect(await waiting.count { (try? $0.get()) != nil } == 3)
            #expect(RemoteHarness.isVector(await harness.embed("d"), of: "d"))
        }
    }

    @Test func lateAnswerIsUnavailableByTheDeadlineAndKeptForTheNextCall() async throws {
        try await RemoteHarness.run { harness in
            harness.server.hold()
            #expect(await harness.embed("slow", within: 50) == .failure(.unavailable))
            harness.server.release()
            try await eventually("the answer was kept") {
                RemoteHarness.isVector(await harness.embed("slow"), of: "slow")
            }
            #expect(harness.asks.map(\.texts) == [["slow"]])
        }
    }

    @Test func textThatNobodyWaitsForIsNotAskedFor() async throws {
        try await RemoteHarness.run {
            $0.maximumBatch = 1
            $0.maximumRequests = 1
        } _: { harness in
            harness.server.hold()
            async let first = harness.embed("first")
            try await eventually("the first was asked for") { harness.asks.count == 1 }
            #expect(await harness.embed("given up", within: 20) == .failure(.unavailable))
            harness.server.release()
            #expect(RemoteHarness.isVector(await first, of: "first"))
            #expect(RemoteHarness.isVector(await harness.embed("last"), of: "last"))
            #expect(harness.asks.map(\.texts) == [["first"], ["last"]])
        }
    }

    @Test func deadlineInThePastIsUnavailable() async throws {
        try await RemoteHarness.run { harness in
            let result = await withCheckedContinuation { continuation in
                harness.embedder.embed("late", deadline: Deadline(uptimeNanoseconds: 1)) {
                    continuation.resume(returning: $0)
                }
            }
            #expect(result == .failure(.unavailable))
            #expect(harness.asks.isEmpty)
        }
    }

    @Test(arguments: ["", " ", "\n\t\u{3000}"])
    func blankTextIsNotAskedFor(_ text: String) async throws {
        try await RemoteHarness.run { harness in
            #expect(await harness.embed(text) == .failure(.malformed))
            #expect(harness.asks.isEmpty)
        }
    }

    @Test func textOfMoreBytesThanAllowedIsTooLong() async throws {
        try await RemoteHarness.run { harness in
            #expect(await harness.embed(String(repeating: "x", count: 8193)) == .failure(.textTooLong))
            #expect(harness.asks.isEmpty)
        }
    }

    @Test func callsAfterTheShutdownAreUnavailable() async throws {
        try await FakeEmbeddingsServer.run { server in
            let embedder = try await RemoteEmbedder.connect(
                try RemoteHarness.configuration(server.url),
                clock: .system,
                logger: LogLines().logger
            )
            server.hold()
            async let waiting = embedder.vector(of: "a", within: 60_000)
            try await eventually("it was asked") { server.asks.count == 2 }
            await embedder.shutdown()
            #expect(await waiting == .failure(.unavailable))
            #expect(await embedder.vector(of: "b", within: 60_000) == .failure(.unavailable))
        }
    }
}
