import Synchronization

/// Counts calls that wait, up to a limit.
final class CallCount: Sendable {
    private let count = Atomic(0)
    private let limit: Int

    init(limit: Int) { self.limit = limit }

    /// Counts a call, unless that would be one too many.
    func enter() -> Bool {
        if count.add(1, ordering: .relaxed).newValue <= limit { return true }
        leave()
        return false
    }

    /// A call has ended.
    func leave() { count.subtract(1, ordering: .relaxed) }
}
