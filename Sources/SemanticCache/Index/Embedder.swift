/// Turns texts into unit vectors whose cosine tells how near the texts are.
///
/// Shared by all event loops. An embedder computes on threads of its own or asks a server: it never blocks its caller.
public protocol Embedder: Sendable {
    /// Names the model, its version and how its vectors are made: vectors of different models never meet.
    var modelID: String { get }
    /// Components of a vector.
    var dimensions: Int { get }
    /// Most tokens of a text that the model reads whole; nil when it is not known.
    var maximumTokens: Int? { get }

    /// Computes the unit vector of a text.
    ///
    /// Completes exactly once, on any thread, possibly before the call returns; what is not done by `deadline` may be
    /// dropped and is ``EmbedderError/unavailable``.
    func embed(
        _ text: String,
        deadline: Deadline,
        completion: @escaping @Sendable (Result<[Float], EmbedderError>) -> Void
    )
}

/// Why there is no vector.
public enum EmbedderError: Error, Sendable, Hashable {
    /// The model or its server did not answer in time, or too much waits for it.
    case unavailable
    /// The text has more tokens than the model reads.
    case textTooLong
    /// What came back is not a vector of this model: wrong length, zero, infinite or not a number.
    case malformed
}
