import NIOCore
import Redis
import SemanticCache

/// Reads entries as an index holds them, without their bodies.
struct HeadReader: Sendable {
    /// Entries that one call to Redis reads: it takes a fraction of a millisecond.
    static let entriesPerCall = 200
    /// How long a call may take.
    static let patience = TimeAmount.seconds(5)
    /// How long one of several servers may take when all are asked for news: the others wait for it.
    static let pollPatience = TimeAmount.milliseconds(500)

    let keys: KeySpace
    /// Of the model whose vectors are wanted.
    let modelDigest: UInt64

    /// The keys of a ``HeadsScript`` for these entries of one bucket.
    func scriptKeys(_ entries: some Sequence<Fingerprint>, _ part: BucketNamespace) -> [[UInt8]] {
        [keys.validity(part.bucket, part.namespace)] + entries.map(keys.entry)
    }

    /// The valid entries of the script's reply that have a vector of the model.
    func elements(_ reply: RedisValue, of entries: [Fingerprint], in namespace: Namespace) -> [IndexElement]? {
        guard let parts = reply.elements, let epoch = parts.first?.bytes else { return nil }
        if epoch.isEmpty { return [] }
        guard parts.count == entries.count + 1 else { return nil }
        return zip(entries, parts.dropFirst()).compactMap { entry, part in
            guard case .bulk(let value) = part, let head = SemanticHead(value),
                head.stamp.epoch == ByteReader.word(epoch), head.modelDigest == modelDigest
            else { return nil }
            return head.element(entry, in: namespace)
        }
    }

    /// The valid entries of one bucket among these that have a vector of the model.
    func elements(
        of entries: [Fingerprint],
        in part: BucketNamespace,
        from client: RedisClient
    ) async throws(CommandFailure) -> [IndexElement] {
        var elements: [IndexElement] = []
        elements.reserveCapacity(entries.count)
        for start in stride(from: 0, to: entries.count, by: Self.entriesPerCall) {
            let some = Array(entries[start..<min(start + Self.entriesPerCall, entries.count)])
            let reply = try await client.checkedReply(to: HeadsScript.script, keys: scriptKeys(some, part))
            guard let read = self.elements(reply, of: some, in: part.namespace) else { throw .malformed }
            elements += read
        }
        return elements
    }
}

extension RedisClient {
    /// The reply to a command of a reader of the change log.
    func checkedReply(to command: RedisCommand, patience: TimeAmount) async throws(CommandFailure) -> RedisValue {
        let result: Result<RedisValue, RedisError>
        do throws(RedisError) {
            result = .success(try await send(command, deadline: .now() + patience))
        } catch {
            result = .failure(error)
        }
        return try result.reply.get()
    }

    /// The reply to a script of a reader of the change log.
    func checkedReply(
        to script: RedisScript,
        keys: [[UInt8]],
        arguments: [[UInt8]] = []
    ) async throws(CommandFailure) -> RedisValue {
        let result: Result<RedisValue, RedisError>
        do throws(RedisError) {
            let deadline = NIODeadline.now() + HeadReader.patience
            result = .success(try await eval(script, keys: keys, arguments: arguments, deadline: deadline))
        } catch {
            result = .failure(error)
        }
        return try result.reply.get()
    }

    /// The replies to commands of a reader of the change log, which are sent together.
    func checkedReplies(to commands: [RedisCommand]) async throws(CommandFailure) -> [RedisValue] {
        var replies: [RedisValue] = []
        for result in await pipeline(commands, deadline: .now() + HeadReader.patience) {
            replies.append(try result.reply.get())
        }
        return replies
    }

    /// The same where in a cluster some servers may be away, which are not waited for long; throws when none answers.
    func somewhereCheckedReplies(
        to commands: [RedisCommand]
    ) async throws(CommandFailure) -> [Result<RedisValue, CommandFailure>] {
        let patience = isCluster ? HeadReader.pollPatience : HeadReader.patience
        let results = await pipeline(commands, deadline: .now() + patience).map(\.reply)
        var failure: CommandFailure?
        var answered = false
        for result in results {
            switch result {
            case .success: answered = true
            case .failure(let one): failure = one
            }
        }
        if let failure, !answered || !isCluster { throw failure }
        return results
    }
}
