import SemanticCache

extension ResponseStoreContract {
    /// Longer than any healthy store needs: a waiter that is not woken makes the check fail, or never end.
    private static let patience = 60_000

    static let waiting: [Promise] = [
        Promise("who waits on the other replica gets the entry as soon as it is stored") { replicas in
            let claim = try await ResponseStoreContract.claim(replicas)
            async let waiting = replicas.acquire(.second, key, FillAsk(waitMilliseconds: patience))
            try await replicas.waitForWaiters(1)
            _ = try await replicas.commit(.first, Fill(entry: .sample(key, response: "it"), claim: claim))
            let outcome = try await waiting
            try expectEqual(outcome.found?.entry.response, Array("it".utf8))
            try expectEqual(outcome.found?.isCoalesced, true)
        },
        Promise("all who wait get the entry, on both replicas") { replicas in
            let claim = try await ResponseStoreContract.claim(replicas)
            try await withThrowingTaskGroup(of: AcquireOutcome.self) { group in
                for number in 0..<10 {
                    let replica = number % 2 == 0 ? Replica.first : .second
                    group.addTask { try await replicas.acquire(replica, key, FillAsk(waitMilliseconds: patience)) }
                }
                try await replicas.waitForWaiters(10)
                _ = try await replicas.commit(.first, Fill(entry: .sample(key), claim: claim))
                for try await outcome in group { try expectEqual(outcome.found?.isCoalesced, true) }
            }
        },
        Promise("a released lease goes to exactly one of those who wait, and its entry to the others") { replicas in
            let claim = try await ResponseStoreContract.claim(replicas)
            try await withThrowingTaskGroup(of: (FillToken, AcquireOutcome).self) { group in
                for number in 0..<4 {
                    let replica = number % 2 == 0 ? Replica.first : .second
                    group.addTask {
                        let ask = FillAsk(waitMilliseconds: patience)
                        return (ask.token, try await replicas.acquire(replica, key, ask))
                    }
                }
                try await replicas.waitForWaiters(4)
                try expectEqual(try await replicas.release(.first, key, claim.token), .released)
                guard let (token, granted) = try await group.next(), let grant = granted.grant,
                    granted.grantedMilliseconds != nil
                else { throw ContractViolation("nobody got the lease") }
                let heir = FillClaim(token: token, grant: grant, heldLease: true)
                _ = try await replicas.commit(.second, Fill(entry: .sample(key), claim: heir))
                for try await (_, outcome) in group { try expectEqual(outcome.found?.isCoalesced, true) }
            }
        },
        Promise("a refused fill hands the lease over to who waits") { replicas in
            try await put(replicas, .sample(key))
            let claim = try await ResponseStoreContract.claim(replicas, accepts: .nothing)
            _ = try await replicas.flush(.namespace(.default, model: "gpt-4o", tags: []))
            async let waiting = replicas.acquire(.second, key, FillAsk(waitMilliseconds: patience))
            try await replicas.waitForWaiters(1)
            try expectEqual(try await replicas.commit(.first, Fill(entry: .sample(key), claim: claim)), .flushed)
            let outcome = try await waiting
            try expect(outcome.grantedMilliseconds != nil, "\(outcome)")
        },
        Promise("who waits takes an expired lease over") { replicas in
            _ = try await claim(replicas, leaseMilliseconds: 300)
            async let waiting = replicas.acquire(.second, key, FillAsk(waitMilliseconds: patience))
            try await replicas.elapse(milliseconds: 400, callersThatWait: 1)
            let outcome = try await waiting
            try expect(outcome.grantedMilliseconds != nil, "\(outcome)")
        },
        Promise("who waited long enough is told that the lease is still held") { replicas in
            _ = try await claim(replicas)
            async let waiting = replicas.acquire(.second, key, FillAsk(waitMilliseconds: 150))
            try await replicas.elapse(milliseconds: 200, callersThatWait: 1)
            let outcome = try await waiting
            try expect(outcome.heldMilliseconds != nil, "\(outcome)")
        },
        Promise("who waits without wanting a lease gets the entry, or leave to go on") { replicas in
            let claim = try await ResponseStoreContract.claim(replicas)
            async let first = replicas.acquire(
                .second,
                key,
                FillAsk(leaseMilliseconds: nil, waitMilliseconds: patience)
            )
            try await replicas.waitForWaiters(1)
            _ = try await replicas.release(.first, key, claim.token)
            try expect(try await first.isOpen, "open after a release")
            let next = try await ResponseStoreContract.claim(replicas)
            async let second = replicas.acquire(
                .second,
                key,
                FillAsk(leaseMilliseconds: nil, waitMilliseconds: patience)
            )
            try await replicas.waitForWaiters(1)
            _ = try await replicas.commit(.first, Fill(entry: .sample(key), claim: next))
            try expectEqual(try await second.found?.isCoalesced, true)
        },
        Promise("a removal lets those who wait fill") { replicas in
            try await put(replicas, .sample(key))
            _ = try await claim(replicas, accepts: .nothing)
            let ask = FillAsk(waitMilliseconds: patience, accepts: .nothing)
            async let waiting = replicas.acquire(.second, key, ask)
            try await replicas.waitForWaiters(1)
            try expect(try await replicas.remove(key), "removed")
            let outcome = try await waiting
            try expect(outcome.grantedMilliseconds != nil, "\(outcome)")
        },
    ]

