import CVectorKernels
import SemanticCache

/// One search: what is asked, and whom to tell.
struct NeighborSearch: Sendable {
    let partition: Partition
    let count: Int
    let now: Timestamp
    let completion: @Sendable ([Neighbor]) -> Void

    private let vector: [Float]
    /// The vector as bytes, zero beyond its dimensions.
    private let bytes: [Int8]
    private let layout: RowLayout

    /// Rows that the scan over bytes finds, of which floats choose.
    private static let rescored = 8

    /// Creates a search; nil when nothing can be near the vector, or nothing is asked for.
    init?(
        vector: [Float],
        partition: Partition,
        count: Int,
        now: Timestamp,
        layout: RowLayout,
        completion: @escaping @Sendable ([Neighbor]) -> Void
    ) {
        guard count > 0, vector.count == layout.dimensions, let quantized = QuantizedVector(vector) else { return nil }
        self.partition = partition
        self.count = count
        self.now = now
        self.completion = completion
        self.vector = vector
        self.layout = layout
        bytes = quantized.components + [Int8](repeating: 0, count: layout.stride - layout.dimensions)
    }

    /// Finds the nearest rows of a snapshot: by bytes the best few, among which floats decide.
    func nearest(in rows: RowSnapshot, kernel: ScanKernel) -> [Neighbor] {
        let wanted = min(rows.count, max(NeighborSearch.rescored, count))
        guard wanted > 0 else { return [] }
        var candidates = [vector_candidate](repeating: vector_candidate(score: 0, row: 0), count: wanted)
        var found = 0
        for (number, block) in rows.blocks.enumerated() {
            found = vector_scan_rows(
                kernel.kernel,
                block.components,
                layout.stride,
                block.count,
                bytes,
                block.scales,
                block.expiries,
                now.milliseconds,
                UInt32(number * RowBlock.maximumRows),
                &candidates,
                wanted,
                found
            )
        }
        let scored = candidates.prefix(found).map { (row: Int($0.row), similarity: similarity(of: $0, in: rows)) }
        return scored.sorted { $0.similarity > $1.similarity }.prefix(count).map { row, similarity in
            let block = rows.blocks[row / RowBlock.maximumRows]
            let place = row % RowBlock.maximumRows
            return Neighbor(entry: block.entry(at: place), text: block.text(at: place), similarity: similarity)
        }
    }

    private func similarity(of candidate: vector_candidate, in rows: RowSnapshot) -> Double {
        let block = rows.blocks[Int(candidate.row) / RowBlock.maximumRows]
        let row = block.components(at: Int(candidate.row) % RowBlock.maximumRows)
        return max(-1, min(1, vector_cosine(vector, row, layout.dimensions)))
    }
}
