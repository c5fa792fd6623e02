public import Logging
import NIOConcurrencyHelpers
import NIOCore
public import Redis
public import SemanticCache

/// Keeps an index that all replicas share in agreement with the entries; one per process, of which one works at a time.
///
/// A replica that stores adds the element itself. The one that holds the lock carries over what else happens: what a
/// replica did not live to add, removals and flushes; and it looks after what is there. The others see how far it is.
public final class SharedIndexKeeper: IndexAgreement {
    private let index: RedisVectorIndex
    private let modelID: String
    private let configuration: StorageConfiguration
    private let token = Array(FillToken.random())
    private let makeClient: @Sendable () -> RedisClient
    private let seen = NIOLockedValueBox<Sighting?>(nil)
    private let logger: Logger

    /// What was read of the status, and when.
    private struct Sighting {
        var status: IndexStatus?
        /// How old the status was then.
        var ageMilliseconds: Int64
        var at: NIODeadline
    }

    /// Creates a keeper of an index that somebody else runs; `makeClient` makes a client for what blocks.
    public init(
        index: RedisVectorIndex,
        modelID: String,
        configuration: StorageConfiguration,
        logger: Logger,
        makeClient: @escaping @Sendable () -> RedisClient
    ) {
        self.index = index
        self.modelID = modelID
        self.configuration = configuration
        self.logger = logger
        self.makeClient = makeClient
    }

    /// How well the shared index agrees with the entries, as far as this replica knows.
    public var state: IndexFeedState {
        guard let sighting = seen.withLockedValue({ $0 }), let status = sighting.status else {
            return IndexFeedState(elements: 0, unreadParts: Bucket.all.count, isCaughtUp: false)
        }
        let age = sighting.ageMilliseconds + (NIODeadline.now() - sighting.at).nanoseconds / 1_000_000
        let stale = Int(age) + status.staleMilliseconds
        return IndexFeedState(
            elements: status.elements,
            unreadParts: status.isComplete ? 0 : status.unreadParts,
            staleMilliseconds: stale,
            // Nobody may be there to carry changes over for as long as the lock of a dead one lasts.
            isCaughtUp: status.isComplete && age <= Int64(2 * index.settings.lockMilliseconds)
        )
    }

    /// Completes at once: who stored an entry has waited until it was in the index.
    public func whenApplied(
        _ token: ChangeToken,
        by deadline: Deadline,
        completion: @escaping @Sendable (Bool) -> Void
    ) { completion(true) }

    /// Works until the task is canceled, through outages of Redis.
    public func run() async {
        while !Task.isCancelled {
            do throws(CommandFailure) {
                if try await holdsLock() {
                    logger.info("this replica keeps the semantic index in Redis")
                    await work()
                    if !Task.isCancelled { logger.info("this replica no longer keeps the semantic index in Redis") }
                } else {
                    try await look()
                }
            } catch {
                // Redis is away: what was seen last grows old.
            }
            try? await Task.sleep(for: index.settings.interval)
        }
    }

    private func holdsLock() async throws(CommandFailure) -> Bool {
        try await index.client.checkedReply(
            to: ReclaimScripts.lock,
            keys: [index.keys.indexer(index.reader.modelDigest)],
            arguments: [token, Array(decimal: index.settings.lockMilliseconds)]
        ).integer == 1
    }

    /// Carries changes over for as long as the lock is held.
    private func work() async {
        let client = makeClient()
        let feed = IndexFeed(
            client: client,
            index: index.forFeed,
            modelID: modelID,
            configuration: configuration,
            logger: logger
        )
        await withTaskGroup(of: Void.self) { tasks in
            tasks.addTask { await client.run() }
            tasks.addTask { await feed.run() }
            tasks.addTask { [index] in await IndexTender(index: index).run() }
            tasks.addTask { await self.hold(feed) }
            await tasks.next()
            tasks.cancelAll()
        }
    }

    /// Keeps the lock and tells the others how far the feed is; returns when the lock is lost.
    private func hold(_ feed: IndexFeed) async {
        var heldAt = NIODeadline.now()
        while !Task.isCancelled {
            do throws(CommandFailure) {
                let askedAt = NIODeadline.now()
                guard try await holdsLock() else { return }
                heldAt = askedAt
                try await publish(feed.state)
            } catch {
                if NIODeadline.now() - heldAt > .milliseconds(Int64(index.settings.lockMilliseconds)) { return }
            }
            try? await Task.sleep(for: index.settings.interval)
        }
    }

    private func publish(_ state: IndexFeedState) async throws(CommandFailure) {
        let (before, now) = try await read()
        let status = IndexStatus(
            at: now,
            staleMilliseconds: state.staleMilliseconds ?? 0,
            unreadParts: state.unreadParts,
            elements: index.usage.elements,
            isComplete: before?.isComplete ?? false || state.unreadParts == 0
        )
        let key = index.keys.indexStatus(index.reader.modelDigest)
        _ = try await index.client.checkedReply(
            to: RedisCommand("SET", key, Array(status.description.utf8)),
            patience: HeadReader.patience
        )
        note(status, now)
    }

    private func look() async throws(CommandFailure) {
        let (status, now) = try await read()
        if let status { index.note(elements: status.elements) }
        note(status, now)
    }

    private func note(_ status: IndexStatus?, _ now: Int64) {
        seen.withLockedValue {
            $0 = Sighting(status: status, ageMilliseconds: max(0, now - (status?.at ?? now)), at: .now())
        }
    }

    /// The status, and Redis' clock in ms.
    private func read() async throws(CommandFailure) -> (IndexStatus?, Int64) {
        let replies = try await index.client.checkedReplies(
            to: [RedisCommand("GET", index.keys.indexStatus(index.reader.modelDigest)), RedisCommand("TIME")]
        )
        guard let time = replies[1].elements, time.count == 2, let seconds = time[0].integer,
            let micro = time[1].integer
        else { throw .malformed }
        return (replies[0].text.flatMap { IndexStatus($0) }, seconds * 1000 + micro / 1000)
    }
}

/// How far whoever keeps a shared index is, as it is kept: numbers with spaces between them.
struct IndexStatus: Sendable, Hashable, CustomStringConvertible {
    /// When that was, in ms of Redis' clock.
    var at: Int64
    var staleMilliseconds: Int
    var unreadParts: Int
    var elements: Int
    /// Whether all entries were once carried over.
    var isComplete: Bool

    init(at: Int64, staleMilliseconds: Int, unreadParts: Int, elements: Int, isComplete: Bool) {
        self.at = at
        self.staleMilliseconds = staleMilliseconds
        self.unreadParts = unreadParts
        self.elements = elements
        self.isComplete = isComplete
    }

    /// Reads a status; nil when it is none.
    init?(_ text: String) {
        let numbers = text.split(separator: " ").map { Int64($0) }
        guard numbers.count == 5, let at = numbers[0], let stale = numbers[1], let unread = numbers[2],
            let elements = numbers[3], let isComplete = numbers[4]
        else { return nil }
        self.init(
            at: at,
            staleMilliseconds: Int(clamping: stale),
            unreadParts: Int(clamping: unread),
            elements: Int(clamping: elements),
            isComplete: isComplete == 1
        )
    }

    var description: String { "\(at) \(staleMilliseconds) \(unreadParts) \(elements) \(isComplete ? 1 : 0)" }
}