    static let flushes: [Promise] = [
        Promise("a flushed namespace has no entries, others keep theirs") { replicas in
            guard let other = Namespace("other") else { throw ContractViolation("namespace") }
            for number in 1...20 { try await put(replicas, .sample(.numbered(number))) }
            try await put(replicas, .sample(.numbered(1, in: other)))
            for number in 1...20 { _ = try await replicas.fetch(.second, .numbered(number)) }
            try expectEqual(try await replicas.flush(.namespace(.default, model: nil, tags: [])), 20)
            for number in 1...20 {
                try expect(try await replicas.fetch(.second, .numbered(number)).isAbsent, "\(number) is gone")
            }
            try expect(try await replicas.fetch(.first, .numbered(1, in: other)).entry != nil, "the other's stays")
            try await put(replicas, .sample(.numbered(1)))
            try expect(try await replicas.fetch(.second, .numbered(1)).entry != nil, "stored again")
        },
        Promise("a flush of all covers every namespace") { replicas in
            guard let other = Namespace("other") else { throw ContractViolation("namespace") }
            try await put(replicas, .sample(.numbered(1)))
            try await put(replicas, .sample(.numbered(1, in: other)))
            try expectEqual(try await replicas.flush(.all), 2)
            try expect(try await replicas.fetch(.first, .numbered(1)).isAbsent, "gone")
            try expect(try await replicas.fetch(.first, .numbered(1, in: other)).isAbsent, "gone")
        },
        Promise("a flush by model and tags covers the entries that have them all") { replicas in
            try await put(replicas, .sample(.numbered(1), model: "a", tags: ["x", "y"]))
            try await put(replicas, .sample(.numbered(2), model: "a", tags: ["x"]))
            try await put(replicas, .sample(.numbered(3), model: "b", tags: ["x", "y"]))
            try expectEqual(try await replicas.flush(.namespace(.default, model: "a", tags: ["y", "x"])), 1)
            try expect(try await replicas.fetch(.second, .numbered(1)).isAbsent, "gone")
            try expect(try await replicas.fetch(.second, .numbered(2)).entry != nil, "stays")
            try expect(try await replicas.fetch(.second, .numbered(3)).entry != nil, "stays")
        },
        Promise("a fill from before a flush that covers it is refused, others are stored") { replicas in
            let all = try await claim(replicas, .first, .numbered(1))
            let covered = try await claim(replicas, .first, .numbered(2))
            let spared = try await claim(replicas, .first, .numbered(3))
            _ = try await replicas.flush(.namespace(.default, model: nil, tags: ["none"]))
            try expectEqual(
                try await replicas.commit(.first, Fill(entry: .sample(.numbered(3)), claim: spared)),
                .stored(timeToLive: 7200)
            )
            _ = try await replicas.flush(.namespace(.default, model: nil, tags: ["docs"]))
            try expectEqual(
                try await replicas.commit(.second, Fill(entry: .sample(.numbered(2), tags: ["docs"]), claim: covered)),
                .flushed
            )
            _ = try await replicas.flush(.namespace(.default, model: nil, tags: []))
            try expectEqual(
                try await replicas.commit(.second, Fill(entry: .sample(.numbered(1)), claim: all)),
                .flushed
            )
        },
        Promise("a fill asked for after a flush is stored, although a lease from before it was held") { replicas in
            let old = try await claim(replicas)
            _ = try await replicas.flush(.namespace(.default, model: nil, tags: []))
            let new = try await claim(replicas, .second)
            try expect(new.heldLease, "the old lease is no obstacle")
            try expectEqual(try await replicas.commit(.first, Fill(entry: .sample(key), claim: old)), .flushed)
            try expectEqual(
                try await replicas.commit(.second, Fill(entry: .sample(key), claim: new)),
                .stored(timeToLive: 7200)
            )
        },
    ]
}
