import SemanticCache

extension RedisAdministration {
    /// A page of the live entries of a namespace that match, bucket by bucket, those that expire first before others.
    public func entries(_ query: EntryQuery) async throws(AdministrationError) -> EntryPage {
        var cursor = EntryCursor()
        if let text = query.cursor {
            guard let given = EntryCursor(text) else { throw .invalidCursor }
            cursor = given
        }
        let filter = EntryFilter(model: query.model, tags: query.tag.map { [$0] } ?? [])
        let limit = min(max(query.limit, 1), 1000)
        // A filter leaves entries out: larger pages save round trips then.
        let pageSize = filter.matchesAll ? limit : max(limit, 200)
        var records: [EntryRecord] = []
        while cursor.bucket < Bucket.all.count {
            let pages = EntryPages(
                client: client,
                keys: keys,
                maximumBodyBytes: configuration.maximumBodyBytes,
                bucket: Bucket.all[cursor.bucket],
                namespace: query.namespace
            )
            while let page = try await pages.page(after: cursor.position, limit: pageSize) {
                for item in page.items where filter.matches(item.header) {
                    records.append(EntryRecord(item, in: query.namespace))
                    if records.count == limit {
                        cursor.position = item.position
                        return EntryPage(records: records, cursor: cursor.text)
                    }
                }
                cursor.position = page.end
            }
            cursor = EntryCursor(bucket: cursor.bucket + 1)
        }
        return EntryPage(records: records, cursor: nil)
    }
}

/// Where a listing goes on, as text that callers hand back.
struct EntryCursor: Sendable, Hashable {
    var bucket = 0
    var position = EntryPages.Position()

    init(bucket: Int = 0) { self.bucket = bucket }

    /// Reads `17-1790000000000-<64 hex>`; nil when it is not one.
    init?(_ text: String) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 3, let bucket = Int(parts[0]), Bucket.all.indices ~= bucket, UInt64(parts[1]) != nil,
            let fingerprint = Fingerprint(hex: parts[2])
        else { return nil }
        self.bucket = bucket
        position = EntryPages.Position(score: Array(parts[1].utf8), member: fingerprint.bytes)
    }

    /// The text, which says nothing but where.
    var text: String {
        let member = Fingerprint(bytes: position.member)?.hex ?? ""
        return "\(bucket)-\(String(decoding: position.score, as: UTF8.self))-\(member)"
    }
}

extension EntryRecord {
    fileprivate init(_ item: EntryPages.Item, in namespace: Namespace) {
        self.init(
            entry: item.header.entry(id: item.fingerprint, response: []),
            namespace: namespace,
            bytes: item.bytes,
            hits: item.header.stamp.hits,
            request: []
        )
    }
}
