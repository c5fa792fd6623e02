import Logging
import NIOCore
import Redis
import SemanticCache

extension IndexFeed {
    /// Entries of a page, which is then read in several calls.
    private static let pageSize = 1000
    /// How many parts of namespaces are read at the same time.
    private static let width = 4

    /// Reads some of the buckets of which it is not known what is in them.
    ///
    /// In a cluster the server of one may be away, which keeps no other from being read.
    func readSome(of unread: [Bucket], _ progress: inout FeedProgress) async throws(CommandFailure) {
        let some = Array(unread.prefix(Self.bucketsPerRead))
        do throws(CommandFailure) {
            return try await read(some, &progress)
        } catch {
            guard client.isCluster else { throw error }
        }
        for bucket in unread {
            do throws(CommandFailure) {
                try await read([bucket], &progress)
            } catch {
                progress.doubted.insert(bucket.index)
            }
        }
    }

    /// Reads all that is in some buckets into the index, and removes what it has of them beyond that.
    ///
    /// The logs' ends are read first: what happens meanwhile is in the logs behind them.
    func read(_ buckets: [Bucket], _ progress: inout FeedProgress) async throws(CommandFailure) {
        let ends = try await client.checkedReplies(
            to: buckets.map { bucket in
                var command = RedisCommand("XREVRANGE", keys.changes(bucket))
                for word in ["+", "-", "COUNT", "1"] { command.append(word) }
                return command
            }
        )
        let names = try await client.checkedReplies(
            to: buckets.map { RedisCommand("SMEMBERS", keys.namespaces($0)) }
        )
        var parts: [BucketNamespace] = []
        for (bucket, names) in zip(buckets, names) {
            for namespace in (names.elements ?? []).compactMap({ $0.text.flatMap { Namespace($0) } }) {
                parts.append(BucketNamespace(bucket: bucket, namespace: namespace))
            }
        }
        let isAgain = buckets.contains { progress.everRead.contains($0.index) }
        // A read that fails half way leaves elements behind, too.
        progress.everRead.formUnion(buckets.map(\.index))
        progress.namespaces.formUnion(parts.map(\.namespace))
        let found = try await read(parts)
        if isAgain {
            let indices = Set(buckets.map(\.index))
            for namespace in progress.namespaces {
                index.removeAll(in: namespace) { indices.contains(Bucket(of: $0).index) && !found.contains($0) }
            }
            await index.settle()
        }
        for (bucket, end) in zip(buckets, ends) {
            let position = end.elements?.first?.elements?.first?.text.flatMap { LogPosition($0) }
            progress.follower.begin(bucket, at: position)
        }
    }

    /// Reads parts of namespaces, a few at the same time; returns the entries that the index has now.
    private func read(_ parts: [BucketNamespace]) async throws(CommandFailure) -> Set<Fingerprint> {
        let results = await withTaskGroup(of: Result<[Fingerprint], CommandFailure>.self) { group in
            var results: [Result<[Fingerprint], CommandFailure>] = []
            for (place, part) in parts.enumerated() {
                if place >= Self.width, let result = await group.next() { results.append(result) }
                group.addTask {
                    do throws(CommandFailure) {
                        return .success(try await self.read(part))
                    } catch {
                        return .failure(error)
                    }
                }
            }
            for await result in group { results.append(result) }
            return results
        }
        var found: Set<Fingerprint> = []
        for result in results { found.formUnion(try result.get()) }
        return found
    }

    private func read(_ part: BucketNamespace) async throws(CommandFailure) -> [Fingerprint] {
        var found: [Fingerprint] = []
        var position = EntryPages.Position()
        while true {
            let reply = try await client.checkedReply(
                to: PageScript.script,
                keys: [keys.validity(part.bucket, part.namespace), keys.members(part.bucket, part.namespace)],
                arguments: [position.score, position.member, Array(decimal: Self.pageSize)]
            )
            let page = (reply.elements ?? []).dropFirst().compactMap(\.bytes)
            var entries: [Fingerprint] = []
            for place in stride(from: 0, to: page.count - 1, by: 2) {
                if let entry = Fingerprint(bytes: page[place]) { entries.append(entry) }
                position = EntryPages.Position(score: page[place + 1], member: page[place])
            }
            for element in try await reader.elements(of: entries, in: part, from: client) {
                index.insert(element)
                found.append(element.entry)
            }
            // An index elsewhere takes longer than reading does.
            await index.settle()
            if page.count < 2 * Self.pageSize { return found }
        }
    }

    /// Looks whether the logs still have the records that were read last: all logs, or the next few.
    func check(_ progress: inout FeedProgress) async throws(CommandFailure) {
        let known = progress.follower.followed.compactMap { place in
            place.position.map { (bucket: place.bucket, position: $0.description) }
        }
        let isDoubted = progress.mustCheckAll ? Set(known.map(\.bucket.index)) : progress.doubted
        var some = known.filter { isDoubted.contains($0.bucket.index) }
        let others = known.filter { !isDoubted.contains($0.bucket.index) }
        some += others.rotated(by: progress.checkedBucket).prefix(8)
        progress.checkedBucket += 8
        let sentAt = NIODeadline.now()
        let commands =
            [RedisCommand("TIME")]
            + some.map { place in
                var command = RedisCommand("XRANGE", keys.changes(place.bucket))
                command.append(place.position)
                command.append(place.position)
                return command
            }
        var replies = try await client.somewhereCheckedReplies(to: commands)[...]
        if case .success(let time)? = replies.popFirst(), let seconds = time.elements?.first?.integer,
            let micro = time.elements?.last?.integer
        {
            progress.clock = (Double(seconds) * 1000 + Double(micro) / 1000, sentAt.uptimeNanoseconds)
        }
        var lost: [Bucket] = []
        progress.doubted = []
        for (place, reply) in zip(some, replies) {
            switch reply {
            case .success(let value): if (value.elements ?? []).isEmpty { lost.append(place.bucket) }
            case .failure: progress.doubted.insert(place.bucket.index)
            }
        }
        for bucket in lost { progress.follower.lose(bucket) }
        if !lost.isEmpty {
            logger.info(
                "the log of changes is another one, reading entries again",
                metadata: ["parts": "\(lost.count)"]
            )
            applied.update(progress.follower)
        }
        progress.nextCheck = .now() + Self.checkInterval
        // One that is gone is seldom alone.
        progress.mustCheckAll = !progress.mustCheckAll && !lost.isEmpty
    }
}

extension Array {
    /// The elements from the one at `count`, taken around the end, to the one before it.
    fileprivate func rotated(by count: Int) -> [Element] {
        guard !isEmpty else { return [] }
        let start = count % self.count
        return Array(self[start...] + self[..<start])
    }
}
