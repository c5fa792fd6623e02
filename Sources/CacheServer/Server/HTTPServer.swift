public import Logging
import NIOConcurrencyHelpers
public import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
public import SemanticCache

/// The HTTP side of the service: listens, and gives every event loop an engine of its own.
public final class HTTPServer: Sendable {
    /// How long connections without a request are kept when the server stops, so that busy clients learn it from an answer.
    private static let timeForLastRequests = Duration.milliseconds(300)

    private let configuration: ServerConfiguration
    private let group: any EventLoopGroup
    private let services: ServerServices
    private let clock: EngineClock
    private let logger: Logger
    private let peers = ServerPeers()
    private let signer = NIOLockedValueBox<TicketSigner?>(nil)
    private let makeParts: @Sendable (any EventLoop) -> LoopParts

    /// Creates a server that does not listen yet.
    ///
    /// `makeParts` is called once on each event loop of `group`.
    public init(
        configuration: ServerConfiguration,
        group: any EventLoopGroup,
        services: ServerServices,
        clock: EngineClock,
        logger: Logger,
        makeParts: @escaping @Sendable (any EventLoop) -> LoopParts
    ) {
        self.configuration = configuration
        self.group = group
        self.services = services
        self.clock = clock
        self.logger = logger
        self.makeParts = makeParts
    }

    /// Begins to listen, and returns the channel that does.
    ///
    /// - Throws: when the address cannot be bound, or certificate or key are not good.
    public func start(keys: AccessKeys?) async throws -> any Channel {
        var configuration = configuration
        configuration.maximumConnections = DescriptorLimit.makeRoom(forConnections: configuration.maximumConnections)
        if configuration.maximumConnections < self.configuration.maximumConnections {
            logger.warning(
                "fewer connections than limits.connections: the process may not open more files (ulimit -n)",
                metadata: ["connections": "\(configuration.maximumConnections)"]
            )
        }
        let limiter = RateLimiter(requestsPerSecond: configuration.requestsPerSecond, burst: configuration.burst)
        let loops = try await withThrowingTaskGroup(of: NIOLoopBound<ServerLoop>.self) { tasks in
            for eventLoop in group.makeIterator() {
                tasks.addTask { try await eventLoop.submit { self.makeLoop(eventLoop, keys, limiter) }.get() }
            }
            return try await tasks.reduce(into: []) { $0.append($1) }
        }
        peers.set(loops)
        await spreadSigner()
        let byEventLoop = Dictionary(uniqueKeysWithValues: loops.map { (ObjectIdentifier($0.eventLoop), $0) })
        let tls = try configuration.tls.map { try NIOSSLContext(configuration: $0) }
        return try await ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 1024)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .childChannelOption(.maxMessagesPerRead, value: 1)
            .childChannelOption(
                .recvAllocator,
                value: AdaptiveRecvByteBufferAllocator(minimum: 2048, initial: 4096, maximum: 131_072)
            )
            .childChannelInitializer { [configuration] channel in
                channel.eventLoop.makeCompletedFuture {
                    guard let loop = byEventLoop[ObjectIdentifier(channel.eventLoop)]?.value else { return }
                    try HTTPServer.configure(channel, loop, configuration, tls)
                }
            }
            .bind(host: configuration.host, port: configuration.port)
            .get()
    }

    private func makeLoop(
        _ eventLoop: any EventLoop,
        _ keys: AccessKeys?,
        _ limiter: RateLimiter
    )
        -> NIOLoopBound<ServerLoop>
    {
        let loop = ServerLoop(
            eventLoop: eventLoop,
            configuration: configuration,
            services: services,
            parts: makeParts(eventLoop),
            keys: keys,
            limiter: limiter,
            peers: peers,
            clock: clock,
            logger: logger
        )
        loop.start()
        return NIOLoopBound(loop, eventLoop: eventLoop)
    }

    private static func configure(
        _ channel: any Channel,
        _ loop: ServerLoop,
        _ configuration: ServerConfiguration,
        _ tls: NIOSSLContext?
    ) throws {
        guard loop.peers.connectionBegan(maximum: configuration.maximumConnections) else {
            loop.connectionEnded()
            loop.warnOfRefusedConnection()
            return channel.close(promise: nil)
        }
        let pipeline = channel.pipeline.syncOperations
        if let tls { try pipeline.addHandler(NIOSSLServerHandler(context: tls)) }
        var limits = NIOHTTPDecoderLimitConfiguration()
        limits.maxHeaderFieldSize = configuration.maximumHeaderBytes
        limits.maxHeaderListSize = configuration.maximumHeaderBytes
        let connection = ConnectionHandler(loop: loop)
        try pipeline.addHandler(ArrivalHandler(connection))
        try pipeline.addHandler(
            ByteToMessageHandler(HTTPRequestDecoder(leftOverBytesStrategy: .dropBytes, limitConfiguration: limits))
        )
        try pipeline.addHandler(connection)
    }

    /// Replaces settings and keys on every event loop; requests that are being worked on keep the old ones.
    public func reload(settings: CacheSettings, keys: AccessKeys?) async {
        _ = await peers.gather { loop in
            loop.engine.settings = settings
            loop.keys = keys
        }
        peers.reloadEnded(failed: false)
    }

    /// Notes that a reload did not succeed, for the metrics.
    public func reloadFailed() { peers.reloadEnded(failed: true) }

    /// Signs tickets with this key from now on, and from the start when it is called before that.
    public func setSigner(_ signer: TicketSigner) async {
        self.signer.withLockedValue { $0 = signer }
        await spreadSigner()
    }

    /// Gives the signer to every loop that is there; called after each change of either, so that none misses it.
    private func spreadSigner() async {
        _ = await peers.gather { [signer] loop in
            if let signer = signer.withLockedValue({ $0 }) { loop.engine.signer = signer }
        }
    }

    /// Hands over what was counted since the last call.
    public func drainCounts() async -> [Namespace: NamespaceCounts] { await peers.drainCounts() }

    /// Entries whose decoded form this process holds.
    public func nearCacheEntries() async -> Int { await peers.gather { $0.parts.nearCacheEntries() }.reduce(0, +) }

    /// Whether Redis answers every event loop.
    public func isRedisUp() async -> Bool { await peers.isRedisUp() }

    /// Lets every connection finish what it has begun, for at most `grace`, and then closes the rest.
    public func stop(grace: Duration) async {
        let end = ContinuousClock.now + grace
        // A connection that is closed as its client sends the next request would leave that without an answer.
        _ = await peers.gather { $0.announceEnd() }
        let lastRequests = min(end, ContinuousClock.now + Self.timeForLastRequests)
        while peers.connectionCount > 0, ContinuousClock.now < lastRequests {
            try? await Task.sleep(for: .milliseconds(20))
        }
        _ = await peers.gather { $0.drain() }
        while peers.connectionCount > 0, ContinuousClock.now < end {
            try? await Task.sleep(for: .milliseconds(20))
        }
        for finished in await peers.gather({ $0.stop() }) { try? await finished.get() }
    }
}
