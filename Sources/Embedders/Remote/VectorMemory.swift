import NIOConcurrencyHelpers

/// The vectors of the texts that were asked for last, shared by threads.
final class VectorMemory: Sendable {
    private let recent: NIOLockedValueBox<RecentVectors>

    /// An empty memory of at most `maximumBytes`; 0 keeps nothing.
    init(maximumBytes: Int) { recent = NIOLockedValueBox(RecentVectors(limit: maximumBytes)) }

    /// The vector of a text, if it is still known.
    func vector(of text: String) -> [Float]? { recent.withLockedValue { $0.vector(of: text) } }

    /// Keeps the vector of a text.
    func insert(_ vector: [Float], for text: String) { recent.withLockedValue { $0.insert(vector, of: text) } }
}
