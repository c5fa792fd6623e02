import NIOCore
public import Redis
public import SemanticCache

/// Carries the counts of one process to Redis, each exactly once.
///
/// A batch that was not acknowledged is sent again under its number, which Redis adds at most once; what is counted
/// meanwhile waits for the next batch.
public actor StatsFlusher {
    private static let sequenceMilliseconds = 86_400_000
    private static let minuteMilliseconds = 25 * 3_600_000
    private static let hourMilliseconds = 8 * 86_400_000
    /// Most counts in one batch, so that its script holds Redis up for a millisecond or two.
    private static let fieldsPerBatch = 400

    private struct Batch {
        var number: Int
        var keys: [[UInt8]]
        var fields: [[UInt8]]
    }

    private let client: RedisClient
    private let keys: KeySpace
    private let replica: String
    private let now: @Sendable () -> Timestamp
    private var waiting: [Namespace: NamespaceCounts] = [:]
    private var unacknowledged: [Batch] = []
    private var number = 0

    /// Creates a flusher.
    ///
    /// `replica` names this process; no two processes may share it.
    public init(
        client: RedisClient,
        configuration: StorageConfiguration,
        replica: String,
        now: @escaping @Sendable () -> Timestamp
    ) {
        self.client = client
        self.replica = replica
        self.now = now
        keys = KeySpace(prefix: configuration.keyPrefix)
    }

    /// Adds counts to those in Redis, with what could not be added before, and tells the other replicas of this one.
    ///
    /// Returns whether Redis has everything now.
    @discardableResult
    public func flush(_ counts: [Namespace: NamespaceCounts], status: ReplicaStatus) async -> Bool {
        for (namespace, counts) in counts { waiting[namespace, default: NamespaceCounts()].merge(counts) }
        guard await sendUnacknowledged() else { return false }
        cutBatches()
        guard await sendUnacknowledged() else { return false }
        let line = ReplicaLine(status: status, at: now()).text
        let command = RedisCommand("HSET", keys.stats("replicas"), Array(replica.utf8), Array(line.utf8))
        _ = try? await client.reply(to: command)
        return true
    }

    /// Makes batches of what waits.
    private func cutBatches() {
        let fields = StatsFields.fields(of: waiting)
        waiting = [:]
        let scriptKeys = [keys.stats("seq:\(replica)")] + StatsKeys(keys).current(at: now())
        for start in stride(from: 0, to: fields.count, by: Self.fieldsPerBatch) {
            number += 1
            let some = fields[start..<min(start + Self.fieldsPerBatch, fields.count)]
            unacknowledged.append(
                Batch(
                    number: number,
                    keys: scriptKeys,
                    fields: some.flatMap { [Array($0.name.utf8), Array(decimal: $0.value)] }
                )
            )
        }
    }

    /// Sends batches in their order; tells whether none is left.
    private func sendUnacknowledged() async -> Bool {
        while let batch = unacknowledged.first {
            guard await send(batch) else { return false }
            // Another call may have got it acknowledged meanwhile.
            if unacknowledged.first?.number == batch.number { unacknowledged.removeFirst() }
        }
        return true
    }

    private func send(_ batch: Batch) async -> Bool {
        let arguments =
            [batch.number, Self.sequenceMilliseconds, Self.minuteMilliseconds, Self.hourMilliseconds, 0]
            .map { Array(decimal: $0) } + batch.fields
        let reply = try? await client.reply(to: StatsScript.script, keys: batch.keys, arguments: arguments)
        return reply?.integer != nil
    }
}
