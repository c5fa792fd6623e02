import Logging
import NIOCore

/// A connection to one Redis server that comes back by itself, bound to one event loop.
///
/// Not `Sendable`: every method is called on that loop, and every completion runs there exactly once. A completion
/// runs inside the read that brought the reply, or, when the command cannot be sent at all, inside the call that
/// sends it; it may send further commands or close the connection. Nothing waits for a connection: while there is
/// none, commands fail at once. Commands of one tick of the loop leave in one write.
///
/// When a reply misses its deadline the connection is closed, since later replies would be taken for earlier ones;
/// everything in flight fails, and a new connection is opened.
public final class RedisConnection {
    /// Receives the reply, or why there is none; an error that Redis replied is a success with ``RedisValue/error(_:)``.
    public typealias Completion = (Result<RedisValue, RedisError>) -> Void

    private enum Phase {
        case idle
        case opening
        case greeting(RedisSession)
        case up(RedisSession)
        case waiting(Scheduled<Void>)
        case closed
    }

    /// What the connection was made with.
    public let configuration: RedisConfiguration
    /// The loop that all of this happens on.
    public let eventLoop: any EventLoop
    /// Called on the loop after each change of ``state``.
    public var onStateChange: ((RedisConnectionState) -> Void)?
    /// Whether the connection serves, and if not, why.
    public private(set) var state = RedisConnectionState.idle
    /// Says whether the server is still the one to talk to, of a connection that is made anew.
    ///
    /// A server that was silent for a while may have been replaced meanwhile, and not know.
    var confirm: ((_ completion: @escaping (Bool) -> Void) -> Void)?
    /// How often a connection has come up.
    public private(set) var connectCount = 0

    /// The configured time for a reply, in the unit of the loop's clock.
    let commandDeadline: TimeAmount
    /// The session that commands go to; nil while there is none.
    var serving: RedisSession?
    /// What commands are told while there is no session.
    private(set) var unavailability = RedisError(code: .notConnected, message: "the connection was not started")

    /// Counts the commands and how often the connection has come up.
    let tally: CommandTally

    private let logger: Logger
    private let sentinels: SentinelDirectory?
    /// The server that Sentinels named when this connection was opened.
    private var primary: RedisHost?
    private let connector: RedisConnector
    private let handshake: RedisHandshake
    private var phase = Phase.idle
    private var backoff: Backoff
    private var breaker: CircuitBreaker
    private var search: PrimarySearch
    private let closed: EventLoopPromise<Void>
    private var isClosing = false
    /// Whether something has gone wrong since the server was last known to be the one to talk to.
    private var isSuspect = false
    private var channel: (any Channel)?
    private var randomness = SystemRandomNumberGenerator()
    private var endedSessionsFlushes = 0

    /// A connection that has not been started yet.
    ///
    /// Its address is that of one server.
    public convenience init(configuration: RedisConfiguration, eventLoop: any EventLoop, logger: Logger) {
        self.init(
            configuration: configuration,
            expects: .singleServer,
            sentinels: nil,
            eventLoop: eventLoop,
            logger: logger
        )
    }

    /// A connection that has not been started yet, to the primary that Sentinels name, if there are some.
    init(
        configuration: RedisConfiguration,
        expects expectation: RedisHandshake.Expectation,
        sentinels: SentinelDirectory?,
        tally: CommandTally = CommandTally(),
        eventLoop: any EventLoop,
        logger: Logger
    ) {
        self.configuration = configuration
        self.tally = tally
        self.sentinels = sentinels
        self.eventLoop = eventLoop
        var logger = logger
        logger[metadataKey: "redis"] = "\(configuration.endpoint)"
        self.logger = logger
        commandDeadline = TimeAmount(configuration.commandDeadline)
        closed = eventLoop.makePromise()
        connector = RedisConnector(configuration: configuration, eventLoop: eventLoop)
        handshake = RedisHandshake(configuration, expects: expectation)
        backoff = Backoff(initial: configuration.initialBackoff, maximum: configuration.maximumBackoff)
        breaker = CircuitBreaker(failuresToOpen: configuration.failuresToOpen)
        search = PrimarySearch(
            initial: configuration.initialSearchInterval,
            maximum: configuration.maximumSearchInterval
        )
    }

