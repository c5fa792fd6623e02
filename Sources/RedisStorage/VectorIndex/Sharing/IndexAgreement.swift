public import SemanticCache

/// Knows how well an index agrees with the entries in Redis.
public protocol IndexAgreement: Sendable {
    /// How well it agrees at this moment.
    var state: IndexFeedState { get }

    /// Calls `completion` once, on any thread: with true as soon as the index knows of a change, with false when it does
    /// not by the deadline, which is of the clock of `NIODeadline`.
    func whenApplied(
        _ token: ChangeToken,
        by deadline: Deadline,
        completion: @escaping @Sendable (Bool) -> Void
    )
}

extension IndexFeed: IndexAgreement {}
