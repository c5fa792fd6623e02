public import Logging
public import NIOCore
public import Redis
public import SemanticCache

/// Keeps the vectors of texts in Redis, for all replicas, under digests of model and text.
///
/// Has a connection of its own, so that no lookup's reply waits behind vectors. One that is used in the second half of
/// its life is written anew; others are only read. While Redis is away nothing is known and nothing is kept.
public final class RedisVectorCache: VectorCache {
    private let eventLoop: any EventLoop
    private let connection: NIOLoopBoundBox<LoopRedisClient>
    private let keys: KeySpace
    private let timeToLive: Int
    private let clock: EngineClock

    /// Creates a cache that has not been started yet; `timeToLive` is in seconds, at least 1.
    public init(
        redis: RedisTopology,
        storage: StorageConfiguration,
        timeToLive: Int = 86_400,
        clock: EngineClock,
        eventLoop: any EventLoop,
        logger: Logger
    ) {
        self.eventLoop = eventLoop
        let connection = LoopRedisClient(topology: redis, eventLoop: eventLoop, logger: logger)
        self.connection = .makeBoxSendingValue(connection, eventLoop: eventLoop)
        keys = KeySpace(prefix: storage.keyPrefix)
        self.timeToLive = max(1, timeToLive)
        self.clock = clock
    }

    /// Begins to connect; does nothing when that was done before.
    public func start() {
        eventLoop.execute { [connection] in connection.value.start() }
    }

    /// Closes the connection for good; what is in flight is not known.
    public func shutdown() async {
        // Closing never fails: the future only waits.
        try? await eventLoop.flatSubmit { [connection] in connection.value.close() }.get()
    }

    /// Looks up the vectors that a model gave to `texts`, in one round trip; completes on the connection's loop.
    public func vectors(
        of texts: [String],
        by modelID: String,
        completion: @escaping @Sendable ([QuantizedVector?]) -> Void
    ) {
        let digests = texts.map { TextDigest(of: $0, modelID) }
        eventLoop.execute {
            let answer = Answer(count: digests.count, completion)
            // Keys of one bucket are in one slot, those of several need not be.
            let places = Dictionary(grouping: digests.indices) { digests[$0].bucket }
            for places in places.values {
                self.connection.value.mget(places.map { self.keys.vector(digests[$0]) }) { result in
                    let values = (try? result.get())?.elements ?? []
                    for (place, value) in zip(places, values) {
                        answer.found[place] = self.read(value, digests[place])
                    }
                    answer.received(places.count)
                }
            }
            answer.received(0)
        }
    }

    /// Keeps the vectors that a model gave to texts; returns before Redis has them.
    public func insert(_ vectors: [String: QuantizedVector], by modelID: String) {
        let digested = vectors.map { (TextDigest(of: $0.key, modelID), $0.value) }
        eventLoop.execute {
            for (digest, vector) in digested { self.write(vector, digest) }
        }
    }

    private final class Answer {
        var found: [QuantizedVector?]
        private var missing: Int
        private var completion: (([QuantizedVector?]) -> Void)?

        init(count: Int, _ completion: @escaping ([QuantizedVector?]) -> Void) {
            found = Array(repeating: nil, count: count)
            missing = count
            self.completion = completion
        }

        func received(_ count: Int) {
            missing -= count
            guard missing == 0, let completion else { return }
            self.completion = nil
            completion(found)
        }
    }

    private func read(_ value: RedisValue, _ digest: TextDigest) -> QuantizedVector? {
        guard let bytes = value.bytes, let cached = CachedVector(bytes) else { return nil }
        if seconds(after: 0) >= cached.renewal { write(cached.vector, digest) }
        return cached.vector
    }

    private func write(_ vector: QuantizedVector, _ digest: TextDigest) {
        let value = CachedVector(vector, renewal: seconds(after: timeToLive / 2)).bytes
        var command = RedisCommand("SET", keys.vector(digest), value)
        command.append("EX")
        command.append(Int64(timeToLive))
        // What Redis cannot take now is computed again.
        connection.value.send(command) { _ in }
    }

    private func seconds(after seconds: Int) -> UInt32 {
        UInt32(clamping: clock.now().milliseconds / 1000 + Int64(seconds))
    }
}
