import Logging
import NIOCore

/// Asks servers of a cluster who has which slots, a few at a time, until some have answered; what most of them say counts.
///
/// Belongs to its event loop.
final class ClusterPoll {
    /// How long those who are silent are waited for once one has answered.
    private static let grace = TimeAmount.milliseconds(250)

    private let width: Int
    private let configuration: RedisConfiguration
    private let eventLoop: any EventLoop
    private let completion: (Result<SlotMap, RedisError>) -> Void
    private var rest: ArraySlice<RedisHost>
    private var underWay = 0
    private var answers: [(host: RedisHost, map: SlotMap)] = []
    private var lastError = RedisError(code: .notConnected, message: "no server of the cluster is known")
    private var timer: Scheduled<Void>?
    private var isDone = false

    init(
        _ hosts: [RedisHost],
        at width: Int,
        _ configuration: RedisConfiguration,
        _ eventLoop: any EventLoop,
        _ completion: @escaping (Result<SlotMap, RedisError>) -> Void
    ) {
        rest = hosts[...]
        self.width = width
        self.configuration = configuration
        self.eventLoop = eventLoop
        self.completion = completion
    }

    /// Asks the first few.
    func begin() {
        if rest.isEmpty { return finish() }
        for host in rest.prefix(width) { ask(host) }
    }

    private func ask(_ host: RedisHost) {
        rest = rest.dropFirst()
        underWay += 1
        var configuration = self.configuration
        configuration.endpoint = configuration.endpoint.at(host)
        RedisQuestion.ask(RedisCommand(words: ["CLUSTER", "SLOTS"]), configuration, on: eventLoop) { [self] result in
            underWay -= 1
            take(result, from: host)
        }
    }

    private func take(_ result: Result<RedisValue, RedisError>, from host: RedisHost) {
        switch result {
        case .success(.error(let error)):
            // What a server without a cluster says has no code of its own.
            let reason = error.code == "ERR" ? "is no server of a cluster, for which write redis://" : "does not tell"
            lastError = RedisError(code: .notConnected, message: "\(host) \(reason): \(error)")
        case .success(let value):
            if let map = SlotMap(value, from: host), !map.hosts.isEmpty {
                answers.append((host, map))
            } else {
                lastError = RedisError(code: .notConnected, message: "\(host) knows of no servers with slots")
            }
        case .failure(let error): lastError = error
        }
        if isDone { return }
        // A server that says nothing of use is replaced by the next.
        if answers.count + underWay < width, let next = rest.first { ask(next) }
        if underWay == 0 { return finish() }
        if !answers.isEmpty, timer == nil {
            timer = eventLoop.assumeIsolated().scheduleTask(in: Self.grace) { [self] in finish() }
        }
    }

    private func finish() {
        guard !isDone else { return }
        isDone = true
        timer?.cancel()
        let maps = believedMaps
        let best = maps.max { left, right in
            maps.count { $0 == left } < maps.count { $0 == right }
        }
        completion(best.map { .success($0) } ?? .failure(lastError))
    }

    /// What servers say, but for those who alone say that they have slots: they were replaced and have not heard of it.
    private var believedMaps: [SlotMap] {
        let believed = answers.filter { host, map in
            let others = answers.filter { $0.host != host }
            return others.isEmpty || !map.hosts.contains(host) || others.contains { $0.map.hosts.contains(host) }
        }
        return (believed.isEmpty ? answers : believed).map(\.map)
    }
}
