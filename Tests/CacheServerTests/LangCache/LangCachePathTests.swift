import Testing

@testable import CacheServer

@Suite struct LangCachePathTests {
    private func described(_ path: String) -> String? {
        guard let path = LangCachePath(path) else { return nil }
        let resource =
            switch path.resource {
            case .entries: "entries"
            case .search: "search"
            case .entry(let id): "entry \(id)"
            case .conversationSearch: "conversation"
            case .flush: "flush"
            }
        return "\(path.cacheID) \(resource)"
    }

    @Test(arguments: [
        ("/v1/caches/c/entries", "c entries"), ("/v1/caches/c/entries/search", "c search"),
        ("/v1/caches/c/entries/0a", "c entry 0a"), ("/v1/caches/c/conversations/search", "c conversation"),
        ("/v1/caches/c/flush", "c flush"), ("/v1/caches/%7BcacheId%7D/flush", "%7BcacheId%7D flush"),
    ])
    func aPathOfTheAPIIsTakenApart(_ path: String, _ expected: String) { #expect(described(path) == expected) }

    @Test(arguments: [
        "/v1/caches", "/v1/caches/", "/v1/caches//entries", "/v1/caches/c", "/v1/caches/c/", "/v1/caches/c/entries/",
        "/v1/caches/c/entries/a/b", "/v1/caches/c/entries/search/", "/v1/caches/c/flush/", "/v1/caches/c/conversations",
        "/v1/cachesx/c/flush", "/v1/entries/x",
    ])
    func anyOtherPathIsNone(_ path: String) { #expect(described(path) == nil) }
}
