import CGraphIndex
import CVectorKernels

/// A graph over rows in which the nearest are found without looking at all of them.
///
/// It finds nearly always what a scan finds. Rows are known by slots: numbers from 0 in order of addition.
///
/// `@unchecked Sendable`: the graph behind the pointer lets searches run beside one thread that changes it, and lives as
/// long as this object.
final class RowGraph: @unchecked Sendable {
    private let graph: OpaquePointer

    /// Neighbors that a row is connected with; measured on questions together with the two below.
    private static let links = 16
    /// Candidates looked at to connect a row.
    private static let buildBreadth = 200
    /// Candidates that a search looks at, and returns.
    static let searchBreadth = 192

    /// Creates an empty graph with room for `capacity` rows; nil when there is no memory.
    init?(kernel: ScanKernel, layout: RowLayout, capacity: Int) {
        let created = graph_index_create(
            kernel.kernel,
            layout.stride,
            max(1, capacity),
            RowGraph.links,
            RowGraph.buildBreadth
        )
        guard let created else { return nil }
        graph = created
    }

    deinit { graph_index_free(graph) }

    /// Adds a row in the next slot; false when there is no memory: the graph is then to be dropped.
    ///
    /// Waits for searches, about O(log rows).
    func add(_ row: GraphRow) -> Bool { graph_index_add(graph, row.components, row.scale) }

    /// Takes slots out of what is found; waits for searches.
    func mark(_ slots: [UInt32]) {
        for slot in slots { graph_index_mark(graph, slot) }
    }

    /// The slots of about the ``searchBreadth`` nearest rows, nearest first; nil when the graph is being changed or
    /// there is no memory: a search does not wait.
    func nearest(to query: GraphRow) -> [UInt32]? {
        var found = -1
        let slots = [UInt32](unsafeUninitializedCapacity: RowGraph.searchBreadth) { buffer, initialized in
            guard let target = buffer.baseAddress else { return }
            found = graph_index_search(graph, query.components, query.scale, buffer.count, target)
            initialized = max(0, found)
        }
        return found < 0 ? nil : slots
    }

    /// Bytes of memory; not while a row is added.
    var bytes: Int { graph_index_bytes(graph) }

    /// Bytes that a graph of so many rows takes at most, about.
    static func estimatedBytes(rows: Int, layout: RowLayout) -> Int {
        (3 << 20) + capacity(for: rows) * (layout.stride + 260)
    }

    /// Rows that a new graph gets room for, when `rows` are there.
    static func capacity(for rows: Int) -> Int { rows + rows / 8 + 64 }
}

/// A vector in the form in which graphs take it: ``RowLayout/stride`` components plus 128.
struct GraphRow: Sendable {
    var components: [UInt8]
    var scale: Float
}
