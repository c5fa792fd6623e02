import Embedders
import NIOCore
import SemanticCache
import SemanticCacheTesting
import Synchronization
import Testing

@Suite struct RecoveryTests {
    @Test func failuresInARowOpenTheBreakerAndAProbeClosesIt() async throws {
        try await RemoteHarness.run {
            $0.failuresToOpen = 3
        } _: { harness in
            harness.server.respond { _ in .raw("{}", status: 500) }
            for number in 0..<3 { #expect(await harness.embed("\(number)") == .failure(.unavailable)) }
            #expect(harness.asks.count == 3)
            for number in 0..<20 { #expect(await harness.embed("more \(number)") == .failure(.unavailable)) }
            #expect(harness.asks.count == 3)
            let probes = harness.server.asks.count
            try await eventually("probes are sent") { harness.server.asks.count > probes + 2 }
            #expect(harness.asks.count == 3)
            harness.server.respond { _ in .vectors }
            try await eventually("it recovered") { RemoteHarness.isVector(await harness.embed("a"), of: "a") }
            #expect(harness.log.count("answers again") == 1)
        }
    }

    @Test func successInBetweenKeepsTheBreakerClosed() async throws {
        try await RemoteHarness.run {
            $0.failuresToOpen = 2
        } _: { harness in
            for number in 0..<5 {
                harness.server.respond { _ in .raw("{}", status: 500) }
                #expect(await harness.embed("bad \(number)") == .failure(.unavailable))
                harness.server.respond { _ in .vectors }
                #expect(RemoteHarness.isVector(await harness.embed("good \(number)"), of: "good \(number)"))
            }
            #expect(harness.log.count("the embeddings server fails") == 0)
        }
    }

    @Test func answersTooLateForEverybodyOpenTheBreaker() async throws {
        try await RemoteHarness.run {
            $0.failuresToOpen = 1
        } _: { harness in
            harness.server.hold()
            #expect(await harness.embed("slow", within: 20) == .failure(.unavailable))
            harness.server.release()
            try await eventually("that was a failure") { harness.log.count("its answers come too late") == 1 }
        }
    }

    @Test(arguments: [
        (429, "3600"), (503, "3600"), (429, "Wed, 15 Nov 2023 22:13:20 GMT"),
    ])
    func retryAfterIsHonored(_ status: Int, _ value: String) async throws {
        try await RemoteHarness.run { harness in
            harness.server.respond { _ in .raw("{}", status: status, headers: [("retry-after", value)]) }
            #expect(await harness.embed("a") == .failure(.unavailable))
            harness.server.respond { _ in .vectors }
            for number in 0..<10 { #expect(await harness.embed("\(number)") == .failure(.unavailable)) }
            #expect(harness.asks.count == 1)
            #expect(harness.log.count("asks to be left alone") == 1)
        }
    }

    @Test func afterTheWaitTheServerIsAskedAgain() async throws {
        try await RemoteHarness.run { harness in
            harness.server.respond { _ in .raw("{}", status: 429, headers: [("retry-after", "1")]) }
            #expect(await harness.embed("a") == .failure(.unavailable))
            harness.server.respond { _ in .vectors }
            #expect(await harness.embed("b") == .failure(.unavailable))
            try await eventually("the second has passed") { RemoteHarness.isVector(await harness.embed("c"), of: "c") }
        }
    }

    @Test func serverThatGoesAwayAndComesBackIsAskedAgain() async throws {
        try await RemoteHarness.run {
            $0.failuresToOpen = 2
        } _: { harness in
            harness.server.respond { _ in .hangUp }
            for number in 0..<4 { #expect(await harness.embed("\(number)") == .failure(.unavailable)) }
            harness.server.respond { _ in .vectors }
            try await eventually("it recovered") { RemoteHarness.isVector(await harness.embed("a"), of: "a") }
        }
    }

    @Test func connectingWaitsForTheServerAndLearnsItsDimensions() async throws {
        try await FakeEmbeddingsServer.run { _ in
            .raw("{}", status: 500)
        } _: { server in
            let log = LogLines()
            async let connecting = RemoteEmbedder.connect(
                try RemoteHarness.configuration(server.url),
                clock: .system,
                logger: log.logger
            )
            try await eventually("it tries again") { server.asks.count > 3 }
            server.respond { _ in .raw(FakeEmbeddingsServer.list([[1, 2, 3, 4, 5, 6]])) }
            let embedder = try await connecting
            #expect(embedder.dimensions == 6)
            #expect(embedder.modelID == "openai:127.0.0.1:\(server.port)/v1/embeddings|tiny|6")
            #expect(log.count("waiting for the embeddings server") == 1)
            await embedder.shutdown()
        }
    }

    @Test func knownDimensionsAreNotAskedFor() async throws {
        let dead = try RedisServer.freePort()
        var configuration = try RemoteHarness.configuration("http://127.0.0.1:\(dead)")
        configuration.dimensions = 384
        let embedder = try await RemoteEmbedder.connect(configuration, clock: .system, logger: LogLines().logger)
        #expect(embedder.dimensions == 384)
        #expect(await embedder.vector(of: "a", within: 60_000) == .failure(.unavailable))
        await embedder.shutdown()
    }

    @Test func connectingEndsWhenItsTaskIsCanceled() async throws {
        try await FakeEmbeddingsServer.run { _ in
            .silence
        } _: { server in
            let configuration = try RemoteHarness.configuration(server.url)
            let connecting = Task {
                try await RemoteEmbedder.connect(configuration, clock: .system, logger: LogLines().logger)
            }
            try await eventually("it asks") { server.asks.count == 1 }
            connecting.cancel()
            await #expect(throws: CancellationError.self) { try await connecting.value }
        }
    }
}
