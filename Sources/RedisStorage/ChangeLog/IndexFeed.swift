public import Logging
import NIOCore
public import Redis
public import SemanticCache

/// Keeps a ``VectorIndex`` in agreement with the entries in Redis: reads them all, then follows the change log; one per
/// process.
///
/// Whatever makes it miss a change, a trimmed log, a Redis that lost its memory, another Redis, it notices, and reads
/// the buckets concerned again while it follows the others. The index is a hint meanwhile: a lookup that finds an entry
/// there still asks Redis for it.
public final class IndexFeed: Sendable {
    static let blockMilliseconds: Int64 = 500
    /// Most records of one bucket that are read at once.
    static let recordsPerBucket = 256
    /// How many buckets are read between two looks at the logs of the others.
    static let bucketsPerRead = 8
    static let checkInterval = TimeAmount.milliseconds(500)

    let client: RedisClient
    let index: any VectorIndex
    let keys: KeySpace
    let reader: HeadReader
    let logger: Logger
    let applied = AppliedChanges()
    private let staleMilliseconds: Int64
    /// How long changes gather before they are looked at, so that many cost as little as one.
    private let pause: Duration

    /// Creates a feed.
    ///
    /// The client is for this feed alone, since its commands block; somebody else runs it. `modelID` is that of the
    /// index's vectors: entries with vectors of another model are left out. The index counts as caught up as long as it
    /// is at most `staleMilliseconds` behind.
    public init(
        client: RedisClient,
        index: any VectorIndex,
        modelID: String,
        configuration: StorageConfiguration,
        staleMilliseconds: Int = 2000,
        logger: Logger
    ) {
        self.client = client
        self.index = index
        self.logger = logger
        self.staleMilliseconds = Int64(staleMilliseconds)
        keys = KeySpace(prefix: configuration.keyPrefix)
        let milliseconds = configuration.indexDelayMilliseconds ?? (client.isCluster ? 25 : 5)
        pause = .milliseconds(milliseconds)
        reader = HeadReader(keys: keys, modelDigest: SemanticHead.modelDigest(modelID))
    }

    /// How well the index agrees with Redis at this moment.
    public var state: IndexFeedState {
        let summary = applied.summary
        let stale = summary.provenAt.map { max(0, (NIODeadline.now() - $0).nanoseconds / 1_000_000) }
        return IndexFeedState(
            elements: index.usage.elements,
            unreadParts: summary.unreadParts,
            staleMilliseconds: stale.map { Int($0) },
            delayMilliseconds: summary.delayMilliseconds,
            isCaughtUp: summary.unreadParts == 0 && stale.map { $0 <= staleMilliseconds } ?? false
        )
    }

    /// Calls `completion` once, on any thread: with true as soon as the index knows of a change, with false when it does
    /// not by the deadline, which is of the clock of `NIODeadline`.
    public func whenApplied(
        _ token: ChangeToken,
        by deadline: Deadline,
        completion: @escaping @Sendable (Bool) -> Void
    ) {
        let deadline = NIODeadline.uptimeNanoseconds(deadline.uptimeNanoseconds)
        applied.await(token, by: deadline, on: client.eventLoop, completion)
    }

    /// Reads and follows until the task is canceled, through outages of Redis.
    public func run() async {
        var progress = FeedProgress()
        let complaints = Complaints(logger)
        while !Task.isCancelled {
            do throws(CommandFailure) {
                try await step(&progress)
            } catch {
                if case .refused(let code) = error {
                    complaints.log("Redis refuses to be read from", ["code": "\(code)"])
                }
                // It may be another Redis that answers next, or one that lost its memory.
                progress.mustCheckAll = true
                try? await Task.sleep(for: .milliseconds(100))
            }
        }
    }

    private func step(_ progress: inout FeedProgress) async throws(CommandFailure) {
        if progress.mustCheckAll || NIODeadline.now() >= progress.nextCheck { try await check(&progress) }
        let unread = progress.follower.unread
        if !unread.isEmpty {
            try await readSome(of: unread, &progress)
            applied.update(progress.follower)
        }
        try await follow(&progress, waits: progress.follower.unread.isEmpty)
    }

    /// Applies what the logs of the buckets say that were read; waits a while for something to happen.
    private func follow(_ progress: inout FeedProgress, waits: Bool) async throws(CommandFailure) {
        let followed = progress.follower.followed
        guard !followed.isEmpty else { return }
        let news =
            client.isCluster
            ? try await readEachLog(followed, &progress) : try await readLogs(followed, waits: waits)
        var next = progress.follower
        var changes = IndexChanges()
        for (bucket, records) in news.records { next.advance(bucket, over: records, &changes) }
        try await apply(changes, &progress)
        if next.unread.count > progress.follower.unread.count {
            logger.info("changes of entries were missed, reading them again")
        }
        progress.follower = next
        let isAll = news.records.allSatisfy { $0.records.count < Self.recordsPerBucket }
        applied.update(
            next,
            provenAt: isAll && next.unread.isEmpty ? news.provenAt : nil,
            delayMilliseconds: changes.oldest.flatMap { progress.delay(since: $0) }
        )
        guard isAll, client.isCluster || waits && !news.records.isEmpty else { return }
        try? await Task.sleep(for: pause)
    }

    private func apply(_ changes: IndexChanges, _ progress: inout FeedProgress) async throws(CommandFailure) {
        for (namespace, buckets) in changes.flushed {
            index.removeAll(in: namespace) { buckets.contains(Bucket(of: $0).index) }
        }
        for (namespace, entries) in changes.removed {
            for entry in entries { index.remove(entry, in: namespace) }
        }
        if !changes.stored.isEmpty {
            let requests = changes.stored.map { (part: $0.key, entries: Array($0.value)) }
            let elements = try await reader.elements(of: requests, from: client)
            let found = Set(elements.map(\.entry))
            for (part, entries) in requests {
                progress.namespaces.insert(part.namespace)
                for gone in entries where !found.contains(gone) { index.remove(gone, in: part.namespace) }
            }
            for element in elements { index.insert(element) }
        }
        await index.settle()
    }
}

/// What a feed knows of Redis while it runs.
struct FeedProgress: Sendable {
    var follower = LogFollower()
    /// The namespaces of which elements may have been inserted.
    var namespaces: Set<Namespace> = []
    /// Buckets of which elements may have been inserted.
    var everRead: Set<Int> = []
    /// Whether the logs may be others than those that were followed.
    var mustCheckAll = true
    var nextCheck = NIODeadline.uptimeNanoseconds(0)
    /// The bucket with which the next check begins.
    var checkedBucket = 0
    /// Buckets whose server did not answer: it may be another one that does next.
    var doubted: Set<Int> = []
    /// Redis' clock in ms, at an uptime in nanoseconds.
    var clock: (milliseconds: Double, uptime: UInt64)?

    /// How long ago, in ms, it was `milliseconds` by Redis' clock.
    func delay(since milliseconds: UInt64) -> Double? {
        clock.map { clock in
            let elapsed = Double(NIODeadline.now().uptimeNanoseconds &- clock.uptime) / 1e6
            return max(0, clock.milliseconds + elapsed - Double(milliseconds))
        }
    }
}
