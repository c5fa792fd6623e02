/// Remembers the vectors of texts between replicas and restarts, so that a repeated text is not computed again.
///
/// A convenience that may forget at any time: what it lacks or cannot be asked for is computed. Shared by threads.
public protocol VectorCache: Sendable {
    /// Looks up the vectors that a model gave to `texts`: one element per text, in their order, nil for what is not known.
    ///
    /// Completes exactly once, on any thread, possibly before the call returns and possibly late: who asks keeps time.
    func vectors(
        of texts: [String],
        by modelID: String,
        completion: @escaping @Sendable ([QuantizedVector?]) -> Void
    )

    /// Keeps the vectors that a model gave to texts, in place of what was known; says nothing of success.
    func insert(_ vectors: [String: QuantizedVector], by modelID: String)
}
