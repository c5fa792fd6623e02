import Logging
import NIOCore

/// Redis for tasks: ``LoopRedisClient`` behind `async`.
///
/// For commands off the hot path and for background work. Commands of concurrent tasks share connections, so a
/// blocking command (`XREAD BLOCK`) belongs on a client of its own, with a deadline beyond its blocking time.
/// A canceled task stops waiting; its reply is still read and dropped.
public final class RedisClient: Sendable {
    /// The loop that the connections live on.
    public let eventLoop: any EventLoop
    /// Whether commands of several slots go to several servers, so that no command may have keys of two slots.
    public let isCluster: Bool
    private let topology: RedisTopology
    private let connection: NIOLoopBoundBox<LoopRedisClient>
    private let record = ConnectionStateRecord()

    /// A client that has not been started yet.
    public init(topology: RedisTopology, eventLoop: any EventLoop, logger: Logger) {
        self.eventLoop = eventLoop
        self.topology = topology
        isCluster = topology.isCluster
        let connection = LoopRedisClient(topology: topology, eventLoop: eventLoop, logger: logger)
        connection.onStateChange { [record] state in record.update(state) }
        self.connection = .makeBoxSendingValue(connection, eventLoop: eventLoop)
    }

    /// A client with a topology of its own.
    public convenience init(configuration: RedisConfiguration, eventLoop: any EventLoop, logger: Logger) {
        let topology = RedisTopology(configuration: configuration, eventLoop: eventLoop, logger: logger)
        self.init(topology: topology, eventLoop: eventLoop, logger: logger)
    }

    /// A client on one loop of `group`, with a topology of its own.
    public convenience init(configuration: RedisConfiguration, group: any EventLoopGroup, logger: Logger) {
        self.init(configuration: configuration, eventLoop: group.next(), logger: logger)
    }

    /// Whether the connection serves, and if not, why.
    public var state: RedisConnectionState { record.state }

    /// Begins to connect; does nothing when that was done before.
    public func start() {
        eventLoop.execute { self.connection.value.start() }
    }

    /// Closes the connections for good and returns once the sockets are closed; what is in flight fails.
    public func shutdown() async {
        // Closing never fails: both futures only wait.
        try? await eventLoop.flatSubmit { self.connection.value.close() }.get()
    }

    /// When Sentinels named another primary than before, last; nil when they never did, or there are none.
    public var primaryChangedAt: NIODeadline? {
        guard case .sentinel(let directory) = topology.kind else { return nil }
        return directory.changedAt
    }

    /// Whether the primary that this client writes to is one that stays, by all Sentinels that answer.
    ///
    /// That is: they name it, and none takes it for dead or is replacing it; true where no Sentinel answers. What a
    /// primary has taken while it is being replaced may be lost; what it took before this is asked is not, once its
    /// replicas have it.
    public func isPrimarySettled() async -> Bool {
        guard case .sentinel(let directory) = topology.kind else { return true }
        let primary = try? await eventLoop.submit { self.connection.value.namedPrimary }.get()
        guard let primary else { return false }
        return await withCheckedContinuation { continuation in
            directory.isSettled(primary) { continuation.resume(returning: $0) }
        }
    }

    /// Connects, then waits until the task is canceled or the client is shut down, and shuts it down.
    public func run() async {
        start()
        let end = Outcome<Void>()
        eventLoop.execute {
            self.connection.value.closeFuture.whenComplete { _ in end.give(.success(())) }
        }
        try? await end.value()
        await shutdown()
    }

    /// Waits until commands are taken; throws `notConnected` with the last error after `patience`.
    public func waitUntilAvailable(within patience: Duration = .seconds(5)) async throws(RedisError) {
        let outcome = Outcome<Void>()
        record.notify(outcome)
        let timer = eventLoop.scheduleTask(in: TimeAmount(patience)) {
            let reason = self.state.lastError ?? "it has not answered"
            outcome.give(.failure(RedisError(code: .notConnected, message: "Redis is not available: \(reason)")))
        }
        defer {
            timer.cancel()
            record.forget(outcome)
        }
        try await outcome.value()
    }

    /// Sends one command and waits for its reply; `deadline` nil means the configured time from now.
    ///
    /// An error that Redis replies is returned as ``RedisValue/error(_:)``, not thrown.
    public func send(_ command: RedisCommand, deadline: NIODeadline? = nil) async throws(RedisError) -> RedisValue {
        let outcome = Outcome<RedisValue>()
        eventLoop.execute {
            self.connection.value.send(command, deadline: deadline) { outcome.give($0) }
        }
        return try await outcome.value()
    }

    /// Runs a script by its digest, and by its text when the server does not know it, within one deadline.
    public func eval(
        _ script: RedisScript,
        keys: [[UInt8]] = [],
        arguments: [[UInt8]] = [],
        deadline: NIODeadline? = nil
    ) async throws(RedisError) -> RedisValue {
        let outcome = Outcome<RedisValue>()
        eventLoop.execute {
            self.connection.value.eval(script, keys: keys, arguments: arguments, deadline: deadline) {
                outcome.give($0)
            }
        }
        return try await outcome.value()
    }

    /// Sends commands in one write and waits for all; one result per command, in their order.
    ///
    /// Other commands may run between them: this is no transaction.
    public func pipeline(
        _ commands: [RedisCommand],
        deadline: NIODeadline? = nil
    ) async -> [Result<RedisValue, RedisError>] {
        let outcomes = commands.map { _ in Outcome<RedisValue>() }
        eventLoop.execute {
            let connection = self.connection.value
            for (command, outcome) in zip(commands, outcomes) {
                connection.send(command, deadline: deadline) { outcome.give($0) }
            }
        }
        var results: [Result<RedisValue, RedisError>] = []
        results.reserveCapacity(commands.count)
        for outcome in outcomes {
            do throws(RedisError) {
                results.append(.success(try await outcome.value()))
            } catch {
                results.append(.failure(error))
            }
        }
        return results
    }

    /// Sends commands in one write for a caller that is no task; completes on the client's loop, with one result per
    /// command in their order.
    public func pipeline(
        _ commands: [RedisCommand],
        deadline: NIODeadline? = nil,
        completion: @escaping @Sendable ([Result<RedisValue, RedisError>]) -> Void
    ) {
        eventLoop.execute {
            let replies = GatheredReplies(commands.count, completion)
            for (place, command) in commands.enumerated() {
                self.connection.value.send(command, deadline: deadline) { replies.take($0, at: place) }
            }
        }
    }
}
