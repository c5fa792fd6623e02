import Logging
import NIOCore
import NIOPosix
import SemanticCacheTesting
import Testing

@testable import Redis

@Suite struct CommandCountsTests {
    @Test func commandsAreCountedByWhatBecameOfThem() async throws {
        try await withRedisServer { server in
            let loop = MultiThreadedEventLoopGroup.singleton.next()
            let configuration = RedisConfiguration(endpoint: try RedisEndpoint(url: server.url))
            let client = try await loop.submit {
                NIOLoopBound(
                    LoopRedisClient(
                        configuration: configuration,
                        eventLoop: loop,
                        logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
                    ),
                    eventLoop: loop
                )
            }.get()
            func send(_ words: String..., deadline: TimeAmount = .seconds(20)) async throws {
                let done = loop.makePromise(of: Void.self)
                loop.execute {
                    client.value.send(RedisCommand(words: words), deadline: .now() + deadline) { _ in done.succeed() }
                }
                try await done.futureResult.get()
            }
            try await send("PING")
            try await loop.submit { client.value.start() }.get()
            try await eventually("the client is up") { try await loop.submit { client.value.isAvailable }.get() }
            for _ in 0..<3 { try await send("PING") }
            try await send("NO-SUCH-COMMAND")
            try await send("PING", deadline: .seconds(-1))
            let counts = try await loop.submit { client.value.counts }.get()
            #expect(counts.replies == 4)
            #expect(counts.errorReplies == 1)
            #expect(counts.failures == [.notConnected: 1, .deadlineExceeded: 1])
            #expect(counts.connects == 1)
            #expect(counts.roundTrips.counts.reduce(0, +) == 4)
            #expect(counts.roundTrips.sumNanoseconds > 0)
            try await loop.flatSubmit { client.value.close() }.get()
        }
    }

    @Test(
        arguments: [(0, 0), (999, 0), (1000, 1), (1999, 1), (2000, 2), (1_000_000, 10), (.max, 24)] as [(UInt64, Int)]
    )
    func aTimeIsInTheLowestBucketThatIsAboveIt(_ nanoseconds: UInt64, _ bucket: Int) {
        var times = RoundTripTimes()
        times.record(nanoseconds: nanoseconds)
        #expect(times.counts[bucket] == 1)
    }
}
