/// The counts of one event loop: those not yet carried away, and those since the process began.
public final class LoopStats: StatsRecorder {
    private var pending: [Namespace: NamespaceCounts] = [:]
    private var total: [Namespace: NamespaceCounts] = [:]

    /// Creates empty counts.
    public init() {}

    /// Adds one event.
    public func record(_ event: StatsEvent, in namespace: Namespace) {
        pending[namespace, default: NamespaceCounts()].add(event)
    }

    /// Hands over what was counted since the last call.
    public func drain() -> [Namespace: NamespaceCounts] {
        let drained = pending
        pending.removeAll(keepingCapacity: true)
        for (namespace, counts) in drained { total[namespace, default: NamespaceCounts()].merge(counts) }
        return drained
    }

    /// Everything counted since the process began.
    public func sinceStart() -> [Namespace: NamespaceCounts] {
        total.merging(pending) { left, right in
            var sum = left
            sum.merge(right)
            return sum
        }
    }
}
