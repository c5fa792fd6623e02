extension CacheEngine {
    /// Keeps an entry from answering a question that it answered wrongly, at once and on every replica.
    ///
    /// `asked` is the fingerprint of the question, which is not the entry's own. Nothing is removed.
    public func block(
        _ key: EntryKey,
        for asked: Fingerprint,
        completion: @escaping (BlockOutcome) -> Void
    ) {
        let settings = self.settings[key.namespace]
        let deadline = deadline(settings)
        store.block(key, for: asked, seconds: settings.maximumTimeToLive, deadline: deadline, completion: completion)
    }
}
