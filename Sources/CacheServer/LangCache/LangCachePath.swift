/// A path of the LangCache-compatible API.
struct LangCachePath {
    /// What the path stands for.
    enum Resource {
        /// `/entries`
        case entries
        /// `/entries/search`
        case search
        /// `/entries/{entryId}`
        case entry(Substring)
        /// `/conversations/search`
        case conversationSearch
        /// `/flush`
        case flush
    }

    static let prefix = "/v1/caches/"

    /// The cache's id as it stands in the path.
    let cacheID: Substring
    let resource: Resource

    /// Reads a path; nil when it is not one of the API.
    init?(_ path: String) {
        guard path.hasPrefix(Self.prefix) else { return nil }
        let parts = path.dropFirst(Self.prefix.count).split(separator: "/", omittingEmptySubsequences: false)
        guard let cacheID = parts.first, !cacheID.isEmpty else { return nil }
        self.cacheID = cacheID
        switch (parts.count, parts.dropFirst().first, parts.dropFirst(2).first) {
        case (2, "entries", _): resource = .entries
        case (2, "flush", _): resource = .flush
        case (3, "entries", "search"): resource = .search
        case (3, "conversations", "search"): resource = .conversationSearch
        case (3, "entries", let id?) where !id.isEmpty: resource = .entry(id)
        default: return nil
        }
    }

    /// The path with names for what differs.
    var template: String {
        switch resource {
        case .entries: "/v1/caches/{cacheId}/entries"
        case .search: "/v1/caches/{cacheId}/entries/search"
        case .entry: "/v1/caches/{cacheId}/entries/{entryId}"
        case .conversationSearch: "/v1/caches/{cacheId}/conversations/search"
        case .flush: "/v1/caches/{cacheId}/flush"
        }
    }
}
