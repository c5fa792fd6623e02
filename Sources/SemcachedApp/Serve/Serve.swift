import CacheAPI
import CacheServer
import Logging
import NIOCore
import NIOPosix
import Redis
import RedisStorage
import SemanticCache
import ServiceLifecycle
import UnixSignals

/// Puts the service together and runs it.
enum Serve {
    /// Runs until the process is told to stop.
    ///
    /// `loaded` is what was read at the start, `sources` where SIGHUP reads it again. Throws what kept it from starting.
    static func run(configuration loaded: LoadedConfiguration, sources: ConfigurationSources) async throws {
        let configuration = loaded.configuration
        Logs.bootstrap(configuration.log)
        let logger = Logger(label: "semcached")
        for warning in loaded.warnings { logger.warning("\(warning)") }

        let threads = configuration.server.eventLoops ?? System.coreCount
        let group = MultiThreadedEventLoopGroup(numberOfThreads: threads)
        let redis = RedisTopology(
            configuration: configuration.redis.client,
            eventLoop: group.next(),
            logger: logger
        )
        let storage = StorageConfiguration(configuration, eventLoops: threads)
        let client = RedisClient(topology: redis, eventLoop: group.next(), logger: logger)
        // Waits for replicas of Redis, and with it what is sent behind.
        let administrationClient = RedisClient(topology: redis, eventLoop: group.next(), logger: logger)
        let wakeClient = RedisClient(topology: redis, eventLoop: group.next(), logger: logger)
        let waiters = WaiterTable()
        let labels = NamespaceLabels()
        let clock = EngineClock.system
        let identity = ReplicaIdentity(version: Version.current)
        let administration = RedisAdministration(client: administrationClient, configuration: storage)
        let semantic = try await SemanticParts.make(
            SemanticParts.Surroundings(
                configuration: configuration,
                redis: redis,
                storage: storage,
                client: client,
                group: group,
                clock: clock,
                logger: logger
            )
        )
        let slot = semantic?.slot
        let tracing = TraceParts(configuration.tracing, identity, group.next(), logger)
        let requestLog = configuration.log.requests == .off ? nil : RequestLogWriter(Logs.format(configuration.log))
        let server = HTTPServer(
            configuration: try ServerConfiguration(configuration),
            group: group,
            services: ServerServices(
                administration: administration,
                statsReader: RedisStatsReader(client: client, configuration: storage, now: clock.now),
                falseHits: RedisFalseHitLog(client: client, configuration: storage, now: clock.now),
                missing: { Readiness.missing(client.state, slot) },
                indexState: { slot?.state.map { IndexState($0) } },
                observe: { ProcessObservation(waiters, slot, tracing.queue, requestLog) },
                tracing: tracing.requests,
                requestLog: requestLog.map { RequestLog(configuration.log.requests, write: $0.write) },
                version: Version.current
            ),
            clock: clock,
            logger: logger
        ) { eventLoop in
            loopParts(eventLoop, configuration, redis, storage, waiters, labels, slot, clock, logger)
        }

        let services: [any Service] =
            (semantic?.services ?? []) + tracing.services + [
                BackgroundService { await client.run() },
                BackgroundService { await administrationClient.run() },
                BackgroundService { await wakeClient.run() },
                BackgroundService {
                    await WakeReader(client: wakeClient, waiters: waiters, configuration: storage, logger: logger).run()
                },
                BackgroundService { await Reclaimer(client: client, configuration: storage, logger: logger).run() },
                StatsService(
                    flusher: StatsFlusher(client: client, configuration: storage, replica: identity.id, now: clock.now),
                    server: server,
                    identity: identity,
                    indexState: { slot?.state.map { IndexState($0) } }
                ),
                TicketKeyService(
                    configured: configuration.tickets.key?.bytes,
                    secret: DeploymentSecret(client: client, configuration: storage),
                    server: server,
                    logger: logger
                ),
                ReloadService(sources: sources, current: loaded, server: server, logger: logger),
                HTTPService(
                    server: server,
                    waiters: waiters,
                    keys: loaded.keys,
                    configuration: configuration,
                    logger: logger
                ),
            ]
        let lifecycle = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: services.map {
                    ServiceGroupConfiguration.ServiceConfiguration(service: $0)
                },
                gracefulShutdownSignals: [.sigterm, .sigint],
                logger: Logger(label: "lifecycle", factory: { _ in SwiftLogNoOpLogHandler() })
            )
        )
        try await lifecycle.run()
        await requestLog?.finish()
        logger.info("stopped")
    }

    private static func loopParts(
        _ eventLoop: any EventLoop,
        _ configuration: DaemonConfiguration,
        _ redis: RedisTopology,
        _ storage: StorageConfiguration,
        _ waiters: WaiterTable,
        _ labels: NamespaceLabels,
        _ semantic: SemanticSlot?,
        _ clock: EngineClock,
        _ logger: Logger
    ) -> LoopParts {
        let connection = LoopRedisClient(topology: redis, eventLoop: eventLoop, logger: logger)
        connection.start()
        let store = RedisResponseStore(
            connection: connection,
            waiters: waiters,
            configuration: storage,
            logger: logger
        )
        store.start()
        let stats = LoopStats(labels: labels)
        let engine = CacheEngine(
            store: store,
            search: semantic.map { LoopSemanticSearch($0, on: eventLoop) },
            stats: stats,
            signer: configuration.tickets.key.map { TicketSigner(secret: $0.bytes) },
            clock: clock,
            settings: configuration.cache,
            ticketSeconds: Int(configuration.tickets.timeToLive.components.seconds)
        )
        engine.onShadowHit = { namespace, judgment in
            logger.info(
                "shadow mode: a semantic hit would have been served",
                metadata: [
                    "namespace": "\(namespace.name)", "entry": "\(judgment.neighbor.entry)",
                    "similarity": "\(judgment.neighbor.similarity)", "score": "\(judgment.score)",
                ]
            )
        }
        return LoopParts(
            engine: engine,
            stats: stats,
            isRedisUp: { connection.isAvailable },
            nearCacheEntries: { store.nearCacheEntries },
            finish: { store.finish().assumeIsolated().flatMap { connection.close() }.nonisolated() },
            observe: { LoopObservation(connection, store) }
        )
    }
}
