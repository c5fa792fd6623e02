import SemanticCache

extension IndexContents {
    /// Rows that are added to a graph, or marked in it, at once: fewer are scanned meanwhile, or found in vain.
    private var graphBatch: Int { min(RowBlock.maximumRows, (graphWork.threshold ?? 0) / 4) }

    /// The graph to search a partition with; has one made when it would be of use and there is room for it.
    func graph(of partition: PartitionRows) -> GraphView? {
        if let graph = partition.graph {
            guard graph.isReady, graph.indexed > 0, let made = graph.graph else { return nil }
            let place = GraphPlace(partition: partition, graph: graph)
            return GraphView(graph: made, place: place, additions: graph.additions)
        }
        guard let threshold = graphWork.threshold, partition.count > threshold, !partition.refusesGraph else {
            return nil
        }
        let wanted = RowGraph.estimatedBytes(rows: partition.count, layout: layout)
        guard bytes <= maximumBytes / 4 * 3 - wanted else { return nil }
        let graph = PartitionGraph()
        measure(partition) { partition.graph = graph }
        graphWork.add(GraphPlace(partition: partition, graph: graph))
        return nil
    }

    /// Notes that rows have come or gone.
    func reviewGraph(of partition: PartitionRows) {
        if let threshold = graphWork.threshold, partition.count < threshold / 2 { partition.refusesGraph = false }
        guard let graph = partition.graph else { return }
        if partition.count < (graphWork.threshold ?? 0) / 2 || graph.isWorn {
            retireGraph(of: partition)
        } else if partition.count - graph.indexed > graphBatch || graph.unmarked.count > graphBatch {
            graphWork.add(GraphPlace(partition: partition, graph: graph))
        }
    }

    /// Takes a partition's graph away; false when it has none.
    @discardableResult
    func retireGraph(of partition: PartitionRows) -> Bool {
        guard let graph = partition.graph else { return false }
        measure(partition) { partition.graph = nil }
        if let retired = graph.graph { graphWork.retire(retired) }
        return true
    }

    /// What is next to be done for graphs; nil ends the work.
    func nextGraphStep() -> GraphStep? {
        if !graphWork.retired.isEmpty { return .free(graphWork.takeRetired()) }
        while let place = graphWork.next() {
            guard holds(place) else { continue }
            let (partition, graph) = (place.partition, place.graph)
            guard let made = graph.graph else {
                return .create(place, capacity: RowGraph.capacity(for: partition.count))
            }
            let unmarked = graph.takeUnmarked(limit: RowBlock.maximumRows)
            if !unmarked.isEmpty {
                graphWork.add(place)
                return .mark(made, unmarked)
            }
            if graph.indexed < partition.count {
                let row = partition.graphRow(at: graph.indexed)
                return .add(row, made, place, boundaryChanges: graph.boundaryChanges)
            }
            graph.isReady = true
        }
        graphWork.isUnderWay = false
        return nil
    }

    /// Takes the graph that has been made for a partition; nil when there was no memory for it.
    func begin(_ graph: RowGraph?, in place: GraphPlace) {
        guard holds(place) else { return }
        guard let graph else { return refuseGraph(of: place.partition) }
        measure(place.partition) { place.graph.begin(graph, bytes: graph.bytes) }
        graphWork.add(place)
        makeRoom(sparing: place.partition)
    }

    /// Notes that a row has been added to a graph; `bytes` is what the graph takes now, nil when there was no memory.
    func noteAddition(in place: GraphPlace, boundaryChanges: Int, bytes: Int?) {
        guard holds(place) else { return }
        guard let bytes else { return refuseGraph(of: place.partition) }
        measure(place.partition) {
            place.graph.noteAddition(isCurrent: place.graph.boundaryChanges == boundaryChanges, graphBytes: bytes)
        }
        graphWork.add(place)
        reviewGraph(of: place.partition)
        makeRoom(sparing: place.partition)
    }

    /// The rows that a search of a graph found, as they are now; what to do instead when that cannot be said.
    ///
    /// `slots` is nil when the graph could not be searched. What was added to the graph since the search began, the
    /// search may have missed.
    func resolve(_ slots: [UInt32]?, of view: GraphView, for search: NeighborSearch) -> SearchStart {
        let place = view.place
        guard let slots, holds(place), place.graph.additions == view.additions else {
            return begin(search, mayUseGraph: false)
        }
        graphSearches += 1
        let rows = place.graph.rows(of: slots)
        return .nearRows(place.partition.beginReading(), rows: rows, indexed: place.graph.indexed)
    }

    private func holds(_ place: GraphPlace) -> Bool { holds(place.partition) && place.partition.graph === place.graph }

    private func refuseGraph(of partition: PartitionRows) {
        partition.refusesGraph = true
        retireGraph(of: partition)
    }
}
