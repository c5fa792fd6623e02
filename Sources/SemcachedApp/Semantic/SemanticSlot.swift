import RedisStorage
import SemanticCache
import Synchronization

/// The semantic tier of a process, once there is one: an embedder by URL has to answer first.
final class SemanticSlot: Sendable {
    private struct Contents {
        var tier: SemanticTier
        var feed: IndexFeed
    }

    private let contents = Mutex<Contents?>(nil)

    /// The tier; nil until its embedder is known.
    var tier: SemanticTier? { contents.withLock { $0?.tier } }

    /// How well the index agrees with Redis; nil until there is one.
    var state: IndexFeedState? { contents.withLock { $0?.feed }?.state }

    /// What is missing before the tier can be asked; nil when nothing is.
    var missing: String? {
        guard let state else { return "the embedder has not answered yet" }
        return state.missing
    }

    /// Calls `completion` once, on any thread: with true as soon as the index knows of a change, with false when it does
    /// not by the deadline.
    func await(_ change: ChangeToken, deadline: Deadline, completion: @escaping @Sendable (Bool) -> Void) {
        guard let feed = contents.withLock({ $0?.feed }) else { return completion(false) }
        feed.whenApplied(change, by: deadline, completion: completion)
    }

    /// Takes the tier up.
    func fill(_ tier: SemanticTier, _ feed: IndexFeed) {
        contents.withLock { $0 = Contents(tier: tier, feed: feed) }
    }
}
