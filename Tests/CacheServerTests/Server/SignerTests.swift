import CacheServer
import Dispatch
import Logging
import NIOConcurrencyHelpers
import NIOCore
import NIOPosix
import SemanticCache
import SemanticCacheTesting
import Testing

@Suite struct SignerTests {
    @Test func aKeyThatIsLearnedWhileTheEventLoopsAreMadeReachesAllOfThem() async throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 2)
        let engines = NIOLockedValueBox<[NIOLoopBound<CacheEngine>]>([])
        let first = AsyncStream<Void>.makeStream()
        let isLearned = DispatchSemaphore(value: 0)
        let clock = EngineClock(now: { Timestamp(milliseconds: 0) }, uptime: { 0 })
        let server = HTTPServer(
            configuration: ServerConfiguration(port: 0),
            group: group,
            services: ServerServices(
                administration: EmptyAdministration(),
                statsReader: EmptyAdministration(),
                falseHits: MemoryFalseHitLog { clock.now() },
                missing: { [] },
                version: "0.0.0"
            ),
            clock: clock,
            logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
        ) { eventLoop in
            let stats = LoopStats(labels: NamespaceLabels())
            let engine = CacheEngine(
                store: ScriptedStore(eventLoop: eventLoop, load: Load()),
                stats: stats,
                signer: nil,
                clock: clock,
                settings: CacheSettings(),
                ticketSeconds: 60
            )
            let isSecond = engines.withLockedValue { engines in
                engines.append(NIOLoopBound(engine, eventLoop: eventLoop))
                return engines.count == 2
            }
            // The first loop is made, and this runs after that; the second is still being made until the key is known.
            if isSecond { isLearned.wait() } else { eventLoop.execute { first.continuation.finish() } }
            return LoopParts(
                engine: engine,
                stats: stats,
                isRedisUp: { true },
                nearCacheEntries: { 0 },
                finish: { eventLoop.makeSucceededVoidFuture() }
            )
        }
        async let channel = server.start(keys: nil)
        for await _ in first.stream {}
        await server.setSigner(TicketSigner(secret: Array(repeating: 7, count: 32)))
        isLearned.signal()
        let listening = try await channel
        for engine in engines.withLockedValue({ $0 }) {
            #expect(try await engine.eventLoop.submit { engine.value.signer != nil }.get())
        }
        try await listening.close()
        await server.stop(grace: .zero)
        try await group.shutdownGracefully()
    }
}
