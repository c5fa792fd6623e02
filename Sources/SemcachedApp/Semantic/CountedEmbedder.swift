import SemanticCache
import Synchronization

/// An embedder that counts what becomes of its texts.
final class CountedEmbedder: Embedder {
    private let embedder: any Embedder
    private let tally: EmbeddingTally

    init(_ embedder: any Embedder, _ tally: EmbeddingTally) {
        self.embedder = embedder
        self.tally = tally
    }

    var modelID: String { embedder.modelID }
    var dimensions: Int { embedder.dimensions }
    var maximumTokens: Int? { embedder.maximumTokens }

    func embed(
        _ text: String,
        deadline: Deadline,
        completion: @escaping @Sendable (Result<[Float], EmbedderError>) -> Void
    ) {
        tally.began()
        embedder.embed(text, deadline: deadline) { [tally] result in
            tally.ended(result)
            completion(result)
        }
    }
}

/// What became of the texts given to an embedder; counted from any thread.
final class EmbeddingTally: Sendable {
    private let given = Atomic(0)
    private let computed = Atomic(0)
    private let unavailable = Atomic(0)
    private let tooLong = Atomic(0)
    private let malformed = Atomic(0)

    func began() { given.add(1, ordering: .relaxed) }

    func ended(_ result: Result<[Float], EmbedderError>) {
        switch result {
        case .success: computed.add(1, ordering: .relaxed)
        case .failure(.unavailable): unavailable.add(1, ordering: .relaxed)
        case .failure(.textTooLong): tooLong.add(1, ordering: .relaxed)
        case .failure(.malformed): malformed.add(1, ordering: .relaxed)
        }
    }

    /// Texts by what became of them, all words at any time.
    var counts: [String: Int] {
        [
            "ok": computed.load(ordering: .relaxed), "unavailable": unavailable.load(ordering: .relaxed),
            "too_long": tooLong.load(ordering: .relaxed), "malformed": malformed.load(ordering: .relaxed),
        ]
    }

    /// Texts that are yet to be answered.
    var inFlight: Int { max(0, given.load(ordering: .relaxed) - counts.values.reduce(0, +)) }
}
