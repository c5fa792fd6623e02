public import Logging
public import NIOCore

/// Redis as one event loop sees it: a connection to a server, or to each server of a cluster.
///
/// Not `Sendable`: every method is called on that loop, and every completion runs there exactly once, inside the read
/// that brought the reply, or inside the call when nothing can be sent. Nothing waits for a connection that has failed.
/// Commands of one tick of the loop leave in one write for each server.
///
/// In a cluster a command goes to the server of its ``RedisCommand/key``, a script to that of its first key; all keys of
/// either must be in one slot. Redirections are followed within the deadline; what a server refused for good is a
/// success with ``RedisValue/error(_:)``.
public final class LoopRedisClient {
    /// Receives the reply, or why there is none; an error that Redis replied is a success with ``RedisValue/error(_:)``.
    public typealias Completion = RedisConnection.Completion

    private enum Servers {
        case one(RedisConnection)
        case cluster(ClusterConnections)
    }

    /// The loop that all of this happens on.
    public let eventLoop: any EventLoop
    private let servers: Servers
    private let tally = CommandTally()
    // Kept, since it knows its clients only weakly.
    private let topology: RedisTopology

    /// A client that has not been started yet.
    public init(topology: RedisTopology, eventLoop: any EventLoop, logger: Logger) {
        self.topology = topology
        self.eventLoop = eventLoop
        let configuration = topology.configuration
        switch topology.kind {
        case .server:
            servers = .one(
                RedisConnection(
                    configuration: configuration,
                    expects: .singleServer,
                    sentinels: nil,
                    tally: tally,
                    eventLoop: eventLoop,
                    logger: logger
                )
            )
        case .sentinel(let directory):
            servers = .one(
                RedisConnection(
                    configuration: configuration,
                    expects: .primary,
                    sentinels: directory,
                    tally: tally,
                    eventLoop: eventLoop,
                    logger: logger
                )
            )
        case .cluster(let topology):
            servers = .cluster(
                ClusterConnections(
                    configuration: configuration,
                    topology: topology,
                    tally: tally,
                    eventLoop: eventLoop,
                    logger: logger
                )
            )
        }
    }

    /// A client with a topology of its own.
    public convenience init(configuration: RedisConfiguration, eventLoop: any EventLoop, logger: Logger) {
        let topology = RedisTopology(configuration: configuration, eventLoop: eventLoop, logger: logger)
        self.init(topology: topology, eventLoop: eventLoop, logger: logger)
    }

    /// Whether commands are taken and if not, why; a cluster counts as up while any server that has slots is.
    public var state: RedisConnectionState {
        switch servers {
        case .one(let connection): connection.state
        case .cluster(let cluster): cluster.state
        }
    }

    /// Whether ``state`` is `up`.
    public var isAvailable: Bool { state == .up }

    /// How many commands wait for a reply.
    public var inFlight: Int {
        switch servers {
        case .one(let connection): connection.inFlight
        case .cluster(let cluster): cluster.inFlight
        }
    }

    /// What became of all commands, and how often connections have come up.
    public var counts: CommandCounts { tally.counts }

    /// The server that Sentinels have named and this client talks to; nil where there are none, or no connection.
    var namedPrimary: RedisHost? {
        switch servers {
        case .one(let connection): connection.namedPrimary
        case .cluster: nil
        }
    }

    /// Calls `body` on the loop after each change of ``state``; a later call replaces it.
    public func onStateChange(_ body: @escaping (RedisConnectionState) -> Void) {
        switch servers {
        case .one(let connection): connection.onStateChange = body
        case .cluster(let cluster): cluster.onStateChange = body
        }
    }

    /// Begins to connect; does nothing when that was done before.
    public func start() {
        switch servers {
        case .one(let connection): connection.start()
        case .cluster(let cluster): cluster.start()
        }
    }

    /// Closes the connections for good and fails what is in flight; the future completes when the sockets are closed.
    @discardableResult
    public func close() -> EventLoopFuture<Void> {
        switch servers {
        case .one(let connection): connection.close()
        case .cluster(let cluster): cluster.close()
        }
    }

    /// Completes when the client was closed for good.
    public var closeFuture: EventLoopFuture<Void> {
        switch servers {
        case .one(let connection): connection.closeFuture
        case .cluster(let cluster): cluster.closeFuture
        }
    }
}

extension LoopRedisClient {
    /// Sends one command; `deadline` nil means the configured time from now.
    ///
    /// Fails at once, without sending, with `notConnected`, `breakerOpen`, `overloaded`, `shutDown`, or
    /// `deadlineExceeded` when the deadline has already passed.
    public func send(_ command: RedisCommand, deadline: NIODeadline? = nil, completion: @escaping Completion) {
        switch servers {
        case .one(let connection): connection.send(command, deadline: deadline, completion: completion)
        case .cluster(let cluster): cluster.send(command, deadline: deadline, completion: completion)
        }
    }

    /// Sends `MGET first second`; the bytes are copied.
    ///
    /// Otherwise like ``mget(_:deadline:completion:)``.
    public func mget(
        _ first: UnsafeRawBufferPointer,
        _ second: UnsafeRawBufferPointer,
        deadline: NIODeadline? = nil,
        completion: @escaping Completion
    ) {
        switch servers {
        case .one(let connection): connection.mget(first, second, deadline: deadline, completion: completion)
        case .cluster(let cluster):
            cluster.mget([Array(first), Array(second)], deadline: deadline, completion: completion)
        }
    }

    /// Reads several strings, which are in one slot.
    ///
    /// Together, but while a cluster moves the slot to another server perhaps one after another, in their order.
    /// Otherwise like ``send(_:deadline:completion:)``.
    public func mget(_ keys: [[UInt8]], deadline: NIODeadline? = nil, completion: @escaping Completion) {
        switch servers {
        case .one(let connection):
            connection.send(RedisCommand("MGET", keys: keys), deadline: deadline, completion: completion)
        case .cluster(let cluster): cluster.mget(keys, deadline: deadline, completion: completion)
        }
    }

    /// Runs a script by its digest, and by its text when the server does not know it, within one deadline.
    ///
    /// Otherwise like ``send(_:deadline:completion:)``.
    public func eval(
        _ script: RedisScript,
        keys: [[UInt8]],
        arguments: [[UInt8]],
        deadline: NIODeadline? = nil,
        completion: @escaping Completion
    ) {
        switch servers {
        case .one(let connection):
            connection.eval(script, keys: keys, arguments: arguments, deadline: deadline, completion: completion)
        case .cluster(let cluster):
            cluster.run(script, keys: keys, arguments: arguments, deadline: deadline, completion: completion)
        }
    }
}
