import Logging
import NIOConcurrencyHelpers
import NIOCore

/// Learns from Sentinels which server is the primary; shared by the connections of a process.
///
/// Each connection asks whenever it connects, as the guidelines for clients of Sentinel want it: the Sentinels in turn,
/// until one answers. Subscriptions at all of them hear of a switch while the old primary still answers: the first that
/// tells of it counts, since the others may learn of it seconds later.
final class SentinelDirectory: Sendable {
    private struct Contents {
        /// The Sentinels, the one that answered last first.
        var hosts: [RedisHost]
        /// Those who wait for the answer to the question that is under way.
        var waiting: [EventLoopPromise<RedisHost>] = []
        var listeners: [Listener] = []
        var watches: [RedisHost: SentinelWatch] = [:]
        var isClosed = false
        /// The primary as it was told last.
        var primary: RedisHost?
        /// When it became that in place of another one.
        var changedAt: NIODeadline?
        /// Until when answers of Sentinels that name another one are taken for old.
        var isAnnouncedUntil = NIODeadline.uptimeNanoseconds(0)

        /// The primary by an answer of one Sentinel.
        func judged(_ answer: RedisHost) -> RedisHost {
            guard let primary, NIODeadline.now() < isAnnouncedUntil else { return answer }
            return primary
        }
    }

    private struct Listener {
        var eventLoop: any EventLoop
        var body: @Sendable (RedisHost) -> Void
    }

    /// The longest time that one Sentinel is waited for, before the next is asked.
    private static let patience = Duration.milliseconds(500)
    /// How long an announcement outweighs Sentinels that have not heard of it.
    private static let announcement = TimeAmount.seconds(10)
    /// How often they are asked although nobody announced anything.
    private static let interval = TimeAmount.seconds(1)

    private let configuration: RedisConfiguration
    private let address: SentinelAddress
    private let eventLoop: any EventLoop
    private let logger: Logger
    private let contents: NIOLockedValueBox<Contents>

    init(
        _ configuration: RedisConfiguration,
        _ address: SentinelAddress,
        eventLoop: any EventLoop,
        logger: Logger
    ) {
        // What is said to Sentinels: their own user and password, no database.
        var configuration = configuration
        configuration.endpoint.user = address.user
        configuration.endpoint.password = address.password
        configuration.endpoint.database = 0
        configuration.connectTimeout = min(configuration.connectTimeout, Self.patience)
        self.configuration = configuration
        self.address = address
        self.eventLoop = eventLoop
        self.logger = logger
        contents = NIOLockedValueBox(Contents(hosts: address.hosts))
    }

    /// When another server became the primary last, as far as this process has heard.
    var changedAt: NIODeadline? { contents.withLockedValue { $0.changedAt } }

    /// Asks which server is the primary; those who ask at the same time share the answer.
    func locate(on eventLoop: any EventLoop) -> EventLoopFuture<RedisHost> {
        let promise = eventLoop.makePromise(of: RedisHost.self)
        let (isFirst, hosts) = contents.withLockedValue { contents in
            contents.waiting.append(promise)
            return (contents.waiting.count == 1, contents.hosts)
        }
        if isFirst { self.eventLoop.execute { self.ask(hosts[...], problems: []) } }
        return promise.futureResult
    }

    /// Calls `body` on `eventLoop` whenever Sentinels name another primary.
    ///
    /// `body` is held as long as the directory: let it hold nothing strongly.
    func listen(on eventLoop: any EventLoop, _ body: @escaping @Sendable (RedisHost) -> Void) {
        let starts = contents.withLockedValue { contents in
            contents.listeners.append(Listener(eventLoop: eventLoop, body: body))
            return contents.listeners.count == 1 && !contents.isClosed
        }
        guard starts else { return }
        self.eventLoop.execute {
            for host in self.address.hosts { self.watch(host) }
            self.scheduleComparison()
        }
    }

    /// Asks and listens to nobody any more.
    func close() {
        contents.withLockedValue { contents in
            contents.isClosed = true
            contents.watches = [:]
        }
    }

    // MARK: Asking

