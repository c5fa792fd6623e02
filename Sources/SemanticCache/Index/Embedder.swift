/// Turns texts into vectors whose cosine tells how near the texts are.
public protocol Embedder: Sendable {
    /// Names the model and its version: vectors of different models never meet.
    var modelID: String { get }
    /// Components of a vector.
    var dimensions: Int { get }
    /// The unit vectors of `texts`, in their order.
    ///
    /// - Throws: ``EmbedderError`` when the vectors cannot be had.
    func embed(_ texts: [String]) async throws(EmbedderError) -> [[Float]]
}

/// Why there is no vector.
public enum EmbedderError: Error, Sendable, Hashable {
    /// The model or its server did not answer in time.
    case unavailable
    /// A text has more tokens than the model reads.
    case textTooLong
}
