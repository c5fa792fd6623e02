/// The graph of a partition, and which of its rows are in it: the first ``indexed`` ones; those after them are yet to
/// be added and are scanned.
///
/// `@unchecked Sendable`: read and written only under the index's lock, but for the ``RowGraph``, which is made for
/// several threads.
final class PartitionGraph: @unchecked Sendable {
    /// Nil until it has been made.
    private(set) var graph: RowGraph?
    /// Whether all rows have been in it once, so that searches use it.
    var isReady = false
    /// Whether it is among those that wait for work.
    var isQueued = false
    /// Slots that the graph still finds though their rows have gone.
    private(set) var unmarked: [UInt32] = []
    /// How often the row that is to be added next has become another.
    private(set) var boundaryChanges = 0

    /// The row of each slot, ``none`` when it has gone.
    private var rows: [UInt32] = []
    /// The slot of each row in the graph.
    private var slots: [UInt32] = []
    private var graphBytes = 0

    private static let none = UInt32.max

    /// Rows in the graph that are still there.
    var indexed: Int { slots.count }

    /// Slots that have been given out.
    var additions: Int { rows.count }

    /// Whether so many rows have gone that the graph is worth being made anew: more than half of what is left.
    var isWorn: Bool { rows.count - slots.count > slots.count / 2 + 64 }

    /// Bytes of memory that graph and tables take.
    var bytes: Int { 160 + graphBytes + (rows.capacity + slots.capacity + unmarked.capacity) * 4 }

    /// Takes the graph that has been made.
    func begin(_ graph: RowGraph, bytes: Int) {
        self.graph = graph
        graphBytes = bytes
    }

    /// Notes that the row after the last in the graph has been added to it, as the next slot; `isCurrent` is false when
    /// it has become another since it was read.
    func noteAddition(isCurrent: Bool, graphBytes: Int) {
        self.graphBytes = graphBytes
        if isCurrent {
            rows.append(UInt32(slots.count))
            slots.append(UInt32(rows.count - 1))
        } else {
            unmarked.append(UInt32(rows.count))
            rows.append(PartitionGraph.none)
        }
    }

    /// Notes that an indexed row goes and that the last indexed one takes its place.
    func noteRemoval(of row: Int) {
        boundaryChanges += 1
        let gone = slots[row]
        unmarked.append(gone)
        rows[Int(gone)] = PartitionGraph.none
        let last = slots.removeLast()
        if row < slots.count {
            slots[row] = last
            rows[Int(last)] = UInt32(row)
        }
    }

    /// Notes that a row that is not in the graph goes.
    func noteTailRemoval(of row: Int) {
        if row == indexed { boundaryChanges += 1 }
    }

    /// The rows of slots, without those that have gone.
    func rows(of slots: [UInt32]) -> [Int] {
        slots.compactMap { slot in
            guard Int(slot) < rows.count, rows[Int(slot)] != PartitionGraph.none else { return nil }
            return Int(rows[Int(slot)])
        }
    }

    /// Up to `limit` slots that are to be marked, which then count as marked.
    func takeUnmarked(limit: Int) -> [UInt32] {
        let taken = Array(unmarked.suffix(limit))
        unmarked.removeLast(taken.count)
        return taken
    }
}
