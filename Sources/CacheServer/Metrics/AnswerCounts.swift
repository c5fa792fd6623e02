import SemanticCache

/// What a route of one event loop, or of all, has answered.
struct AnswerCounts: Sendable {
    /// Answers by status; a few, so that looking through them is the fastest way.
    private(set) var statuses: [(status: Int, count: Int)] = []
    /// The times from complete request to answer.
    private(set) var durations = Histogram()

    /// Counts one answer, in constant time.
    mutating func record(status: Int, nanoseconds: UInt64) {
        add(1, status: status)
        durations.record(nanoseconds: nanoseconds)
    }

    /// Adds another's counts.
    mutating func merge(_ other: AnswerCounts) {
        for (status, count) in other.statuses { add(count, status: status) }
        durations.merge(other.durations)
    }

    private mutating func add(_ count: Int, status: Int) {
        if let place = statuses.firstIndex(where: { $0.status == status }) {
            statuses[place].count += count
        } else {
            statuses.append((status, count))
        }
    }
}
