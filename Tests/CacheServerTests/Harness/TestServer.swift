import CacheServer
import Logging
import NIOCore
import NIOPosix
import SemanticCache
import SemanticCacheTesting
import Synchronization

/// A server on a port of its own, with a store that a test scripts.
final class TestServer: Sendable {
    let port: Int
    /// How many fetches were under way at once, at most.
    let load: Load
    private let server: HTTPServer
    private let channel: any Channel

    static func start(
        configuration: ServerConfiguration = ServerConfiguration(),
        keys: AccessKeys? = nil
    ) async throws -> TestServer {
        var configuration = configuration
        configuration.port = 0
        let load = Load()
        let clock = EngineClock(
            now: { Timestamp(milliseconds: 1_800_000_000_000) },
            uptime: { NIODeadline.now().uptimeNanoseconds }
        )
        let server = HTTPServer(
            configuration: configuration,
            group: MultiThreadedEventLoopGroup.singleton,
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
                store: ScriptedStore(eventLoop: eventLoop, load: load),
                stats: stats,
                signer: TicketSigner(secret: Array(repeating: 7, count: 32)),
                clock: clock,
                settings: CacheSettings(),
                ticketSeconds: 3600
            )
            return LoopParts(
                engine: engine,
                stats: stats,
                isRedisUp: { true },
                nearCacheEntries: { 0 },
                finish: { eventLoop.makeSucceededVoidFuture() }
            )
        }
        let channel = try await server.start(keys: keys)
        return TestServer(server: server, channel: channel, port: channel.localAddress?.port ?? 0, load: load)
    }

    private init(server: HTTPServer, channel: any Channel, port: Int, load: Load) {
        self.load = load
        self.server = server
        self.channel = channel
        self.port = port
    }

    func stop(grace: Duration = .milliseconds(100)) async throws {
        try await channel.close()
        await server.stop(grace: grace)
    }
}

/// Counts what is under way.
final class Load: Sendable {
    private let counts = Mutex((now: 0, peak: 0))

    /// The most at once.
    var peak: Int { counts.withLock { $0.peak } }
    /// How many now.
    var now: Int { counts.withLock { $0.now } }

    func began() {
        counts.withLock {
            $0.now += 1
            $0.peak = max($0.peak, $0.now)
        }
    }

    func ended() { counts.withLock { $0.now -= 1 } }
}

/// Answers a fetch after as many milliseconds as the namespace's name says (`after-50`), with an entry that names it.
final class ScriptedStore: CandidateStore {
    func countHit(of entry: Entry) {}

    private let eventLoop: any EventLoop

    private let load: Load

    init(eventLoop: any EventLoop, load: Load) {
        self.eventLoop = eventLoop
        self.load = load
    }

    func fetch(_ key: EntryKey, deadline: Deadline, completion: @escaping (FetchOutcome) -> Void) {
        let name = key.namespace.name
        guard let delay = name.split(separator: "-").last.flatMap({ Int64($0) }) else { return completion(.absent) }
        let entry = Entry(
            id: key.fingerprint,
            version: 1,
            endpoint: .chatCompletions,
            model: "m",
            tags: [],
            storedAt: Timestamp(milliseconds: 1_800_000_000_000),
            expiresAt: Timestamp(milliseconds: 1_800_000_060_000),
            usage: nil,
            cost: nil,
            response: Array("\"\(name)\"".utf8)
        )
        if delay == 0 { return completion(.found(entry)) }
        load.began()
        eventLoop.assumeIsolated().scheduleTask(in: .milliseconds(delay)) { [load] in
            load.ended()
            completion(.found(entry))
        }
    }

    func acquire(
        _ key: EntryKey,
        _ request: FillRequest,
        deadline: Deadline,
        completion: @escaping (AcquireOutcome) -> Void
    ) {
        completion(.granted(FillGrant(issuedAt: 1, flushSequence: 1), milliseconds: 30_000))
    }

    func commit(_ fill: Fill, deadline: Deadline, completion: @escaping (CommitOutcome) -> Void) {
        completion(.stored(timeToLive: fill.entry.timeToLive))
    }

    func release(
        _ key: EntryKey,
        token: FillToken,
        deadline: Deadline,
        completion: @escaping (ReleaseOutcome) -> Void
    ) {
        completion(.released)
    }
}

struct EmptyAdministration: EntryAdministration, StatsReader {
    func entry(_ key: EntryKey) async throws(AdministrationError) -> EntryRecord? { nil }
    func entries(_ query: EntryQuery) async throws(AdministrationError) -> EntryPage {
        EntryPage(records: [], cursor: nil)
    }
    func remove(_ key: EntryKey) async throws(AdministrationError) -> Bool { false }
    func confirmWrites(of key: EntryKey) async throws(AdministrationError) {}

    func flush(_ selector: FlushSelector, isDryRun: Bool) async throws(AdministrationError) -> Int { 3 }
    func report(namespace: Namespace?, window: StatsWindow) async throws(AdministrationError) -> StatsReport {
        throw .redisUnavailable
    }
}

// Nothing here is semantic.
extension ScriptedStore {
    func fetchCandidate(
        _ key: EntryKey,
        for asked: Fingerprint,
        deadline: Deadline,
        completion: @escaping (CandidateOutcome) -> Void
    ) { completion(.absent) }

    func writeAlias(
        from asked: Fingerprint,
        to source: Entry,
        _ judgment: Alias.Judgment,
        deadline: Deadline,
        completion: @escaping (AliasOutcome) -> Void
    ) { completion(.declined) }

    func block(
        _ key: EntryKey,
        for asked: Fingerprint,
        seconds: Int,
        deadline: Deadline,
        completion: @escaping (BlockOutcome) -> Void
    ) { completion(.blocked) }
}
