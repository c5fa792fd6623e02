import NIOCore
import Redis
import SemanticCache

extension RedisResponseStore: CandidateStore {
    /// Reads an entry, its validity and whether it is blocked with one MGET.
    public func fetchCandidate(
        _ key: EntryKey,
        for asked: Fingerprint,
        deadline: Deadline,
        completion: @escaping (CandidateOutcome) -> Void
    ) {
        answer(by: deadline, late: .unavailable(.deadline), completion) { limit, completion in
            readCandidate(key, for: asked, limit, completion)
        }
    }

    /// Writes an alias with one script.
    public func writeAlias(
        from asked: Fingerprint,
        to source: Entry,
        _ judgment: Alias.Judgment,
        deadline: Deadline,
        completion: @escaping (AliasOutcome) -> Void
    ) {
        let alias = Alias(source: source.id, sourceVersion: source.version, judgment: judgment)
        answer(by: deadline, late: .unavailable(.redisUnavailable), completion) { limit, completion in
            connection.eval(
                AliasScript.script,
                keys: [keys.entry(asked)],
                arguments: [AliasValue.encode(alias), Array(decimal: source.expiresAt.milliseconds)],
                deadline: limit
            ) { [self] result in
                switch result.reply {
                case .success(let reply): completion(reply.integer == 1 ? .written : .declined)
                case .failure(let failure):
                    complain(failure)
                    completion(.unavailable(failure.storeFailure))
                }
            }
        }
    }

    /// Blocks a pair with one script.
    public func block(
        _ key: EntryKey,
        for asked: Fingerprint,
        seconds: Int,
        deadline: Deadline,
        completion: @escaping (BlockOutcome) -> Void
    ) {
        let bucket = Bucket(of: key.fingerprint)
        answer(by: deadline, late: .unavailable(.redisUnavailable), completion) { limit, completion in
            connection.eval(
                BlockScripts.block,
                keys: [keys.blocked(key.fingerprint, for: asked), keys.blocks(bucket)],
                arguments: [key.fingerprint.bytes + asked.bytes, Array(decimal: max(1, seconds) * 1000)],
                deadline: limit
            ) { [self] result in
                switch result.reply {
                case .success: completion(.blocked)
                case .failure(let failure):
                    complain(failure)
                    completion(.unavailable(failure.storeFailure))
                }
            }
        }
    }

    /// Answers with the source of an alias, if it still is the entry that the alias was written for.
    func follow(
        _ alias: Alias,
        from key: EntryKey,
        _ deadline: NIODeadline,
        _ completion: @escaping (FetchOutcome) -> Void
    ) {
        let source = EntryKey(namespace: key.namespace, fingerprint: alias.source)
        readCandidate(source, for: key.fingerprint, deadline) { outcome in
            switch outcome {
            case .found(let entry) where entry.version == alias.sourceVersion: completion(.aliased(entry, alias))
            case .found, .absent, .blocked: completion(.absent)
            case .unavailable(let reason): completion(.unavailable(reason))
            }
        }
    }

    private func readCandidate(
        _ key: EntryKey,
        for asked: Fingerprint,
        _ deadline: NIODeadline,
        _ completion: @escaping (CandidateOutcome) -> Void
    ) {
        // The validity is read after the entry: a flush in between shows.
        let read = [
            keys.entry(key.fingerprint), keys.validity(Bucket(of: key.fingerprint), key.namespace),
            keys.blocked(key.fingerprint, for: asked),
        ]
        connection.mget(read, deadline: deadline) { [self] result in
            switch result.reply {
            case .failure(let failure):
                complain(failure)
                completion(.unavailable(failure.bypassReason))
            case .success(.array(let parts)) where parts.count == 3:
                guard case .null = parts[2] else { return completion(.blocked) }
                guard case .bulk(let value) = parts[0], case .bulk(let validity) = parts[1] else {
                    return completion(.absent)
                }
                completion(validEntry(key, value, validity).map { .found($0) } ?? .absent)
            case .success:
                complain(.malformed)
                completion(.unavailable(.redisUnavailable))
            }
        }
    }
}
