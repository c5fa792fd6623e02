/// An entry as an administrator sees it.
public struct EntryRecord: Sendable {
    /// The entry.
    ///
    /// Its response is empty in listings.
    public var entry: Entry
    /// The namespace.
    public var namespace: Namespace
    /// Bytes of the value in Redis.
    public var bytes: Int
    /// How often it was served, from every replica; a hit of the last second may be missing.
    public var hits: Int
    /// The request as it was sent, JSON; empty in listings.
    public var request: [UInt8]

    /// Creates a record.
    public init(entry: Entry, namespace: Namespace, bytes: Int, hits: Int, request: [UInt8]) {
        self.entry = entry
        self.namespace = namespace
        self.bytes = bytes
        self.hits = hits
        self.request = request
    }
}

/// A page of a listing.
public struct EntryPage: Sendable {
    /// The entries.
    public var records: [EntryRecord]
    /// Where the next page starts; nil when there is none.
    public var cursor: String?

    /// Creates a page.
    public init(records: [EntryRecord], cursor: String?) {
        self.records = records
        self.cursor = cursor
    }
}
