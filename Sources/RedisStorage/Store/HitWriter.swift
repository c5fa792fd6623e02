import NIOCore
import Redis
import SemanticCache

/// Adds the hits that were served to their entries in Redis, each bucket's once a second and one bucket after another,
/// so that no lookup waits behind thousands of them.
///
/// Belongs to the event loop of its connection.
final class HitWriter {
    private static let interval = TimeAmount.milliseconds(1000 / Int64(Bucket.all.count))

    private let connection: LoopRedisClient
    private let keys: KeySpace
    private var counts = HitCounts()
    private var place = 0
    private var task: Scheduled<Void>?

    init(connection: LoopRedisClient, keys: KeySpace) {
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
        write(Bucket.all) { promise.succeed() }
        return promise.futureResult
    }

    private func schedule() {
        task = connection.eventLoop.assumeIsolated().scheduleTask(in: Self.interval) { [weak self] in
            self?.writeNext()
            self?.schedule()
        }
    }

    private func writeNext() {
        write([Bucket.all[place]]) {}
        place = (place + 1) % Bucket.all.count
    }

    private func write(_ buckets: [Bucket], _ completion: @escaping () -> Void) {
        let calls = buckets.flatMap { counts.drain($0, keys) }
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
