import Logging
import NIOCore
public import Redis
public import SemanticCache

/// Entries and flushes in Redis, for administrators.
public struct RedisAdministration: EntryAdministration {
    /// How long one command may take; a selective flush or a listing is many.
    static let patience = TimeAmount.seconds(3)

    let client: RedisClient
    let configuration: StorageConfiguration
    let keys: KeySpace

    /// Creates an administration on a client that somebody else runs.
    public init(client: RedisClient, configuration: StorageConfiguration) {
        self.client = client
        self.configuration = configuration
        keys = KeySpace(prefix: configuration.keyPrefix)
    }

    /// The entry with its request, or nil.
    public func entry(_ key: EntryKey) async throws(AdministrationError) -> EntryRecord? {
        let bucket = Bucket(of: key.fingerprint)
        let command = RedisCommand("MGET", keys.entry(key.fingerprint), keys.validity(bucket, key.namespace))
        let parts = try await client.reply(to: command).elements ?? []
        guard parts.count == 2, let value = parts[0].bytes, let validity = parts[1].bytes, validity.count == 16,
            let record = EntryCodec(maximumBodyBytes: configuration.maximumBodyBytes).record(key, from: value),
            EntryStamp(value)?.epoch == ByteReader.word(validity)
        else { return nil }
        return record
    }

    /// Removes an entry at once, everywhere, replicas of Redis included; tells whether there was one.
    public func remove(_ key: EntryKey) async throws(AdministrationError) -> Bool {
        let bucket = Bucket(of: key.fingerprint)
        // Also when it was gone before: whoever removed it may not have been told so.
        let removed = try await confirmed(in: [bucket]) { () throws(AdministrationError) in
            let reply = try await client.reply(
                to: RemoveScript.script,
                keys: [
                    keys.validity(bucket, key.namespace), keys.entry(key.fingerprint), keys.lease(key.fingerprint),
                    keys.waiting(key.fingerprint), keys.members(bucket, key.namespace), keys.mark(key.fingerprint),
                    keys.wakes(bucket), keys.changes(bucket),
                ],
                arguments: [
                    key.fingerprint.bytes, Array(decimal: configuration.ticketMilliseconds),
                    Array(key.namespace.name.utf8),
                ]
            )
            return Int(reply.integer ?? 0)
        }
        return removed == 1
    }

    /// Flushes at once, everywhere, replicas of Redis included; counts the live entries that it covered.
    public func flush(_ selector: FlushSelector, isDryRun: Bool) async throws(AdministrationError) -> Int {
        if isDryRun { return try await flushPrimaries(selector, isDryRun: true) }
        return try await confirmed(in: Bucket.all) { () throws(AdministrationError) in
            try await flushPrimaries(selector, isDryRun: false)
        }
    }

    private func flushPrimaries(
        _ selector: FlushSelector,
        isDryRun: Bool
    ) async throws(AdministrationError) -> Int {
        switch selector {
        case .namespace(let namespace, nil, let tags) where tags.isEmpty:
            return try await sumOverBuckets { bucket throws(AdministrationError) in
                try await flush(namespace, in: bucket, isDryRun: isDryRun)
            }
        case .namespace(let namespace, let model, let tags):
            return try await flush(EntryFilter(model: model, tags: tags), of: namespace, isDryRun: isDryRun)
        case .all:
            return try await sumOverBuckets { bucket throws(AdministrationError) in
                var count = 0
                for namespace in try await namespaces(in: bucket) {
                    count += try await flush(namespace, in: bucket, isDryRun: isDryRun)
                }
                return count
            }
        }
    }

    /// The live entries of a namespace, or of all.
    func count(_ namespace: Namespace?) async throws(AdministrationError) -> Int {
        try await flush(namespace.map { .namespace($0, model: nil, tags: []) } ?? .all, isDryRun: true)
    }

    /// The namespaces that have entries in a bucket.
    func namespaces(in bucket: Bucket) async throws(AdministrationError) -> [Namespace] {
        let reply = try await client.reply(to: RedisCommand("SMEMBERS", keys.namespaces(bucket)))
        return (reply.elements ?? []).compactMap { $0.text.flatMap { Namespace($0) } }
    }

    /// What `count` returns for each bucket, added up; the buckets are asked at the same time.
    private func sumOverBuckets(
        _ count: @escaping @Sendable (Bucket) async throws(AdministrationError) -> Int
    ) async throws(AdministrationError) -> Int {
        let results = await withTaskGroup(of: Result<Int, AdministrationError>.self) { group in
            for bucket in Bucket.all {
                group.addTask {
                    do throws(AdministrationError) {
                        return .success(try await count(bucket))
                    } catch {
                        return .failure(error)
                    }
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        var sum = 0
        for result in results { sum += try result.get() }
        return sum
    }

    private func flush(
        _ namespace: Namespace,
        in bucket: Bucket,
        isDryRun: Bool
    ) async throws(AdministrationError)
        -> Int
    {
        let validity = keys.validity(bucket, namespace)
        let members = keys.members(bucket, namespace)
        let reply =
            isDryRun
            ? try await client.reply(to: FlushScripts.count, keys: [validity, members], arguments: [])
            : try await client.reply(
                to: FlushScripts.namespace,
                keys: [
                    validity, members, keys.trash(bucket), keys.flushes(bucket, namespace), keys.changes(bucket),
                ],
                arguments: [Array(namespace.name.utf8), keys.flushedPrefix(bucket)]
            )
        return Int(reply.integer ?? 0)
    }
}

extension ByteReader {
    /// The big-endian integer that bytes begin with; 0 when there are fewer than eight.
    static func word(_ bytes: [UInt8]) -> UInt64 {
        var reader = ByteReader(bytes)
        return reader.word() ?? 0
    }
}

extension RedisClient {
    /// The reply to a command of an administrator.
    func reply(to command: RedisCommand) async throws(AdministrationError) -> RedisValue {
        let result: Result<RedisValue, RedisError>
        do throws(RedisError) {
            result = .success(try await send(command, deadline: .now() + RedisAdministration.patience))
        } catch {
            result = .failure(error)
        }
        return try result.administrationReply()
    }

    /// The reply to a script of an administrator.
    func reply(
        to script: RedisScript,
        keys: [[UInt8]],
        arguments: [[UInt8]]
    ) async throws(AdministrationError)
        -> RedisValue
    {
        let result: Result<RedisValue, RedisError>
        do throws(RedisError) {
            let deadline = NIODeadline.now() + RedisAdministration.patience
            result = .success(try await eval(script, keys: keys, arguments: arguments, deadline: deadline))
        } catch {
            result = .failure(error)
        }
        return try result.administrationReply()
    }

    /// The replies to commands of an administrator, of which many are sent together.
    func replies(to commands: [RedisCommand]) async throws(AdministrationError) -> [RedisValue] {
        var replies: [RedisValue] = []
        replies.reserveCapacity(commands.count)
        for start in stride(from: 0, to: commands.count, by: 1000) {
            let some = Array(commands[start..<min(start + 1000, commands.count)])
            for result in await pipeline(some, deadline: .now() + RedisAdministration.patience) {
                replies.append(try result.administrationReply())
            }
        }
        return replies
    }
}

extension Result where Success == RedisValue, Failure == RedisError {
    fileprivate func administrationReply() throws(AdministrationError) -> RedisValue {
        switch reply {
        case .success(let value): return value
        case .failure(let failure): throw failure.administrationError
        }
    }
}
