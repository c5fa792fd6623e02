/// Counts what the engine does.
///
/// An instance belongs to one event loop and does no I/O; somebody else carries the counts away.
public protocol StatsRecorder: AnyObject {
    /// Adds one event to the counts of `namespace`.
    func record(_ event: StatsEvent, in namespace: Namespace)
}

/// One thing that happened.
public enum StatsEvent: Sendable {
    /// A lookup was answered with a hit after so many nanoseconds.
    case hit(Hit, nanoseconds: UInt64)
    /// A lookup was answered with a miss after so many nanoseconds.
    case miss(MissReason, nanoseconds: UInt64)
    /// A lookup was answered with a bypass after so many nanoseconds.
    case bypass(BypassReason, nanoseconds: UInt64)
    /// A text was embedded for a lookup in so many nanoseconds.
    case embedded(nanoseconds: UInt64)
    /// The best candidate of a lookup, and what became of it.
    case candidate(CandidateVerdict, similarity: Double)
    /// The best candidate of a lookup was refused for this.
    case rejected(Judgment.Rejection)
    /// A miss was answered with this lease.
    case lease(LeaseState)
    /// Shadow mode would have served a semantic hit.
    case shadowHit
    /// The answer that came after a shadow hit says the same as the entry, or not.
    case shadowCompared(agrees: Bool)
    /// An answer was stored.
    case stored
    /// An answer was refused.
    case refused(RefusalReason)
    /// Entries were flushed.
    case flushed(Int)
    /// A caller judged a hit.
    case feedback(Verdict)
}

/// What a caller says of a hit.
public enum Verdict: String, Sendable, Hashable {
    /// It answered the question.
    case right
    /// It did not.
    case wrong
}
