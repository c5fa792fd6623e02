import Logging
public import Redis
import SemanticCache

/// Frees, in small steps, what flushes have made invalid and what expiry and eviction have left in the indexes.
///
/// One replica does it at a time. No call to Redis handles more than a hundred entries or so, and there is a pause
/// after each, so that lookups never wait for it.
public struct Reclaimer: Sendable {
    private static let entriesPerCall = 100
    private static let expiredPerCall = 500
    private static let sampledPerCall = 50
    /// Most samples of one set in one round, as long as a quarter of each was gone.
    private static let samplesPerRound = 100
    private static let lockMilliseconds = 10_000
    /// How many buckets are tidied in one round: all of them in eight seconds.
    private static let tidiedPerRound = 8

    private let client: RedisClient
    private let administration: RedisAdministration
    private let keys: KeySpace
    private let configuration: StorageConfiguration
    private let token: [UInt8]
    private let logger: Logger

    /// Creates a reclaimer; ``run()`` makes it work.
    public init(client: RedisClient, configuration: StorageConfiguration, logger: Logger) {
        self.client = client
        self.configuration = configuration
        self.logger = logger
        administration = RedisAdministration(client: client, configuration: configuration)
        keys = KeySpace(prefix: configuration.keyPrefix)
        token = Array(FillToken.random())
    }

    /// Works until the task is canceled, through outages of Redis.
    public func run() async {
        var next = 0
        while !Task.isCancelled {
            do throws(AdministrationError) {
                if try await holdsLock() {
                    try await work(tidying: Bucket.all[next..<next + Self.tidiedPerRound])
                    next = (next + Self.tidiedPerRound) % Bucket.all.count
                }
            } catch {
                // Redis is away or full; the next round tries again.
            }
            try? await Task.sleep(for: .seconds(1))
        }
    }

    /// One round: frees what was flushed in any bucket, and tidies some buckets.
    func work(tidying buckets: ArraySlice<Bucket> = Bucket.all[...]) async throws(AdministrationError) {
        let trash = try await client.replies(
            to: Bucket.all.map { RedisCommand("LRANGE", keys.trash($0), Array("0".utf8), Array("-1".utf8)) }
        )
        for (bucket, discarded) in zip(Bucket.all, trash) {
            for set in (discarded.elements ?? []).compactMap(\.bytes) { try await free(set, in: bucket) }
        }
        for bucket in buckets {
            for namespace in try await administration.namespaces(in: bucket) { try await tidy(namespace, in: bucket) }
            try await unblock(in: bucket)
        }
    }

    /// Forgets the blocks of a bucket that are of no more use.
    private func unblock(in bucket: Bucket) async throws(AdministrationError) {
        let time = RedisCommand(words: ["TIME"], key: keys.blocks(bucket))
        let now = try await client.reply(to: time).elements?.first?.integer ?? 0
        var command = RedisCommand("ZRANGEBYSCORE", keys.blocks(bucket), Array("-inf".utf8))
        command.append(now * 1000)
        for word in ["LIMIT", "0", "\(Self.entriesPerCall)"] { command.append(word) }
        let pairs = (try await client.reply(to: command).elements ?? []).compactMap(\.bytes).filter { $0.count == 64 }
        if pairs.isEmpty { return }
        let blocked = pairs.compactMap { pair in
            Fingerprint(bytes: pair[..<32]).flatMap { entry in
                Fingerprint(bytes: pair[32...]).map { keys.blocked(entry, for: $0) }
            }
        }
        _ = try await client.reply(
            to: BlockScripts.unblock,
            keys: [keys.blocks(bucket)] + blocked,
            arguments: [Array(decimal: now * 1000)] + pairs
        )
    }

    private func holdsLock() async throws(AdministrationError) -> Bool {
        let reply = try await client.reply(
            to: ReclaimScripts.lock,
            keys: [keys.config("reclaimer")],
            arguments: [token, Array(decimal: Self.lockMilliseconds)]
        )
        return reply.integer == 1
    }

    /// Frees the entries of a discarded set that were not stored again since.
    private func free(_ discarded: [UInt8], in bucket: Bucket) async throws(AdministrationError) {
        let suffix = discarded.dropFirst(keys.flushedPrefix(bucket).count)
        guard let colon = suffix.firstIndex(of: UInt8(ascii: ":")),
            let namespace = Namespace(String(decoding: suffix[(colon + 1)...], as: UTF8.self))
        else { return }
        var freed: Int64 = 0
        while !Task.isCancelled, try await holdsLock() {
            let range = [Array("0".utf8), Array(decimal: Self.entriesPerCall - 1)]
            let reply = try await client.reply(to: RedisCommand("ZRANGE", discarded, range[0], range[1]))
            let members = (reply.elements ?? []).compactMap(\.bytes)
            let entries = members.compactMap { Fingerprint(bytes: $0).map(keys.entry) }
            let count = try await client.reply(
                to: ReclaimScripts.free,
                keys: [keys.trash(bucket), discarded, keys.validity(bucket, namespace)] + entries,
                arguments: members
            )
            freed += count.integer ?? 0
            if members.count < Self.entriesPerCall { break }
            try? await Task.sleep(for: .milliseconds(2))
        }
        logger.debug("reclaimed flushed entries", metadata: ["entries": "\(freed)"])
    }

    /// Forgets the expired entries of a namespace in a bucket, and some of those that Redis has evicted.
    private func tidy(_ namespace: Namespace, in bucket: Bucket) async throws(AdministrationError) {
        let members = keys.members(bucket, namespace)
        while !Task.isCancelled {
            let left = try await client.reply(
                to: ReclaimScripts.expire,
                keys: [keys.validity(bucket, namespace), members, keys.namespaces(bucket)],
                arguments: [
                    Array(decimal: Self.expiredPerCall), Array(namespace.name.utf8),
                    Array(decimal: configuration.proofMilliseconds),
                ]
            )
            if (left.integer ?? 0) <= 0 { break }
            try? await Task.sleep(for: .milliseconds(2))
        }
        for _ in 0..<Self.samplesPerRound where !Task.isCancelled {
            guard try await sweep(members) else { break }
            try? await Task.sleep(for: .milliseconds(2))
        }
    }

    /// Forgets those of a sample that are gone, as Redis samples what has expired; tells whether to go on.
    private func sweep(_ members: [UInt8]) async throws(AdministrationError) -> Bool {
        let sample = RedisCommand("ZRANDMEMBER", members, Array(decimal: Self.sampledPerCall))
        let fingerprints = (try await client.reply(to: sample).elements ?? []).compactMap(\.bytes)
        let entries = fingerprints.compactMap { Fingerprint(bytes: $0).map(keys.entry) }
        guard !entries.isEmpty, entries.count == fingerprints.count else { return false }
        let reply = try await client.reply(
            to: ReclaimScripts.sweep,
            keys: [members] + entries,
            arguments: fingerprints
        )
        return (reply.integer ?? 0) * 4 > fingerprints.count
    }
}
