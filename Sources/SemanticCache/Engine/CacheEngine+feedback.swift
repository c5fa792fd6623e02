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

    /// What made an entry a hit for a question that is not its own; nil unless the hit left word of it.
    public func judgment(
        of key: EntryKey,
        for asked: Fingerprint,
        completion: @escaping (Alias.Judgment?) -> Void
    ) {
        let question = EntryKey(namespace: key.namespace, fingerprint: asked)
        store.fetch(question, deadline: deadline(settings[key.namespace])) { fetched in
            guard case .aliased(let entry, let alias) = fetched, entry.id == key.fingerprint else {
                return completion(nil)
            }
            completion(alias.judgment)
        }
    }
}
