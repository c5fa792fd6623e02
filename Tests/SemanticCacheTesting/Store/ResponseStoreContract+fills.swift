import SemanticCache

extension ResponseStoreContract {
    static let fills: [Promise] = [
        Promise("a fill with a ticket is stored, by any replica") { replicas in
            let claim = try await ResponseStoreContract.claim(replicas, .first)
            let outcome = try await replicas.commit(.second, Fill(entry: .sample(key), claim: claim))
            try expectEqual(outcome, .stored(timeToLive: 7200))
            try expect(try await replicas.fetch(.first, key).entry != nil, "found")
        },
        Promise("the first of two fills wins") { replicas in
            let first = try await claim(replicas, .first, leaseMilliseconds: nil)
            let second = try await claim(replicas, .second, leaseMilliseconds: nil)
            try expectEqual(
                try await replicas.commit(.second, Fill(entry: .sample(key, response: "second"), claim: second)),
                .stored(timeToLive: 7200)
            )
            try expectEqual(
                try await replicas.commit(.first, Fill(entry: .sample(key, response: "first"), claim: first)),
                .leaseLost
            )
            try expectEqual(response(try await replicas.fetch(.first, key)), "second")
        },
        Promise("the lease's holder is refused when somebody else's fill was first") { replicas in
            let holder = try await claim(replicas)
            let other = try await claim(replicas, .second)
            try expect(holder.heldLease && !other.heldLease, "one holds the lease")
            _ = try await replicas.commit(.second, Fill(entry: .sample(key, response: "other"), claim: other))
            try expectEqual(try await replicas.commit(.first, Fill(entry: .sample(key), claim: holder)), .leaseLost)
            try expectEqual(response(try await replicas.fetch(.first, key)), "other")
        },
        Promise("a used ticket is refused") { replicas in
            let claim = try await ResponseStoreContract.claim(replicas)
            _ = try await replicas.commit(.first, Fill(entry: .sample(key, response: "1"), claim: claim))
            try expectEqual(
                try await replicas.commit(.second, Fill(entry: .sample(key, response: "2"), claim: claim)),
                .leaseLost
            )
            try expectEqual(response(try await replicas.fetch(.first, key)), "1")
        },
        Promise("a used ticket is refused after its entry was removed") { replicas in
            let claim = try await ResponseStoreContract.claim(replicas)
            _ = try await replicas.commit(.first, Fill(entry: .sample(key), claim: claim))
            try expect(try await replicas.remove(key), "removed")
            try expectEqual(try await replicas.commit(.first, Fill(entry: .sample(key), claim: claim)), .flushed)
            try expect(try await replicas.fetch(.first, key).isAbsent, "absent")
        },
        Promise("a used ticket is refused after its entry has expired") { replicas in
            let claim = try await ResponseStoreContract.claim(replicas)
            let fill = Fill(entry: .sample(key, timeToLive: 1), claim: claim)
            _ = try await replicas.commit(.first, fill)
            try await replicas.elapse(milliseconds: 1100)
            try expect(try await replicas.fetch(.first, key).isAbsent, "expired")
            try expectEqual(try await replicas.commit(.second, fill), .leaseLost)
        },
        Promise("a fill in flight is refused after a removal, one begun later is not") { replicas in
            try await put(replicas, .sample(key))
            let old = try await claim(replicas, accepts: .nothing)
            try expect(try await replicas.remove(key), "removed")
            let new = try await claim(replicas, .second)
            try expect(new.heldLease, "the removal frees the lease")
            try expectEqual(try await replicas.commit(.first, Fill(entry: .sample(key), claim: old)), .flushed)
            try expectEqual(
                try await replicas.commit(.second, Fill(entry: .sample(key), claim: new)),
                .stored(timeToLive: 7200)
            )
        },
        Promise("a fill that accepts nothing replaces the entry") { replicas in
            try await put(replicas, .sample(key, response: "old"))
            let claim = try await ResponseStoreContract.claim(replicas, accepts: .nothing)
            _ = try await replicas.commit(.first, Fill(entry: .sample(key, response: "new"), claim: claim))
            try expectEqual(response(try await replicas.fetch(.second, key)), "new")
        },
        Promise("a fill that accepts what is newer finds exactly that") { replicas in
            try await put(replicas, .sample(key))
            guard let stored = try await replicas.fetch(.first, key).entry?.storedAt.milliseconds else {
                throw ContractViolation("not stored")
            }
            let sooner = FillAsk(accepts: .storedAfter(Timestamp(milliseconds: stored - 1000)))
            try expect(try await replicas.acquire(.second, key, sooner).found?.isCoalesced == false, "found")
            let later = FillAsk(accepts: .storedAfter(Timestamp(milliseconds: stored + 1000)))
            try expect(try await replicas.acquire(.second, key, later).grantedMilliseconds != nil, "granted")
        },
        Promise("an entry that appeared since the fetch is found, uncoalesced, and no lease is taken") { replicas in
            try await put(replicas, .sample(key))
            try expect(try await replicas.acquire(.first, key, FillAsk()).found?.isCoalesced == false, "found")
            try expect(
                try await replicas.acquire(.second, key, FillAsk(accepts: .nothing)).grantedMilliseconds != nil,
                "the lease is free"
            )
        },
    ]

