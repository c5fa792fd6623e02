import Logging
import NIOConcurrencyHelpers
import NIOCore

/// Which server has which slots, as far as a process knows; shared by its connections to a cluster.
///
/// Servers are asked at the start, whenever somebody finds that what is known is wrong, and now and then. Three at a
/// time are asked, and what most of them say counts: one that is cut off from the others is outvoted.
final class ClusterTopology: Sendable {
    private struct Contents {
        var map: SlotMap?
        var listeners: [Listener] = []
        /// Whether a round of questions is under way.
        var isAsking = false
        /// Whether somebody doubts the map since the round that is under way began.
        var isDoubted = false
        var isStarted = false
        var isClosed = false
        var lastError: RedisError?
        var wait = shortestPause
        var askedAt = NIODeadline.uptimeNanoseconds(0)
    }

    private struct Listener {
        var eventLoop: any EventLoop
        var body: @Sendable (Result<SlotMap, RedisError>) -> Void
    }

    private static let asked = 3
    /// Between two rounds lies at least the shortest pause; it doubles while the map is doubted again and again.
    private static let shortestPause = TimeAmount.milliseconds(50)
    private static let longestPause = TimeAmount.milliseconds(500)
    /// After how long the servers are asked although nobody doubts the map, less up to a half at random.
    private static let interval = Duration.seconds(20)

    private let configuration: RedisConfiguration
    private let seeds: [RedisHost]
    private let eventLoop: any EventLoop
    private let logger: Logger
    private let contents = NIOLockedValueBox(Contents())

    init(configuration: RedisConfiguration, seeds: [RedisHost], eventLoop: any EventLoop, logger: Logger) {
        self.configuration = configuration
        self.seeds = seeds
        self.eventLoop = eventLoop
        var logger = logger
        logger[metadataKey: "redis"] = "\(configuration.endpoint)"
        self.logger = logger
    }

    /// What is known; nil until a server has answered.
    var map: SlotMap? { contents.withLockedValue { $0.map } }

    /// Why no server has answered yet.
    var lastError: String? { contents.withLockedValue { $0.lastError?.message } }

    /// Begins to ask; `body` is called on `eventLoop` with what is known, and with each new map or, while there is
    /// none, with each new reason for that.
    ///
    /// `body` is held as long as the topology: let it hold nothing strongly.
    func listen(on eventLoop: any EventLoop, _ body: @escaping @Sendable (Result<SlotMap, RedisError>) -> Void) {
        let (known, starts): (Result<SlotMap, RedisError>?, Bool) = contents.withLockedValue { contents in
            contents.listeners.append(Listener(eventLoop: eventLoop, body: body))
            defer { contents.isStarted = true }
            let known = contents.map.map { Result.success($0) } ?? contents.lastError.map { Result.failure($0) }
            return (known, !contents.isStarted)
        }
        if let known { eventLoop.execute { body(known) } }
        if starts {
            doubt()
            scheduleCheck()
        }
    }

    /// What is known may be wrong: asks soon, once for all who doubt it meanwhile.
    func doubt() {
        let pause: TimeAmount? = contents.withLockedValue { contents in
            guard !contents.isClosed else { return nil }
            guard !contents.isAsking else {
                contents.isDoubted = true
                return nil
            }
            contents.isAsking = true
            let quiet = NIODeadline.now() - contents.askedAt
            if quiet > Self.longestPause + Self.longestPause { contents.wait = Self.shortestPause }
            defer { contents.wait = min(contents.wait + contents.wait, Self.longestPause) }
            return quiet >= contents.wait ? .zero : contents.wait - quiet
        }
        guard let pause else { return }
        eventLoop.scheduleTask(in: pause) { [weak self] in self?.ask() }
    }

    /// Asks nobody any more.
    func close() { contents.withLockedValue { $0.isClosed = true } }

    private func scheduleCheck() {
        var generator = SystemRandomNumberGenerator()
        let pause = TimeAmount(Backoff.jittered(Self.interval, using: &generator))
        eventLoop.scheduleTask(in: pause) { [weak self] in
            guard let self, !self.contents.withLockedValue({ $0.isClosed }) else { return }
            self.doubt()
            self.scheduleCheck()
        }
    }

    /// One round: on the topology's loop.
    private func ask() {
        let known: [RedisHost] = contents.withLockedValue { contents in
            contents.isDoubted = false
            contents.askedAt = .now()
            return contents.map?.hosts ?? []
        }
        let hosts = known.shuffled() + seeds.filter { !known.contains($0) }.shuffled()
        ClusterPoll(hosts, at: Self.asked, configuration, eventLoop) { [weak self] result in
            guard let self else { return }
            self.learn(result)
            let asksAgain = self.contents.withLockedValue { contents in
                contents.isAsking = false
                return contents.isDoubted || contents.map.map { $0.unassigned > 0 } ?? true
            }
            if asksAgain { self.doubt() }
        }.begin()
    }

    /// Asks the other servers that are known whether this one has slots; of the only one, that is taken for granted.
    func confirm(_ host: RedisHost, on eventLoop: any EventLoop) -> EventLoopFuture<Bool> {
        let promise = eventLoop.makePromise(of: Bool.self)
        let others = (map?.hosts ?? []).filter { $0 != host }.shuffled()
        self.eventLoop.execute { [self] in
            if others.isEmpty { return promise.succeed(true) }
            ClusterPoll(others, at: Self.asked, configuration, self.eventLoop) { [weak self] result in
                if case .success = result { self?.learn(result) }
                promise.succeed((try? result.get())?.hosts.contains(host) ?? false)
            }.begin()
        }
        return promise.futureResult
    }

    /// Takes over what servers say, and tells those who listen if it is new.
    private func learn(_ result: Result<SlotMap, RedisError>) {
        let (isNew, hasMap, listeners) = contents.withLockedValue { contents in
            defer { contents.lastError = result.failure }
            switch result {
            case .success(let map):
                let isNew = map != contents.map
                if isNew { contents.map = map }
                return (isNew, true, contents.listeners)
            case .failure(let error):
                return (error.message != contents.lastError?.message, contents.map != nil, contents.listeners)
            }
        }
        guard isNew else { return }
        switch result {
        case .success(let map):
            logger.info(
                "learned the servers of the cluster",
                metadata: [
                    "servers": "\(map.hosts.map(\.description).joined(separator: ","))",
                    "unassigned": "\(map.unassigned)",
                ]
            )
        case .failure(let error):
            logger.warning("cannot learn the servers of the cluster", metadata: ["error": "\(error)"])
            if hasMap { return }
        }
        for listener in listeners { listener.eventLoop.execute { listener.body(result) } }
    }
}

extension Result {
    fileprivate var failure: Failure? {
        if case .failure(let error) = self { error } else { nil }
    }
}