    deinit {
        channel?.close(promise: nil)
        if !isClosing { closed.succeed() }
    }

    /// Completes when the connection was closed for good.
    public var closeFuture: EventLoopFuture<Void> { closed.futureResult }

    /// Whether commands are taken: connected, authenticated, in its database, circuit breaker closed.
    public var isAvailable: Bool { serving != nil }

    /// The server that Sentinels have named, while this connection is up; nil where there are none.
    var namedPrimary: RedisHost? { serving == nil || sentinels == nil ? nil : primary }

    /// How many commands wait for their reply.
    public var inFlight: Int { serving?.inFlight ?? 0 }

    /// How many writes to the socket there were; commands of one tick of the loop share one.
    public var flushCount: Int { endedSessionsFlushes + (serving?.flushes ?? 0) }

    /// Begins to connect; does nothing when that was done before.
    public func start() {
        eventLoop.assertInEventLoop()
        guard case .idle = phase else { return }
        unavailability = RedisError(code: .notConnected, message: "not connected to Redis yet")
        publish(.connecting(lastError: nil))
        if let sentinels {
            let box = NIOLoopBound(WeakReference(self), eventLoop: eventLoop)
            sentinels.listen(on: eventLoop) { primary in box.value.object?.moved(to: primary) }
        }
        connect()
    }

    /// Closes the connection for good and fails what is in flight; the future completes when the socket is closed.
    @discardableResult
    public func close() -> EventLoopFuture<Void> {
        eventLoop.assertInEventLoop()
        guard !isClosing else { return closeFuture }
        isClosing = true
        let previous = phase
        phase = .closed
        serving = nil
        unavailability = RedisError(code: .shutDown, message: "the connection to Redis was shut down")
        publish(.closed)
        switch previous {
        case .idle, .closed:
            closed.succeed()
        case .opening:
            break  // opened(_:deadline:) completes the future
        case .waiting(let timer):
            timer.cancel()
            closed.succeed()
        case .greeting(let session), .up(let session):
            session.end(unavailability)
            if let channel { channel.closeFuture.cascade(to: closed) } else { closed.succeed() }
        }
        return closeFuture
    }

    // MARK: Connecting

    private func connect() {
        phase = .opening
        let timeout = TimeAmount(configuration.connectTimeout)
        let deadline = NIODeadline.now() + timeout
        guard let sentinels else { return open(configuration.endpoint, deadline) }
        sentinels.locate(on: eventLoop).assumeIsolated().whenComplete { result in
            switch result {
            case .failure(let error): self.opened(.failure(error), deadline: deadline)
            case .success(let primary):
                self.primary = primary
                self.open(self.configuration.endpoint.at(primary), .now() + timeout)
            }
        }
    }

    private func open(_ endpoint: RedisEndpoint, _ deadline: NIODeadline) {
        connector.open(endpoint, timeout: deadline - .now()).assumeIsolated().whenComplete { result in
            self.opened(result, deadline: deadline)
        }
    }

    /// Sentinels name another primary: what is said to the old one is lost.
    private func moved(to primary: RedisHost) {
        switch phase {
        case .greeting(let session) where self.primary != primary, .up(let session) where self.primary != primary:
            logger.info("Sentinels name another primary", metadata: ["primary": "\(primary)"])
            session.end(RedisError(code: .notConnected, message: "Sentinels name another primary"))
        case .waiting(let timer):
            timer.cancel()
            connect()
        default: break
        }
    }

    private func opened(_ result: Result<any Channel, any Error>, deadline: NIODeadline) {
        guard case .opening = phase else {
            guard case .success(let channel) = result else {
                return closed.succeed()
            }
            channel.close(promise: nil)
            return channel.closeFuture.cascade(to: closed)
        }
        do {
            let channel = try result.get()
            let session = try channel.pipeline.syncOperations.handler(type: RedisSession.self)
            if let error = session.ending { throw error }
            self.channel = channel
            session.connection = self
            phase = .greeting(session)
            handshake.run(on: session, deadline: deadline) { [weak self] result in
                self?.confirmPrimary(session, result)
            }
        } catch {
            attemptFailed(error as? RedisError ?? RedisError(connecting: error, to: configuration.endpoint))
        }
    }

