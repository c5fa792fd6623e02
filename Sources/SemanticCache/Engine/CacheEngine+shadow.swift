import JSONScanning

extension CacheEngine {
    /// Compares a stored answer with the entry that shadow mode would have served, and counts what comes out.
    ///
    /// The texts agree when they are the same but for case and white space, or when their vectors are as near as
    /// ``shadowAgreement``. Nobody waits for it; what cannot be compared is not counted.
    public func compareWithShadow(_ request: StoreRequest) {
        guard let search, let id = request.shadow, let document = try? JSONDocument(request.responseBytes),
            let text = request.endpoint.answerText(document.root)
        else { return }
        let shadow = EntryKey(namespace: request.key.namespace, fingerprint: id)
        let deadline = deadline(settings[shadow.namespace])
        store.fetchCandidate(shadow, for: request.key.fingerprint, deadline: deadline) { [stats] outcome in
            guard case .found(let entry) = outcome, let stored = try? JSONDocument(entry.response),
                let other = entry.endpoint.answerText(stored.root)
            else { return }
            if Self.normalized(text) == Self.normalized(other) {
                return stats.record(.shadowCompared(agrees: true), in: shadow.namespace)
            }
            search.similarity(of: text, other, deadline: deadline) { similarity in
                guard let similarity else { return }
                stats.record(.shadowCompared(agrees: similarity >= Self.shadowAgreement), in: shadow.namespace)
            }
        }
    }

    /// The least cosine similarity of two answers that count as the same.
    static let shadowAgreement = 0.90

    private static func normalized(_ text: String) -> [Substring] {
        text.lowercased().split { $0.isWhitespace }
    }
}
