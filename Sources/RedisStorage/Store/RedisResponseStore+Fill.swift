import NIOCore
import Redis
import SemanticCache

extension RedisResponseStore {
    /// Asks to fill with one script; while it waits, a further one each time that something may have changed.
    public func acquire(
        _ key: EntryKey,
        _ request: FillRequest,
        deadline: Deadline,
        completion: @escaping (AcquireOutcome) -> Void
    ) {
        PendingFill(self, key, request, deadline: deadline, completion: completion).begin()
    }

    /// Runs ``AcquireScript`` once.
    func ask(
        _ key: EntryKey,
        _ request: FillRequest,
        waits: Bool,
        deadline: NIODeadline,
        completion: @escaping (Result<AcquireReply, CommandFailure>) -> Void
    ) {
        let bucket = Bucket(of: key.fingerprint)
        let accepted: Int64 =
            switch request.accepts {
            case .nothing: -1
            case .anything: 0
            case .storedAfter(let time): max(0, time.milliseconds) * 1000
            }
        connection.eval(
            AcquireScript.script,
            keys: [
                keys.validity(bucket, key.namespace), keys.entry(key.fingerprint), keys.lease(key.fingerprint),
                keys.waiting(key.fingerprint), keys.members(bucket, key.namespace), keys.trash(bucket),
                keys.namespaces(bucket), keys.changes(bucket),
            ],
            arguments: [
                Array(request.token), Array(decimal: max(0, request.leaseMilliseconds ?? 0)),
                Array(decimal: configuration.proofMilliseconds), Array(decimal: accepted),
                Array((waits ? "1" : "0").utf8),
                Array(key.namespace.name.utf8), keys.flushedPrefix(bucket),
            ],
            deadline: deadline
        ) { [self] result in
            let reply = result.reply.flatMap { value in
                AcquireReply(value).map { .success($0) } ?? .failure(CommandFailure.malformed)
            }
            if case .failure(let failure) = reply { complain(failure) }
            completion(reply)
        }
    }

    /// Stores an answer with one script.
    public func commit(_ fill: Fill, deadline: Deadline, completion: @escaping (CommitOutcome) -> Void) {
        let key = fill.entry.key
        let bucket = Bucket(of: key.fingerprint)
        let version = UInt64.random(in: .min ... .max)
        let value = codec.encode(fill.entry, version: version)
        var arguments: [[UInt8]] = [
            value.head, value.tail, key.fingerprint.bytes, Array(key.namespace.name.utf8), keys.flushedPrefix(bucket),
            Array(decimal: max(1, fill.entry.timeToLive) * 1000), Array(decimal: configuration.ticketMilliseconds),
        ]
        if let claim = fill.claim {
            arguments += [
                Array("1".utf8), Array(claim.token), Array(decimal: claim.grant.issuedAt),
                Array(decimal: claim.grant.flushSequence), Array((claim.heldLease ? "1" : "0").utf8),
            ]
        } else {
            arguments += [Array("0".utf8), [], Array("0".utf8), Array("0".utf8), Array("0".utf8)]
        }
        arguments += [Array(fill.entry.model.utf8), Array(decimal: configuration.changeLogMilliseconds)]
        for tag in fill.entry.tags { arguments.append(Array(tag.utf8)) }

        let scriptKeys = [
            keys.validity(bucket, key.namespace), keys.entry(key.fingerprint), keys.lease(key.fingerprint),
            keys.waiting(key.fingerprint), keys.members(bucket, key.namespace), keys.trash(bucket),
            keys.namespaces(bucket), keys.mark(key.fingerprint), keys.flushes(bucket, key.namespace),
            keys.wakes(bucket), keys.changes(bucket),
        ]
        answer(by: deadline, late: .unavailable(.redisUnavailable), completion) { limit, completion in
            connection.eval(CommitScript.script, keys: scriptKeys, arguments: arguments, deadline: limit) {
                [self] result in
                completion(committed(result.reply, timeToLive: max(1, fill.entry.timeToLive), version, bucket))
            }
        }
    }

    private func committed(
        _ reply: Result<RedisValue, CommandFailure>,
        timeToLive: Int,
        _ version: UInt64,
        _ bucket: Bucket
    ) -> CommitOutcome {
        switch reply {
        case .success(.array(let parts)):
            guard parts.count == 3, parts[0].integer == CommitScript.stored, let expiresAt = parts[1].integer,
                let position = parts[2].text.flatMap({ LogPosition($0) })
            else { break }
            let change = ChangeToken(bucket: bucket.index, milliseconds: position.milliseconds, number: position.number)
            let receipt = CommitReceipt(
                version: version,
                expiresAt: Timestamp(milliseconds: expiresAt),
                change: change
            )
            return .stored(timeToLive: timeToLive, receipt: receipt)
        case .success(.integer(CommitScript.stored)): return .stored(timeToLive: timeToLive)
        case .success(.integer(CommitScript.leaseLost)): return .leaseLost
        case .success(.integer(CommitScript.flushed)): return .flushed
        case .success: break
        case .failure(let failure):
            complain(failure)
            return .unavailable(failure.storeFailure)
        }
        complain(.malformed)
        return .unavailable(.redisUnavailable)
    }

    /// Gives a lease up with one script.
    public func release(
        _ key: EntryKey,
        token: FillToken,
        deadline: Deadline,
        completion: @escaping (ReleaseOutcome) -> Void
    ) {
        let fingerprint = key.fingerprint
        answer(by: deadline, late: .unavailable(.redisUnavailable), completion) { limit, completion in
            connection.eval(
                ReleaseScript.script,
                keys: [keys.lease(fingerprint), keys.waiting(fingerprint), keys.wakes(Bucket(of: fingerprint))],
                arguments: [Array(token), fingerprint.bytes],
                deadline: limit
            ) { [self] result in
                switch result.reply {
                case .success: completion(.released)
                case .failure(let failure):
                    complain(failure)
                    completion(.unavailable(failure.storeFailure))
                }
            }
        }
    }
}
