/// The answer to a store.
public enum StoreOutcome: Sendable, Equatable {
    /// Stored; `change` is where other replicas learn of it, when other wordings may find it too.
    case stored(id: Fingerprint, timeToLive: Int, change: ChangeToken? = nil)
    /// Not stored, by name.
    case refused(RefusalReason)
    /// Redis could not take it.
    case unavailable(StoreFailure)
}

/// What must not be cached, or came too late.
public enum RefusalReason: String, Sendable, Hashable, CaseIterable {
    /// The upstream answered with an error.
    case errorResponse = "error_response"
    /// The answer was cut off by a length limit, or its stream has no end.
    case truncated
    /// The upstream's content filter cut in.
    case contentFiltered = "content_filtered"
    /// There is no content.
    case empty
    /// The answer is over `limits.entry_bytes`.
    case tooLarge = "too_large"
    /// The lookup said `no-store`.
    case noStore = "no_store"
    /// Another fill was first.
    case leaseLost = "lease_lost"
    /// A flush came after the ticket.
    case flushed
    /// The request is one that is never cached.
    case uncacheable
}