    private func ask(_ hosts: ArraySlice<RedisHost>, problems: [String]) {
        guard let host = hosts.first else {
            let reasons = problems.joined(separator: "; ")
            let message = "no Sentinel names the primary '\(address.primary)': \(reasons)"
            return answer(.failure(RedisError(code: .notConnected, message: message)))
        }
        let question = RedisCommand(words: ["SENTINEL", "GET-MASTER-ADDR-BY-NAME", address.primary])
        RedisQuestion.ask(question, configuration(for: host), on: eventLoop) { [self] result in
            switch result {
            case .success(let value):
                if let parts = value.elements, parts.count == 2, let name = parts[0].text, let port = parts[1].integer {
                    let primary = contents.withLockedValue { contents in
                        contents.hosts = [host] + contents.hosts.filter { $0 != host }
                        return contents.judged(RedisHost(name: name, port: Int(port)))
                    }
                    return answer(.success(primary))
                }
                let reason =
                    value.serverError.map { "refuses to be asked, is it a Sentinel? \($0)" }
                    ?? "does not know that name"
                ask(hosts.dropFirst(), problems: problems + ["\(host): \(reason)"])
            case .failure(let error):
                ask(hosts.dropFirst(), problems: problems + [error.message])
            }
        }
    }

    private func answer(_ result: Result<RedisHost, RedisError>) {
        let waiting = contents.withLockedValue { contents in
            defer { contents.waiting = [] }
            return contents.waiting
        }
        if case .success(let primary) = result { tell(primary) }
        for promise in waiting { promise.completeWith(result.mapError { $0 as any Error }) }
    }

    private func configuration(for sentinel: RedisHost) -> RedisConfiguration {
        var configuration = self.configuration
        configuration.endpoint = configuration.endpoint.at(sentinel)
        return configuration
    }

    /// Asks all Sentinels whether the primary is one that stays: all that answer name it, none takes it for dead, none
    /// is replacing it.
    ///
    /// Where none answers none can replace it either, or this process is cut off with the primary, which its replicas
    /// tell. Completes on the directory's loop.
    func isSettled(_ primary: RedisHost, completion: @escaping @Sendable (Bool) -> Void) {
        let question = RedisCommand(words: ["SENTINEL", "MASTER", address.primary])
        let name = address.primary
        eventLoop.execute {
            let answers = GatheredReplies(self.address.hosts.count) { results in
                let views = results.compactMap { (try? $0.get()).flatMap { SentinelView($0) } }
                completion(views.allSatisfy { $0.isSettled(primary, named: name) })
            }
            for (place, host) in self.address.hosts.enumerated() {
                RedisQuestion.ask(question, self.configuration(for: host), on: self.eventLoop) {
                    answers.take($0, at: place)
                }
            }
        }
    }

    // MARK: Listening

    /// Subscribes at a Sentinel, and again when that ends.
    private func watch(_ host: RedisHost) {
        let watch = SentinelWatch(configuration(for: host), primary: address.primary, eventLoop: eventLoop)
        let isClosed = contents.withLockedValue { contents in
            if !contents.isClosed { contents.watches[host] = watch }
            return contents.isClosed
        }
        if isClosed { return }
        watch.run { [weak self] change in
            self?.take(change)
        } ended: { [weak self] in
            guard let self else { return }
            self.contents.withLockedValue { $0.watches[host] = nil }
            self.eventLoop.scheduleTask(in: .milliseconds(500)) { [weak self] in self?.watch(host) }
        }
    }

    /// A Sentinel says that one server takes the place of another.
    ///
    /// It counts when the other is the primary that is known; who tells of it late must not undo what came since.
    private func take(_ change: PrimaryChange) {
        let isNews = contents.withLockedValue { contents in
            guard contents.primary == nil || contents.primary == change.old else { return false }
            contents.isAnnouncedUntil = .now() + Self.announcement
            return true
        }
        if isNews { tell(change.new, isAnnounced: true) }
    }

    private func scheduleComparison() {
        eventLoop.scheduleTask(in: Self.interval) { [weak self] in
            guard let self, !self.contents.withLockedValue({ $0.isClosed }) else { return }
            self.locate(on: self.eventLoop).whenComplete { [weak self] _ in self?.scheduleComparison() }
        }
    }

    private func tell(_ primary: RedisHost, isAnnounced: Bool = false) {
        let listeners: [Listener] = contents.withLockedValue { contents in
            if contents.primary == primary { return [] }
            if contents.primary != nil { contents.changedAt = .now() }
            contents.primary = primary
            return contents.listeners
        }
        for listener in listeners { listener.eventLoop.execute { listener.body(primary) } }
    }
}
