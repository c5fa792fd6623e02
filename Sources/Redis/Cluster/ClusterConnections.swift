import Logging
import NIOCore

/// The servers of a cluster as one event loop sees them: a connection to each, and commands find theirs by slot.
///
/// Belongs to its event loop, like ``RedisConnection``, whose promises hold here too: every completion runs exactly
/// once, and nothing waits for a connection that has failed. Commands wait, within their deadline, for a connection to
/// a server that has just been learned of, and for a redirection: at most ``maximumAttempts`` tries altogether.
final class ClusterConnections: CommandSender {
    typealias Completion = RedisConnection.Completion

    /// Most tries of one command: redirections, and later ones at the same server.
    static let maximumAttempts = 6
    /// The pause before a command is tried again at the same server; it doubles each time.
    private static let firstPause = TimeAmount.milliseconds(2)
    /// How long a server may be silent before it is asked whether it still answers: less than a cluster takes to
    /// replace it, so that the connection to one that was replaced while it was suspended has ended.
    private static let idleCheckInterval = Duration.seconds(1)

    let eventLoop: any EventLoop
    var onStateChange: ((RedisConnectionState) -> Void)?
    private(set) var state = RedisConnectionState.idle

    private let configuration: RedisConfiguration
    private let topology: ClusterTopology
    private let logger: Logger
    private let tally: CommandTally
    let commandDeadline: TimeAmount
    private var map: SlotMap?
    /// Slots of which a server has said, since the map was made, that they are another one's.
    private var moved: [Int: RedisHost] = [:]
    private var servers: [RedisHost: ClusterServer] = [:]
    private var isClosing = false
    private let closed: EventLoopPromise<Void>

    init(
        configuration: RedisConfiguration,
        topology: ClusterTopology,
        tally: CommandTally,
        eventLoop: any EventLoop,
        logger: Logger
    ) {
        self.configuration = configuration
        self.topology = topology
        self.tally = tally
        self.eventLoop = eventLoop
        self.logger = logger
        commandDeadline = TimeAmount(configuration.commandDeadline)
        closed = eventLoop.makePromise()
    }

    deinit { if !isClosing { closed.succeed() } }

    var closeFuture: EventLoopFuture<Void> { closed.futureResult }

    /// Commands that wait for a reply.
    var inFlight: Int { servers.values.reduce(0) { $0 + $1.connection.inFlight } }

    /// Begins to learn of the servers and to connect.
    func start() {
        guard state == .idle else { return }
        publish(.connecting(lastError: nil))
        let box = NIOLoopBound(WeakReference(self), eventLoop: eventLoop)
        topology.listen(on: eventLoop) { result in
            switch result {
            case .success(let map): box.value.object?.take(map)
            case .failure(let error): box.value.object?.lacksMap(error)
            }
        }
    }

    /// Closes all connections for good.
    @discardableResult
    func close() -> EventLoopFuture<Void> {
        guard !isClosing else { return closeFuture }
        isClosing = true
        publish(.closed)
        EventLoopFuture.andAllComplete(servers.values.map { $0.connection.close() }, on: eventLoop).cascade(to: closed)
        return closeFuture
    }

    // MARK: Commands

    /// Sends a command to the server of its key, and on as servers say.
    func send(_ command: RedisCommand, deadline: NIODeadline?, completion: @escaping Completion) {
        let call = ClusterCall(command, deadline: deadline ?? .now() + commandDeadline, completion)
        send(call)
    }

    /// Reads several keys of one slot.
    ///
    /// While a slot moves to another server, some of its keys are here and some there, and no server reads them
    /// together: then each is read by itself, in their order.
    func mget(_ keys: [[UInt8]], deadline: NIODeadline?, completion: @escaping Completion) {
        let deadline = deadline ?? .now() + commandDeadline
        let call = ClusterCall(RedisCommand("MGET", keys: keys), deadline: deadline) { [weak self] result in
            guard let self, case .success(.error(let error)) = result, error.code == "TRYAGAIN" else {
                return completion(result)
            }
            self.getEach(keys, deadline, completion)
        }
        call.takesTryAgain = true
        send(call)
    }

    /// One after another: who writes several keys together changes what is read last first, see the callers.
    private func getEach(_ keys: [[UInt8]], _ deadline: NIODeadline, _ completion: @escaping Completion) {
        var values: [RedisValue] = []
        func next() {
            guard values.count < keys.count else { return completion(.success(.array(values))) }
            send(RedisCommand("GET", keys[values.count]), deadline: deadline) { result in
                guard case .success(let value) = result, value.serverError == nil else { return completion(result) }
                values.append(value)
                next()
            }
        }
        next()
    }

