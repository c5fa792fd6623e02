import NIOCore
import Redis
import SemanticCache

/// Reads entries as an index holds them, without their bodies.
///
/// By plain commands, which cost Redis a tenth of a script for a few entries; so an entry may be read in another moment
/// than its validity, which does no harm to an index.
struct HeadReader: Sendable {
    /// Entries that are read at once.
    static let entriesPerCall = 500
    /// How long a call may take.
    static let patience = TimeAmount.seconds(5)
    /// How long one of several servers may take when all are asked for news: the others wait for it.
    static let pollPatience = TimeAmount.milliseconds(500)
    /// Bytes that are read at first: enough for nearly every entry.
    private static let likelyCount = 768

    /// Entries of one part of a namespace.
    typealias Request = (part: BucketNamespace, entries: [Fingerprint])

    let keys: KeySpace
    /// Of the model whose vectors are wanted.
    let modelDigest: UInt64

    /// The valid entries among these that have a vector of the model.
    func elements(
        of entries: [Fingerprint],
        in part: BucketNamespace,
        from client: RedisClient
    ) async throws(CommandFailure) -> [IndexElement] {
        try await elements(of: [(part, entries)], from: client)
    }

    /// The valid entries among these that have a vector of the model, in no order.
    func elements(of requests: [Request], from client: RedisClient) async throws(CommandFailure) -> [IndexElement] {
        var elements: [IndexElement] = []
        for some in chunks(of: requests) {
            let result = await withCheckedContinuation { continuation in
                read(some, from: client) { continuation.resume(returning: $0) }
            }
            elements += try result.get()
        }
        return elements
    }

    /// Reads what ``elements(of:from:)`` does, at once however many they are; completes on the client's loop.
    func read(
        _ requests: [Request],
        from client: RedisClient,
        completion: @escaping @Sendable (Result<[IndexElement], CommandFailure>) -> Void
    ) {
        let commands = requests.flatMap { part, entries in
            [RedisCommand("GET", keys.validity(part.bucket, part.namespace))]
                + entries.map { head($0, Self.likelyCount) }
        }
        client.pipeline(commands, deadline: .now() + Self.patience) { [self] results in
            do throws(CommandFailure) {
                let heads = try found(results, requests)
                let cut = heads.indices.filter { heads[$0].isCut }
                if cut.isEmpty { return completion(.success(heads.compactMap { element($0) })) }
                let rest = cut.map { head(heads[$0].entry, heads[$0].count) }
                client.pipeline(rest, deadline: .now() + Self.patience) { [self, heads] results in
                    var heads = heads
                    do throws(CommandFailure) {
                        for (place, result) in zip(cut, results) {
                            heads[place].bytes = try result.reply.get().bytes ?? []
                        }
                        completion(.success(heads.compactMap { element($0) }))
                    } catch {
                        completion(.failure(error))
                    }
                }
            } catch {
                completion(.failure(error))
            }
        }
    }

    /// The beginning of an entry's value.
    private struct Head: Sendable {
        var entry: Fingerprint
        var namespace: Namespace
        /// The epoch of the valid entries.
        var epoch: UInt64
        var bytes: [UInt8]

        /// Bytes of the value up to the end of its semantic part.
        var count: Int {
            var reader = ByteReader(bytes, at: EntryStamp.count)
            return EntryStamp.count + 4 + Int(clamping: reader.word(4) ?? 0)
        }

        /// Whether the semantic part is longer than what was read of it.
        var isCut: Bool {
            bytes.count >= EntryStamp.count + 4 && bytes[1] == EntryStamp.indexedFormat && bytes.count < count
        }
    }

    private func head(_ entry: Fingerprint, _ count: Int) -> RedisCommand {
        RedisCommand("GETRANGE", keys.entry(entry), Array("0".utf8), Array(decimal: count - 1))
    }

    private func found(
        _ results: [Result<RedisValue, RedisError>],
        _ requests: [Request]
    ) throws(CommandFailure) -> [Head] {
        var heads: [Head] = []
        var rest = results[...]
        for (part, entries) in requests {
            let validity = try rest.popFirst()?.reply.get().bytes ?? []
            for entry in entries {
                let bytes = try rest.popFirst()?.reply.get().bytes ?? []
                if validity.count == 16, !bytes.isEmpty {
                    let epoch = ByteReader.word(validity)
                    heads.append(Head(entry: entry, namespace: part.namespace, epoch: epoch, bytes: bytes))
                }
            }
        }
        return heads
    }

    private func element(_ head: Head) -> IndexElement? {
        guard let semantic = SemanticHead(head.bytes), semantic.stamp.epoch == head.epoch,
            semantic.modelDigest == modelDigest
        else { return nil }
        return semantic.element(head.entry, in: head.namespace)
    }

    /// The same requests in groups of a few hundred entries.
    private func chunks(of requests: [Request]) -> [[Request]] {
        var chunks: [[Request]] = []
        var room = 0
        for (part, entries) in requests {
            var rest = entries[...]
            while !rest.isEmpty {
                if room == 0 {
                    chunks.append([])
                    room = Self.entriesPerCall
                }
                let some = rest.prefix(room)
                rest = rest.dropFirst(some.count)
                room -= some.count
                chunks[chunks.count - 1].append((part, Array(some)))
            }
        }
        return chunks
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
