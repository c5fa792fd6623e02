import CVectorKernels
import SemanticCache

/// One search: what is asked, and whom to tell.
struct NeighborSearch: Sendable {
    let partition: Partition
    /// What rows must have.
    let attributes: [AttributeDigest]
    let count: Int
    let now: Timestamp
    let completion: @Sendable ([Neighbor]) -> Void

    private let vector: [Float]
    /// The vector as bytes, zero beyond its dimensions.
    private let bytes: [Int8]
    private let scale: Float
    private let layout: RowLayout

    /// Rows that the scan over bytes finds, of which floats choose.
    private static let rescored = 8

    /// Creates a search; nil when nothing can be near the vector, or nothing is asked for.
    init?(
        vector: [Float],
        partition: Partition,
        attributes: [AttributeDigest],
        count: Int,
        now: Timestamp,
        layout: RowLayout,
        completion: @escaping @Sendable ([Neighbor]) -> Void
    ) {
        guard count > 0, vector.count == layout.dimensions, let quantized = QuantizedVector(vector) else { return nil }
        self.partition = partition
        self.attributes = attributes
        self.count = count
        self.now = now
        self.completion = completion
        self.vector = vector
        self.layout = layout
        scale = quantized.scale
        bytes = quantized.components + [Int8](repeating: 0, count: layout.stride - layout.dimensions)
    }

    /// Whether a graph may answer: it finds a limited number of rows, and knows nothing of attributes.
    var suitsGraph: Bool { attributes.isEmpty && count <= RowGraph.searchBreadth / 8 }

    /// The query in the form in which graphs take it.
    var graphRow: GraphRow { GraphRow(components: bytes.map { UInt8(bitPattern: $0) ^ 0x80 }, scale: scale) }

    /// Finds the nearest rows of a snapshot: by bytes the best few, among which floats decide.
    func nearest(in rows: RowSnapshot, kernel: ScanKernel) -> [Neighbor] {
        best(of: scan(rows, from: 0, kernel: kernel), in: rows)
    }

    /// Finds the nearest rows of a snapshot, as a scan does, but among its first `indexed` rows those that a graph
    /// found, nearest first; a scan when too few of them live.
    func nearest(in rows: RowSnapshot, found: [Int], indexed: Int, kernel: ScanKernel) -> [Neighbor] {
        let wanted = candidates(of: indexed)
        let isLiving = { (row: Int) in
            rows.blocks[row / RowBlock.maximumRows].expiries[row % RowBlock.maximumRows] > self.now.milliseconds
        }
        let living = Array(found.lazy.filter(isLiving).prefix(wanted))
        guard living.count == wanted else { return nearest(in: rows, kernel: kernel) }
        return best(of: living + scan(rows, from: indexed, kernel: kernel), in: rows)
    }

    /// Rows of `count` that are compared in floats.
    private func candidates(of count: Int) -> Int { min(count, max(NeighborSearch.rescored, self.count)) }

    /// The rows from `first` on that are nearest in bytes, the nearest first.
    private func scan(_ rows: RowSnapshot, from first: Int, kernel: ScanKernel) -> [Int] {
        let wanted = candidates(of: rows.count - first)
        guard wanted > 0 else { return [] }
        var nearest = [vector_candidate](repeating: vector_candidate(score: 0, row: 0), count: wanted)
        var found = 0
        for number in first / RowBlock.maximumRows..<rows.blocks.count {
            let block = rows.blocks[number]
            let start = max(0, first - number * RowBlock.maximumRows)
            withExpiries(of: block, from: start) { expiries in
                found = vector_scan_rows(
                    kernel.kernel,
                    block.components(at: start),
                    layout.stride,
                    block.count - start,
                    bytes,
                    block.scales + start,
                    expiries,
                    now.milliseconds,
                    UInt32(number * RowBlock.maximumRows + start),
                    &nearest,
                    wanted,
                    found
                )
            }
        }
        return nearest.prefix(found).map { Int($0.row) }
    }

    /// Calls `body` with the expiries of a block's rows from `start` on; rows without the attributes have expired.
    private func withExpiries(of block: RowBlock, from start: Int, _ body: (UnsafePointer<Int64>) -> Void) {
        if attributes.isEmpty { return body(block.expiries + start) }
        withUnsafeTemporaryAllocation(of: Int64.self, capacity: max(1, block.count - start)) { room in
            // As many as were allocated are written before they are read.
            guard let base = room.baseAddress else { return }
            block.copyExpiries(from: start, having: attributes, to: base)
            body(UnsafePointer(base))
        }
    }

    private func best(of candidates: [Int], in rows: RowSnapshot) -> [Neighbor] {
        let scored = candidates.map { (row: $0, similarity: similarity(of: $0, in: rows)) }
        return scored.sorted { $0.similarity > $1.similarity }.prefix(count).map { row, similarity in
            let block = rows.blocks[row / RowBlock.maximumRows]
            let place = row % RowBlock.maximumRows
            return Neighbor(entry: block.entry(at: place), text: block.text(at: place), similarity: similarity)
        }
    }

    private func similarity(of row: Int, in rows: RowSnapshot) -> Double {
        let components = rows.blocks[row / RowBlock.maximumRows].components(at: row % RowBlock.maximumRows)
        return max(-1, min(1, vector_cosine(vector, components, layout.dimensions)))
    }
}
