import SemanticCache

/// The elements of one partition: rows in blocks that are full but for the last, and the entries of elements that have
/// been dropped for want of memory.
///
/// `@unchecked Sendable`: read and written only under the index's lock, but for what is
/// constant.
final class PartitionRows: @unchecked Sendable {
    let partition: Partition
    let namespace: Namespace
    let layout: RowLayout
    /// Its number among the partitions.
    let number: UInt32
    /// Its place among the partitions of its namespace.
    var placeInNamespace = 0
    /// Its neighbors in the order of last use.
    var recency = Recency.Links()
    /// The list that it is in.
    var listing = Listing.none

    private(set) var blocks: [RowBlock] = []
    /// Rows in the blocks.
    private(set) var count = 0
    /// Entries whose elements are not in memory.
    var absent: [Fingerprint] = []
    /// The load that is in flight.
    var load: PartitionLoad?
    /// Whether no more of it fits into memory than is there.
    var isPartlyLoaded = false
    /// How often elements have left memory or come back.
    var residencyChanges = 0
    /// Finds near rows when there are many; the rows in it come before the others.
    var graph: PartitionGraph?
    /// Whether there was no memory for a graph.
    var refusesGraph = false

    /// Searches that hold blocks of the partition now.
    private(set) var readers = 0
    /// How many snapshots have been taken.
    private(set) var generation: UInt64 = 0

    init(partition: Partition, number: UInt32, namespace: Namespace, layout: RowLayout) {
        self.partition = partition
        self.number = number
        self.namespace = namespace
        self.layout = layout
    }

    /// Elements of the partition, in memory or not.
    var elements: Int { count + absent.count }

    /// Bytes that the rows and the entries of absent elements take, with what the allocator adds.
    private(set) var blockBytes = 0
    var bytes: Int {
        PartitionRows.emptyBytes + blockBytes + blocks.capacity * 8 + absent.capacity * 32 + (graph?.bytes ?? 0)
    }

    private static let manyBlocks = 8

    /// Bytes of a partition without elements: the object, its place in the tables, the headers of its arrays.
    static let emptyBytes = 352

    func entry(at row: Int) -> Fingerprint {
        blocks[row / RowBlock.maximumRows].entry(at: row % RowBlock.maximumRows)
    }

    func block(of row: Int) -> (block: RowBlock, row: Int) {
        (blocks[row / RowBlock.maximumRows], row % RowBlock.maximumRows)
    }

    /// Adds a row after the last and returns its number.
    func append(_ element: IndexElement) -> Int {
        let number = blocks.count - 1
        if number >= 0, blocks[number].count < RowBlock.maximumRows {
            let count = blocks[number].count
            change(number, capacity: capacity(for: count + 1)) { $0.append(element) }
        } else {
            let capacity = blocks.count < PartitionRows.manyBlocks ? 1 : RowBlock.maximumRows
            let block = RowBlock(layout: layout, capacity: capacity, generation: generation)
            block.append(element)
            blockBytes += block.bytes
            blocks.append(block)
        }
        count += 1
        return count - 1
    }

    /// Takes a row away; others fill the gap.
    ///
    /// The last row takes its place; for a row of the graph, the last one of the graph does, and the last row that
    /// one's. `moved` is told what is put where.
    func remove(at row: Int, moved: (_ entry: Fingerprint, _ from: Int, _ to: Int) -> Void) {
        var gap = row
        if let graph, row < graph.indexed {
            gap = graph.indexed - 1
            if row != gap {
                moved(entry(at: gap), gap, row)
                fill(row, from: gap)
            }
            graph.noteRemoval(of: row)
        } else {
            graph?.noteTailRemoval(of: row)
        }
        if gap != count - 1 {
            moved(entry(at: count - 1), count - 1, gap)
            fill(gap, from: count - 1)
        }
        removeLast()
    }

    private func fill(_ row: Int, from other: Int) {
        let otherBlock = other / RowBlock.maximumRows
        change(row / RowBlock.maximumRows) { block in
            block.replace(
                row % RowBlock.maximumRows,
                from: otherBlock == row / RowBlock.maximumRows ? block : self.blocks[otherBlock],
                row: other % RowBlock.maximumRows
            )
        }
    }

    private func removeLast() {
        let lastBlock = (count - 1) / RowBlock.maximumRows
        let lastRow = (count - 1) % RowBlock.maximumRows
        count -= 1
        if lastRow == 0 {
            blockBytes -= blocks[lastBlock].bytes
            blocks.removeLast()
        } else {
            change(lastBlock) { $0.removeLast() }
            let capacity = capacity(for: lastRow)
            if blocks[lastBlock].capacity > 2 * capacity { change(lastBlock, capacity: capacity) { _ in } }
        }
    }

    /// A row in the form in which graphs take it.
    func graphRow(at row: Int) -> GraphRow {
        let (block, place) = block(of: row)
        let components = UnsafeBufferPointer(start: block.components(at: place), count: layout.stride)
        return GraphRow(components: Array(components), scale: block.scales[place])
    }

    func setExpiry(_ expiry: Timestamp, at row: Int) {
        guard blocks[row / RowBlock.maximumRows].expiries[row % RowBlock.maximumRows] != expiry.milliseconds else {
            return
        }
        change(row / RowBlock.maximumRows) { $0.setExpiry(expiry.milliseconds, at: row % RowBlock.maximumRows) }
    }

    /// Finds the earliest expiry of a block again.
    func refreshEarliestExpiry(ofBlock number: Int) { change(number) { $0.refreshEarliestExpiry() } }

    /// Changes a block, in place when no search holds it and its capacity is enough and not to be changed; else a copy
    /// takes its place.
    private func change(_ number: Int, capacity: Int? = nil, _ body: (RowBlock) -> Void) {
        var block = blocks[number]
        blockBytes -= block.bytes
        let isHeld = readers > 0 && block.generation != generation
        let wanted = capacity ?? block.capacity
        if isHeld || (capacity != nil && (wanted > block.capacity || 2 * wanted < block.capacity)) {
            block = RowBlock(copying: block, capacity: max(wanted, block.count), generation: generation)
            blocks[number] = block
        }
        body(block)
        block.compactTexts()
        blockBytes += block.bytes
    }

    /// Rows that the last block has room for when it holds `count`: a sixteenth more while it is the only one, for most
    /// partitions are small and many; a power of two later, so that few sizes of memory are asked for; all at once when
    /// there are many blocks, for blocks that grow leave holes in the heap.
    private func capacity(for count: Int) -> Int {
        if blocks.count > PartitionRows.manyBlocks { return RowBlock.maximumRows }
        if blocks.count == 1 { return min(RowBlock.maximumRows, count + count / 16) }
        return 1 << (Int.bitWidth - (max(count, 1) - 1).leadingZeroBitCount)
    }

    /// Hands out the rows as they are now, until ``endReading()``: what changes meanwhile changes copies.
    func beginReading() -> RowSnapshot {
        readers += 1
        generation += 1
        return RowSnapshot(source: self, blocks: blocks, count: count)
    }

    func endReading() { readers -= 1 }
}

/// Where a partition stands in the order of last use.
enum Listing {
    /// Among those with rows in memory.
    case used
    /// Among those without.
    case dropped
    /// Nowhere: it may not be dropped now.
    case none
}

/// The rows of a partition at one moment; may be read on any thread until it is given back.
struct RowSnapshot: Sendable {
    /// Where it came from.
    let source: PartitionRows
    let blocks: [RowBlock]
    let count: Int
}
