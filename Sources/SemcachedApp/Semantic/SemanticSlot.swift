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

    /// Takes the tier up.
    func fill(_ tier: SemanticTier, _ feed: IndexFeed) {
        contents.withLock { $0 = Contents(tier: tier, feed: feed) }
    }
}