    /// Asks once more whether this is the server: one that was silent for a while may have been replaced meanwhile, and
    /// not know.
    private func confirmPrimary(_ session: RedisSession, _ result: Result<Void, RedisError>) {
        guard case .success = result else { return greeted(session, result) }
        if let confirm, isSuspect {
            return confirm { [weak self] isConfirmed in
                if isConfirmed { self?.greeted(session, result) } else { self?.greeted(session, .failure(.replaced)) }
            }
        }
        guard let sentinels else { return greeted(session, result) }
        sentinels.locate(on: eventLoop).assumeIsolated().whenComplete { [weak self] answer in
            guard let self else { return }
            if case .success(let primary) = answer, primary == self.primary { return self.greeted(session, result) }
            self.greeted(session, .failure(RedisError(code: .notConnected, message: "Sentinels name another primary")))
        }
    }

    private func greeted(_ session: RedisSession, _ result: Result<Void, RedisError>) {
        guard case .greeting(let current) = phase, current === session else { return }
        switch result {
        case .failure(let error):
            session.end(error)
        case .success:
            breaker.recordProbeSuccess()
            backoff.reset()
            connectCount += 1
            tally.connected()
            isSuspect = false
            phase = .up(session)
            serving = session
            session.handshakeReplies = session.replies
            session.tally = tally
            logger.info("connected to Redis")
            scheduleIdleCheck(of: session, replies: session.replies)
            publish(.up)
        }
    }

    /// Called by a session when it has ended, before those in flight are told.
    func sessionEnded(_ session: RedisSession, _ error: RedisError) {
        endedSessionsFlushes += session.flushes
        switch phase {
        case .greeting(let current) where current === session:
            attemptFailed(error)
        case .up(let current) where current === session:
            serving = nil
            logger.warning("lost the connection to Redis", metadata: ["error": "\(error)"])
            if session.answeredCommands { breaker.recordSuccess() }
            if error.code == .deadlineExceeded { breaker.recordFailure() }
            retry(after: error)
        default:
            break
        }
    }

    /// Called by a session whose server has become a replica: whether to connect again, as the address may lead to
    /// another server by now.
    func mayLookElsewhere() -> Bool { search.mayBegin(at: .now()) }

    private func attemptFailed(_ error: RedisError) {
        if state.lastError != error.message {
            logger.warning("cannot connect to Redis", metadata: ["error": "\(error)"])
        }
        breaker.recordFailure()
        retry(after: error)
    }

    private func retry(after error: RedisError) {
        channel = nil
        isSuspect = true
        var wait = backoff.next(using: &randomness)
        if error.code == .authenticationFailed {
            // Only an operator can mend that; more attempts would only fill Redis' log.
            wait = Backoff.jittered(configuration.maximumBackoff, using: &randomness)
        } else if breaker.isOpen {
            wait = Backoff.jittered(configuration.probeInterval, using: &randomness)
        }
        phase = .waiting(
            eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(wait)) { [weak self] in
                // A timer that is due in the same tick as its cancellation fires all the same.
                guard let self, case .waiting = self.phase else { return }
                self.connect()
            }
        )
        let reason = "Redis is not available: \(error.message)"
        unavailability = RedisError(
            code: breaker.isOpen ? .breakerOpen : .notConnected,
            message: reason,
            underlying: error
        )
        publish(
            breaker.isOpen ? .breakerOpen(lastError: error.message) : .connecting(lastError: error.message)
        )
    }

    /// Asks a session that has been silent whether it still works; when it does not, its deadline ends it.
    private func scheduleIdleCheck(of session: RedisSession, replies: Int) {
        let interval = TimeAmount(configuration.idleCheckInterval)
        eventLoop.assumeIsolated().scheduleTask(in: interval) { [weak self] in
            guard let self, self.serving === session else { return }
            if session.replies == replies, session.inFlight == 0 {
                self.send(RedisCommand("PING")) { _ in }
            }
            self.scheduleIdleCheck(of: session, replies: session.replies)
        }
    }

    private func publish(_ new: RedisConnectionState) {
        guard new != state else { return }
        state = new
        onStateChange?(new)
    }
}

extension RedisError {
    fileprivate static let replaced = RedisError(
        code: .notConnected,
        message: "the other servers of the cluster do not say that it has slots"
    )
}
