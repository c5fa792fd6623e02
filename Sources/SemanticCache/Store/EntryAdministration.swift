/// What an administrator does with entries.
///
/// Calls may take long; none is on the path of a lookup.
public protocol EntryAdministration: Sendable {
    /// The entry with its request, or nil.
    func entry(_ key: EntryKey) async throws(AdministrationError) -> EntryRecord?

    /// A page of the live entries of a namespace that match, at most `limit` (1 to 1000), ordered by no promise.
    ///
    /// An entry that lives throughout a listing appears in it at least once.
    func entries(_ query: EntryQuery) async throws(AdministrationError) -> EntryPage

    /// Removes an entry at once, everywhere; tells whether there was one. A fill in flight for it is refused.
    func remove(_ key: EntryKey) async throws(AdministrationError) -> Bool

    /// Returns once no failover of Redis can undo what was written of an entry before, see ``AdministrationError``.
    func confirmWrites(of key: EntryKey) async throws(AdministrationError)

    /// Flushes at once, everywhere; counts the live entries that it covered.
    ///
    /// `isDryRun` counts only.
    func flush(_ selector: FlushSelector, isDryRun: Bool) async throws(AdministrationError) -> Int
}

/// Which entries a listing shows.
public struct EntryQuery: Sendable {
    /// Of this namespace.
    public var namespace: Namespace
    /// Of this model only.
    public var model: String?
    /// With this tag only.
    public var tag: String?
    /// At most so many, 1 to 1000.
    public var limit: Int
    /// Where an earlier page ended.
    public var cursor: String?

    /// Creates a query.
    public init(namespace: Namespace, model: String? = nil, tag: String? = nil, limit: Int = 100, cursor: String? = nil)
    {
        self.namespace = namespace
        self.model = model
        self.tag = tag
        self.limit = limit
        self.cursor = cursor
    }
}

/// What a flush covers.
public enum FlushSelector: Sendable, Hashable {
    /// Every namespace.
    case all
    /// A namespace, or those of its entries that have this model and all of these tags.
    case namespace(Namespace, model: String?, tags: [String])
}

/// Why an administrator's call failed.
public enum AdministrationError: Error, Sendable, Hashable {
    /// Redis did not answer, or refused.
    case redisUnavailable
    /// Redis is at its memory limit.
    case redisFull
    /// It was done, but no replica of a Redis server that has some has confirmed it: a failover could undo it.
    case unreplicated
    /// The cursor is not one that a listing gave.
    case invalidCursor
}
