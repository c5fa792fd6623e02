import NIOConcurrencyHelpers

extension LocalVectorIndex {
    /// Searches a graph, then the rows that are not in it; all rows when the graph is being changed.
    func search(_ view: GraphView, for search: NeighborSearch) {
        let slots = view.graph.nearest(to: search.graphRow)
        go(on: locked { $0.resolve(slots, of: view, for: search) }, with: search)
    }

    /// Uses the contents under the lock; what that leaves to do for graphs is begun.
    func locked<Result>(_ use: (IndexContents) -> Result) -> Result {
        let (result, hasWork) = contents.withLockedValue { contents in
            let result = use(contents)
            let hasWork = contents.graphWork.isWaiting && !contents.graphWork.isUnderWay
            if hasWork { contents.graphWork.isUnderWay = true }
            return (result, hasWork)
        }
        if hasWork { continueGraphWork() }
        return result
    }

    private func continueGraphWork() { builder?.run { [weak self] in self?.workAtGraphs() } }

    /// Does some of what is to be done for graphs, and has the rest done afterwards.
    private func workAtGraphs() {
        for _ in 0..<16 {
            guard let step = contents.withLockedValue({ $0.nextGraphStep() }) else { return }
            take(step)
        }
        continueGraphWork()
    }

    private func take(_ step: GraphStep) {
        switch step {
        case .free(let graphs): withExtendedLifetime(graphs) {}
        case .create(let place, let capacity):
            let graph = RowGraph(kernel: kernel, layout: layout, capacity: capacity)
            contents.withLockedValue { $0.begin(graph, in: place) }
        case .mark(let graph, let slots): graph.mark(slots)
        case .add(let row, let graph, let place, let boundaryChanges):
            let bytes = graph.add(row) ? graph.bytes : nil
            contents.withLockedValue { $0.noteAddition(in: place, boundaryChanges: boundaryChanges, bytes: bytes) }
        }
    }

    /// Whether graphs are being made or changed now.
    public var hasGraphWork: Bool { contents.withLockedValue { $0.graphWork.isUnderWay } }

    /// Searches that graphs have answered.
    var graphSearches: Int { contents.withLockedValue { $0.graphSearches } }
}