    private func send(_ call: ClusterCall) {
        eventLoop.assertInEventLoop()
        guard let host = host(of: call) else {
            topology.doubt()
            let error = unavailability(call.slot)
            tally.failed(error.code)
            return call.completion(.failure(error))
        }
        send(call, to: host, isAsking: false)
    }

    private func send(_ call: ClusterCall, to host: RedisHost, isAsking: Bool) {
        call.attempts += 1
        server(host).send(call.command, isAsking: isAsking, deadline: call.deadline) { [weak self] result in
            guard let self else { return call.completion(result) }
            switch result {
            case .success(.error(let error)):
                guard let redirection = Redirection(error, from: host), call.attempts < Self.maximumAttempts else {
                    return call.completion(result)
                }
                self.follow(redirection, call, result)
            case .success: call.completion(result)
            case .failure(let error):
                // Who sent it there may have been wrong.
                if let slot = call.slot, self.moved[slot] == host { self.moved[slot] = nil }
                if error.code != .overloaded { self.topology.doubt() }
                call.completion(result)
            }
        }
    }

    private func follow(_ redirection: Redirection, _ call: ClusterCall, _ result: Result<RedisValue, RedisError>) {
        switch redirection {
        case .moved(let slot, let host):
            moved[slot] = host
            topology.doubt()
            send(call, to: host, isAsking: false)
        case .ask(let host):
            send(call, to: host, isAsking: true)
        case .tryAgain(let mapMayBeWrong):
            if mapMayBeWrong { topology.doubt() } else if call.takesTryAgain { return call.completion(result) }
            let due = NIODeadline.now() + call.nextPause(after: Self.firstPause)
            guard due < call.deadline, !isClosing else { return call.completion(result) }
            eventLoop.assumeIsolated().scheduleTask(deadline: due) { [weak self] in
                guard let self else { return call.completion(result) }
                self.send(call)
            }
        }
    }

    // MARK: Servers

    /// The server of the call's slot; for a call without a key any one that answers.
    private func host(of call: ClusterCall) -> RedisHost? {
        guard let slot = call.slot else {
            return map?.hosts.first { servers[$0]?.connection.isAvailable == true } ?? map?.hosts.first
        }
        return moved.isEmpty ? map?.host(of: slot) : moved[slot] ?? map?.host(of: slot)
    }

    private func server(_ host: RedisHost) -> ClusterServer {
        if let server = servers[host] { return server }
        var configuration = self.configuration
        configuration.endpoint = configuration.endpoint.at(host)
        configuration.idleCheckInterval = min(configuration.idleCheckInterval, Self.idleCheckInterval)
        let connection = RedisConnection(
            configuration: configuration,
            expects: .nothing,
            sentinels: nil,
            tally: tally,
            eventLoop: eventLoop,
            logger: logger
        )
        connection.confirm = { [topology, eventLoop] completion in
            topology.confirm(host, on: eventLoop).assumeIsolated().whenComplete { result in
                completion((try? result.get()) ?? false)
            }
        }
        let server = ClusterServer(connection)
        servers[host] = server
        server.onStateChange = { [weak self] state in
            guard let self else { return }
            if state.lastError != nil { self.topology.doubt() }
            self.publishState()
        }
        if isClosing { connection.close() } else { connection.start() }
        return server
    }

    private func lacksMap(_ error: RedisError) {
        if map == nil, !isClosing { publish(.connecting(lastError: error.message)) }
    }

    private func take(_ map: SlotMap) {
        guard !isClosing else { return }
        self.map = map
        moved = [:]
        for host in map.hosts { _ = server(host) }
        // What is in flight there is let finish: the server may live and only have no slots any more.
        for (host, server) in servers where !map.hosts.contains(host) {
            servers[host] = nil
            server.onStateChange = nil
            server.closeWhenIdle()
        }
        publishState()
    }

    private func unavailability(_ slot: Int?) -> RedisError {
        if isClosing { return RedisError(code: .shutDown, message: "the connections to Redis were shut down") }
        guard map != nil else {
            let reason = topology.lastError ?? "no server has answered yet"
            return RedisError(code: .notConnected, message: "the cluster is not known: \(reason)")
        }
        return RedisError(code: .notConnected, message: "no server of the cluster has slot \(slot ?? 0)")
    }

    private func publishState() {
        guard !isClosing, let map else { return }
        let states = map.hosts.compactMap { servers[$0]?.state }
        if states.contains(.up) { return publish(.up) }
        let lastError = states.lazy.compactMap(\.lastError).first
        let isOpen = states.allSatisfy { if case .breakerOpen = $0 { true } else { false } }
        publish(
            isOpen ? .breakerOpen(lastError: lastError ?? "no server has slots") : .connecting(lastError: lastError)
        )
    }

    private func publish(_ new: RedisConnectionState) {
        guard new != state else { return }
        state = new
        onStateChange?(new)
    }
}
