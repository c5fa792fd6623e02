import Redis
import SemanticCache

extension RedisAdministration {
    private static let pageSize = 200

    /// Flushes the entries of a namespace that match.
    ///
    /// The flush is first recorded in every bucket, so that fills from before it are refused; then the entries that
    /// were there are removed. What is stored after that is left alone.
    func flush(_ filter: EntryFilter, of namespace: Namespace, isDryRun: Bool) async throws(AdministrationError) -> Int
    {
        var flushes: [Bucket: Int64] = [:]
        if !isDryRun {
            for bucket in Bucket.all {
                let sequence = try await record(filter, of: namespace, in: bucket)
                // A bucket without a validity key has no valid entry and no ticket.
                if sequence > 0 { flushes[bucket] = sequence }
            }
        }
        var count = 0
        for bucket in Bucket.all {
            let pages = EntryPages(
                client: client,
                keys: keys,
                maximumBodyBytes: configuration.maximumBodyBytes,
                bucket: bucket,
                namespace: namespace
            )
            var position = EntryPages.Position()
            while let page = try await pages.page(after: position, limit: Self.pageSize) {
                position = page.end
                let matching = page.items.filter { filter.matches($0.header) }
                if isDryRun {
                    count += matching.count
                } else if let flush = flushes[bucket] {
                    let older = matching.filter { $0.header.stamp.storedAtMicroseconds <= flush }
                    count += try await remove(older, of: namespace, in: bucket)
                }
            }
        }
        return count
    }

    private func record(
        _ filter: EntryFilter,
        of namespace: Namespace,
        in bucket: Bucket
    )
        async throws(AdministrationError) -> Int64
    {
        var arguments: [[UInt8]] = [
            Array(decimal: configuration.proofMilliseconds), Array(filter.model == nil ? "0".utf8 : "1".utf8),
            Array((filter.model ?? "").utf8),
        ]
        for tag in filter.tags { arguments.append(Array(tag.utf8)) }
        let reply = try await client.reply(
            to: FlushScripts.record,
            keys: [keys.validity(bucket, namespace), keys.flushes(bucket, namespace)],
            arguments: arguments
        )
        return reply.integer ?? 0
    }

    private func remove(
        _ items: [EntryPages.Item],
        of namespace: Namespace,
        in bucket: Bucket
    )
        async throws(AdministrationError) -> Int
    {
        guard !items.isEmpty else { return 0 }
        var arguments = [Array(namespace.name.utf8)]
        for item in items {
            var version: [UInt8] = []
            version.append(word: item.header.stamp.version)
            arguments += [item.fingerprint.bytes, version]
        }
        let reply = try await client.reply(
            to: FlushScripts.remove,
            keys: [keys.members(bucket, namespace), keys.changes(bucket)] + items.map { keys.entry($0.fingerprint) },
            arguments: arguments
        )
        return Int(reply.integer ?? 0)
    }
}
