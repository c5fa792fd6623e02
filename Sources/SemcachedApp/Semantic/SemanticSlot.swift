import RedisStorage
import SemanticCache
import Synchronization

/// The semantic tier of a process, once there is one: an embedder by URL has to answer first.
final class SemanticSlot: Sendable {
    private struct Contents {
        var tier: SemanticTier
        var agreement: any IndexAgreement
    }

    private let contents = Mutex<Contents?>(nil)
    private let obstacle: Mutex<String>

    /// An empty slot; `obstacle` is why, in a sentence.
    init(waitingFor obstacle: String, embeddings: EmbeddingTally) {
        self.obstacle = Mutex(obstacle)
        self.embeddings = embeddings
    }

    /// The tier; nil until its embedder is known.
    var tier: SemanticTier? { contents.withLock { $0?.tier } }

    /// What became of the texts given to the embedder.
    let embeddings: EmbeddingTally

    /// How well the index agrees with Redis; nil until there is one.
    var state: IndexFeedState? { contents.withLock { $0?.agreement }?.state }

    /// What is missing before the tier can be asked; nil when nothing is.
    var missing: String? {
        guard let state else { return obstacle.withLock { $0 } }
        return state.missing
    }

    /// Calls `completion` once, on any thread: with true as soon as the index knows of a change, with false when it does
    /// not by the deadline.
    func await(_ change: ChangeToken, deadline: Deadline, completion: @escaping @Sendable (Bool) -> Void) {
        guard let agreement = contents.withLock({ $0?.agreement }) else { return completion(false) }
        agreement.whenApplied(change, by: deadline, completion: completion)
    }

    /// Takes the tier up.
    func fill(_ assembly: SemanticAssembly) {
        contents.withLock { $0 = Contents(tier: assembly.tier, agreement: assembly.agreement) }
    }

    /// Says why the slot is still empty.
    func note(obstacle: String) { self.obstacle.withLock { $0 = obstacle } }
}
