/// The counts of one event loop: those not yet carried away, and those since the process began.
public final class LoopStats: StatsRecorder {
    /// Room for so many namespaces is kept between two calls of ``drain()``.
    private static let keptNamespaces = 1024

    private let labels: NamespaceLabels
    private var pending: [Namespace: NamespaceCounts] = [:]
    private var total: [String: NamespaceCounts] = [:]

    /// Creates empty counts; `labels` are those of the process.
    public init(labels: NamespaceLabels) { self.labels = labels }

    /// Adds one event.
    public func record(_ event: StatsEvent, in namespace: Namespace) {
        pending[namespace, default: NamespaceCounts()].add(event)
    }

    /// Hands over what was counted since the last call.
    public func drain() -> [Namespace: NamespaceCounts] {
        let drained = pending
        pending.removeAll(keepingCapacity: drained.count <= Self.keptNamespaces)
        add(drained, to: &total)
        return drained
    }

    /// Everything counted since the process began, by label.
    public func sinceStart() -> [String: NamespaceCounts] {
        var sum = total
        add(pending, to: &sum)
        return sum
    }

    private func add(_ counts: [Namespace: NamespaceCounts], to sum: inout [String: NamespaceCounts]) {
        for (namespace, counts) in counts { sum[labels.label(of: namespace), default: NamespaceCounts()].merge(counts) }
    }
}
