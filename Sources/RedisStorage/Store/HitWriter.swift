import NIOCore
import Redis
import SemanticCache

/// Adds the hits that were served to their entries in Redis, once a second.
///
/// Belongs to the event loop of its connection.
final class HitWriter {
    private let connection: RedisConnection
    private let keys: KeySpace
    private var counts = HitCounts()
    private var task: Scheduled<Void>?

    init(connection: RedisConnection, keys: KeySpace) {
        self.connection = connection
        self.keys = keys
    }

    /// Counts one hit.
    func count(_ id: Fingerprint, version: UInt64) { counts.add(id, version: version) }

    /// Begins to write; does nothing when that was done before.
    func start() {
        guard task == nil else { return }
        schedule()
    }

    /// Writes the last hits; completes when Redis has them or cannot take them.
    func finish() -> EventLoopFuture<Void> {
        task?.cancel()
        task = nil
        let promise = connection.eventLoop.makePromise(of: Void.self)
        write { promise.succeed() }
        return promise.futureResult
    }

    private func schedule() {
        task = connection.eventLoop.assumeIsolated().scheduleTask(in: .seconds(1)) { [weak self] in
            self?.write {}
            self?.schedule()
        }
    }

    private func write(_ completion: @escaping () -> Void) {
        let calls = counts.drain(keys)
        var left = calls.count
        if left == 0 { return completion() }
        for call in calls {
            // Hits that Redis cannot take are dropped: they inform, nothing is decided by them.
            connection.eval(HitScript.script, keys: call.keys, arguments: call.arguments) { _ in
                left -= 1
                if left == 0 { completion() }
            }
        }
    }
}
