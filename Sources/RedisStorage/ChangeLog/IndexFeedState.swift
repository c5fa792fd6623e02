/// How well an index agrees with Redis.
public struct IndexFeedState: Sendable, Hashable {
    /// Elements that can be found.
    public var elements: Int
    /// How many of the 64 parts of the entries are yet to be read, or to be read again since a change was missed.
    public var unreadParts: Int
    /// Milliseconds within which there may be changes that are not known yet; nil before all was known once.
    ///
    /// Up to half a second passes between two proofs that nothing happened.
    public var staleMilliseconds: Int?
    /// Milliseconds from the logging of the last change to its being known; nil when there was none.
    public var delayMilliseconds: Double?
    /// Whether all is known but the changes of the last moments.
    public var isCaughtUp: Bool

    /// What is missing, in one sentence; nil when the index is caught up.
    public var missing: String? {
        if isCaughtUp { return nil }
        if unreadParts > 0 { return "the semantic index is being read: \(64 - unreadParts) of 64 parts are there" }
        return "the semantic index does not follow Redis: it knows of changes up to \(staleMilliseconds ?? 0) ms ago"
    }
}