    static let leases: [Promise] = [
        Promise("one caller gets the lease, the next is told that it is held and how long") { replicas in
            let granted = try await replicas.acquire(.first, key, FillAsk(leaseMilliseconds: 20_000))
            try expectEqual(granted.grantedMilliseconds, 20_000)
            let held = try await replicas.acquire(.second, key, FillAsk())
            let left = held.heldMilliseconds ?? 0
            try expect(1...20_000 ~= left, "\(held)")
        },
        Promise("a caller that wants no lease gets none, and takes none from others") { replicas in
            try expect(try await replicas.acquire(.first, key, FillAsk(leaseMilliseconds: nil)).isOpen, "open")
            try expect(try await replicas.acquire(.second, key, FillAsk()).grantedMilliseconds != nil, "granted")
            try expect(try await replicas.acquire(.first, key, FillAsk(leaseMilliseconds: nil)).isOpen, "open")
        },
        Promise("leases of different entries do not meet") { replicas in
            for number in 1...8 {
                let outcome = try await replicas.acquire(.first, .numbered(number), FillAsk())
                try expect(outcome.grantedMilliseconds != nil, "\(number): \(outcome)")
            }
        },
        Promise("a released lease is granted to the next") { replicas in
            let claim = try await ResponseStoreContract.claim(replicas)
            try expectEqual(try await replicas.release(.second, key, claim.token), .released)
            try expect(try await replicas.acquire(.second, key, FillAsk()).grantedMilliseconds != nil, "granted")
        },
        Promise("a release by somebody else's token changes nothing") { replicas in
            _ = try await claim(replicas)
            try expectEqual(try await replicas.release(.first, key, .random()), .released)
            try expect(try await replicas.acquire(.second, key, FillAsk()).heldMilliseconds != nil, "still held")
        },
        Promise("a fill gives its lease up") { replicas in
            let claim = try await ResponseStoreContract.claim(replicas)
            _ = try await replicas.commit(.first, Fill(entry: .sample(key), claim: claim))
            let next = try await replicas.acquire(.second, key, FillAsk(accepts: .nothing))
            try expect(next.grantedMilliseconds != nil, "\(next)")
        },
        Promise("an expired lease is taken over, and its late fill is refused") { replicas in
            let late = try await claim(replicas, leaseMilliseconds: 50)
            try await replicas.elapse(milliseconds: 120)
            let heir = try await claim(replicas, .second)
            try expect(heir.heldLease, "taken over")
            try expectEqual(try await replicas.commit(.first, Fill(entry: .sample(key), claim: late)), .leaseLost)
            try expect(try await replicas.fetch(.first, key).isAbsent, "nothing stored")
            try expectEqual(
                try await replicas.commit(.second, Fill(entry: .sample(key), claim: heir)),
                .stored(timeToLive: 7200)
            )
        },
        Promise("a late fill is stored when nobody took the lease over") { replicas in
            let late = try await claim(replicas, leaseMilliseconds: 50)
            try await replicas.elapse(milliseconds: 120)
            try expectEqual(
                try await replicas.commit(.first, Fill(entry: .sample(key), claim: late)),
                .stored(timeToLive: 7200)
            )
        },
        Promise("a lease that was taken over is not given up by its former holder") { replicas in
            let late = try await claim(replicas, leaseMilliseconds: 50)
            try await replicas.elapse(milliseconds: 120)
            _ = try await claim(replicas, .second)
            _ = try await replicas.release(.first, key, late.token)
            try expect(try await replicas.acquire(.first, key, FillAsk()).heldMilliseconds != nil, "still held")
        },
    ]
}
