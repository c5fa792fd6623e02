import Logging
import NIOConcurrencyHelpers
import NIOCore

/// Learns from Sentinels which server is the primary; shared by the connections of a process.
///
/// Each connection asks whenever it connects, as the guidelines for clients of Sentinel want it: the Sentinels in turn,
/// until one answers. One subscription for all of them hears of a switch while the old primary still answers.
final class SentinelDirectory: Sendable {
    private struct Contents {
        /// The Sentinels, the one that answered last first.
        var hosts: [RedisHost]
        /// Those who wait for the answer to the question that is under way.
        var waiting: [EventLoopPromise<RedisHost>] = []
        var listeners: [Listener] = []
        var watch: SentinelWatch?
        var isClosed = false
    }

    private struct Listener {
        var eventLoop: any EventLoop
        var body: @Sendable (RedisHost) -> Void
    }

    /// The longest time that one Sentinel is waited for, before the next is asked.
    private static let patience = Duration.milliseconds(500)

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
        if starts { self.eventLoop.execute { self.watch() } }
    }

    /// Asks and listens to nobody any more.
    func close() {
        contents.withLockedValue { contents in
            contents.isClosed = true
            contents.watch = nil
        }
    }

    private func ask(_ hosts: ArraySlice<RedisHost>, problems: [String]) {
        guard let host = hosts.first else {
            let reasons = problems.joined(separator: "; ")
            let message = "no Sentinel names the primary '\(address.primary)': \(reasons)"
            return answer(.failure(RedisError(code: .notConnected, message: message)))
        }
        var configuration = self.configuration
        configuration.endpoint = configuration.endpoint.at(host)
        let question = RedisCommand(words: ["SENTINEL", "GET-MASTER-ADDR-BY-NAME", address.primary])
        RedisQuestion.ask(question, configuration, on: eventLoop) { [self] result in
            switch result {
            case .success(let value):
                if let parts = value.elements, parts.count == 2, let name = parts[0].text, let port = parts[1].integer {
                    contents.withLockedValue { $0.hosts = [host] + $0.hosts.filter { $0 != host } }
                    return answer(.success(RedisHost(name: name, port: Int(port))))
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
        for promise in waiting { promise.completeWith(result.mapError { $0 as any Error }) }
    }

    /// Subscribes at a Sentinel; when that ends, at the next.
    private func watch() {
        let host: RedisHost? = contents.withLockedValue { contents in
            contents.isClosed ? nil : contents.hosts.first
        }
        guard let host else { return }
        var configuration = self.configuration
        configuration.endpoint = configuration.endpoint.at(host)
        let watch = SentinelWatch(configuration, primary: address.primary, eventLoop: eventLoop)
        let isClosed = contents.withLockedValue { contents in
            if !contents.isClosed { contents.watch = watch }
            return contents.isClosed
        }
        if isClosed { return }
        watch.run { [weak self] in
            // What was said before the subscription began was not heard.
            self?.compare()
        } switched: { [weak self] primary in
            self?.tell(primary)
        } ended: { [weak self] in
            guard let self else { return }
            self.contents.withLockedValue { contents in
                contents.watch = nil
                contents.hosts = contents.hosts.filter { $0 != host } + [host]
            }
            self.eventLoop.scheduleTask(in: .milliseconds(200)) { [weak self] in self?.watch() }
        }
    }

    private func compare() {
        locate(on: eventLoop).whenSuccess { [weak self] primary in self?.tell(primary) }
    }

    private func tell(_ primary: RedisHost) {
        for listener in contents.withLockedValue({ $0.listeners }) {
            listener.eventLoop.execute { listener.body(primary) }
        }
    }
}
