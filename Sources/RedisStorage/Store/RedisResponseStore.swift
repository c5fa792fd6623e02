import Logging
import NIOCore
import Redis
import SemanticCache

/// The exact tier in Redis: one command for a hit, two for a miss or a hit through an alias, one for a store.
///
/// Belongs to the event loop of its connection, from which every method is called. Deadlines are of the clock of
/// `NIODeadline`.
public final class RedisResponseStore: ResponseStore {
    let connection: LoopRedisClient
    let configuration: StorageConfiguration
    let keys: KeySpace
    let waiters: WaiterTable
    let codec: EntryCodec
    private let lookupKeys: LookupKeys
    private let complaints: Complaints
    private var near: NearCache
    private let hits: HitWriter

    /// Creates a store on a connection that somebody else starts and closes.
    ///
    /// `waiters` are those of this process, shared by its stores and its ``WakeReader``.
    public init(
        connection: LoopRedisClient,
        waiters: WaiterTable,
        configuration: StorageConfiguration,
        logger: Logger
    ) {
        self.connection = connection
        self.waiters = waiters
        self.configuration = configuration
        keys = KeySpace(prefix: configuration.keyPrefix)
        lookupKeys = LookupKeys(keys)
        hits = HitWriter(connection: connection, keys: keys)
        codec = EntryCodec(maximumBodyBytes: configuration.maximumBodyBytes)
        near = NearCache(maximumBytes: configuration.nearCacheBytes)
        complaints = Complaints(logger)
    }

    /// Entries whose decoded form is held.
    public var nearCacheEntries: Int { near.count }

    /// Bytes that they take, and how often the decoded form of an entry was at hand and was not.
    public var nearCacheUse: (bytes: Int, hits: Int, misses: Int) { (near.bytes, near.hits, near.misses) }

    /// Reads an entry and its validity with one MGET; behind an alias another one.
    public func fetch(_ key: EntryKey, deadline: Deadline, completion: @escaping (FetchOutcome) -> Void) {
        answer(by: deadline, late: .unavailable(.deadline), completion) { limit, completion in
            // The validity is read after the entry: a flush in between shows.
            lookupKeys.withKeys(of: key) { entry, validity in
                connection.mget(entry, validity, deadline: limit) { [self] result in
                    if let alias = alias(result) { return follow(alias, from: key, limit, completion) }
                    completion(fetched(key, result))
                }
            }
        }
    }

    private func fetched(_ key: EntryKey, _ result: Result<RedisValue, RedisError>) -> FetchOutcome {
        switch result.reply {
        case .failure(let failure):
            complain(failure)
            return .unavailable(failure.bypassReason)
        case .success(.array(let parts)) where parts.count == 2:
            guard case .bulk(let value) = parts[0], case .bulk(let validity) = parts[1] else { return .absent }
            return validEntry(key, value, validity).map { .found($0) } ?? .absent
        case .success:
            complain(.malformed)
            return .unavailable(.redisUnavailable)
        }
    }

    /// The alias that stands where an entry was asked for; nil when that is none.
    private func alias(_ result: Result<RedisValue, RedisError>) -> Alias? {
        guard case .success(.array(let parts)) = result, case .bulk(let value)? = parts.first,
            value.count == AliasValue.count
        else { return nil }
        return AliasValue.alias(value)
    }

    /// The entry of a value if the validity that came with it is that of its epoch.
    func validEntry(_ key: EntryKey, _ value: [UInt8], _ validity: [UInt8]) -> Entry? {
        var reader = ByteReader(validity)
        // The entry has expired, and its wording is another one's now.
        if AliasValue.alias(value) != nil { return nil }
        guard validity.count == 16, let epoch = reader.word(), let stamp = EntryStamp(value) else {
            complaints.log("a value in Redis is not an entry", ["entry": "\(key.fingerprint)"])
            return nil
        }
        return stamp.epoch == epoch ? decode(key, value) : nil
    }

    /// The entry of a value that Redis has just called valid; nil, and a complaint, when it is damaged.
    func decode(_ key: EntryKey, _ value: [UInt8]) -> Entry? {
        guard let stamp = EntryStamp(value) else { return nil }
        if let entry = near.entry(key.fingerprint, stamp) { return entry }
        guard let entry = codec.entry(key.fingerprint, from: value) else {
            complaints.log("a value in Redis is not an entry", ["entry": "\(key.fingerprint)"])
            return nil
        }
        near.insert(entry, stamp)
        return entry
    }

    /// Logs a failure that is not just Redis being away or slow, which its connection logs.
    func complain(_ failure: CommandFailure) {
        switch failure {
        case .unavailable, .late: break
        case .full: complaints.log("Redis is at its memory limit", [:])
        case .refused(let code): complaints.log("Redis refuses a command", ["code": "\(code)"])
        case .malformed: complaints.log("Redis replied something unexpected", [:])
        }
    }

    /// Calls `send` with the deadline for its command, and answers `late` if the caller's own comes first.
    ///
    /// The command is then still awaited, since giving up a reply costs the connection.
    func answer<Outcome>(
        by deadline: Deadline,
        late: Outcome,
        _ completion: @escaping (Outcome) -> Void,
        send: (NIODeadline, @escaping (Outcome) -> Void) -> Void
    ) {
        let now = NIODeadline.now()
        let limit = now + .milliseconds(Int64(configuration.commandMilliseconds))
        let deadline = NIODeadline.uptimeNanoseconds(deadline.uptimeNanoseconds)
        if deadline >= limit { return send(limit, completion) }
        if deadline <= now { return completion(late) }
        let first = FirstAnswer(completion)
        let timer = connection.eventLoop.assumeIsolated().scheduleTask(deadline: deadline) { first.give(late) }
        send(limit) { outcome in
            timer.cancel()
            first.give(outcome)
        }
    }
}

extension RedisResponseStore {
    /// Counts a hit, which is added to the entry in Redis within about a second.
    public func countHit(of entry: Entry) { hits.count(entry.id, version: entry.version) }

    /// Begins to write the hits of entries once a second.
    public func start() { hits.start() }

    /// Writes the last hits; completes when Redis has them or cannot take them.
    public func finish() -> EventLoopFuture<Void> { hits.finish() }
}
