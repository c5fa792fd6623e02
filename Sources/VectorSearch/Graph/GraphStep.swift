/// What is next to be done for the graphs of an index, without its lock.
enum GraphStep {
    /// Graphs that nobody needs any more are freed.
    case free([RowGraph])
    /// A partition gets an empty graph.
    case create(GraphPlace, capacity: Int)
    /// Slots whose rows have gone are found no more.
    case mark(RowGraph, [UInt32])
    /// The row after the last in the graph is added; `boundaryChanges` as they were when it was read.
    case add(GraphRow, RowGraph, GraphPlace, boundaryChanges: Int)
}

/// A partition and the graph that it had when a step or a search began.
struct GraphPlace: Sendable {
    let partition: PartitionRows
    let graph: PartitionGraph
}

/// A graph as a search found it when it began.
struct GraphView: Sendable {
    let graph: RowGraph
    let place: GraphPlace
    /// Slots that had been given out.
    let additions: Int
}

/// The partitions whose graphs have work to be done, in turns, and graphs to be freed.
struct GraphWork {
    /// Partitions above this many rows get a graph, and lose it below half of them; nil for never.
    let threshold: Int?
    /// Whether somebody is at work, who asks for the next step by and by.
    var isUnderWay = false
    private(set) var places: [GraphPlace] = []
    private(set) var retired: [RowGraph] = []

    init(threshold: Int?) { self.threshold = threshold }

    /// Whether there is anything to be done.
    var isWaiting: Bool { !places.isEmpty || !retired.isEmpty }

    mutating func add(_ place: GraphPlace) {
        guard !place.graph.isQueued else { return }
        place.graph.isQueued = true
        places.append(place)
    }

    mutating func retire(_ graph: RowGraph) { retired.append(graph) }

    mutating func takeRetired() -> [RowGraph] {
        defer { retired = [] }
        return retired
    }

    mutating func next() -> GraphPlace? {
        guard !places.isEmpty else { return nil }
        let place = places.removeFirst()
        place.graph.isQueued = false
        return place
    }
}
