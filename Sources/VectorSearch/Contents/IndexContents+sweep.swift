import SemanticCache

/// Where a sweep goes on.
struct SweepPlace {
    /// The number of the partition.
    var partition = 0
    /// Blocks of it that are still to be looked at; nil before the first.
    var blocks: Int?
}

extension IndexContents {
    /// Frees rows that have expired, from where the last call ended; looks at about `limit` blocks or rows.
    ///
    /// `partitionsLeft` says how many partitions the sweep may still enter and is counted down.
    func sweepStep(now: Timestamp, limit: Int, partitionsLeft: inout Int) -> (examined: Int, removed: Int) {
        var examined = 0
        var removed = 0
        while examined < limit, partitionsLeft > 0 {
            if sweepPlace.partition >= partitions.count { sweepPlace = SweepPlace() }
            guard let partition = partitions.at(UInt32(sweepPlace.partition)) else {
                examined += 1
                partitionsLeft -= 1
                sweepPlace = SweepPlace(partition: sweepPlace.partition + 1)
                continue
            }
            let left = min(sweepPlace.blocks ?? partition.blocks.count, partition.blocks.count)
            guard left > 0 else {
                examined += 1
                partitionsLeft -= 1
                sweepPlace = SweepPlace(partition: sweepPlace.partition + 1)
                continue
            }
            let gone = sweep(block: left - 1, of: partition, now: now)
            removed += gone.removed
            examined += gone.examined
            sweepPlace.blocks = left - 1
        }
        return (examined, removed)
    }

    private func sweep(block number: Int, of partition: PartitionRows, now: Timestamp) -> (examined: Int, removed: Int)
    {
        guard partition.blocks[number].earliestExpiry <= now.milliseconds else { return (1, 0) }
        let first = number * RowBlock.maximumRows
        let rows = partition.blocks[number].count
        var removed = 0
        for row in (first..<first + rows).reversed() {
            let block = partition.blocks[number]
            guard block.expiries[row - first] <= now.milliseconds else { continue }
            take(Location(partition: partition.number, place: row), of: block.entry(at: row - first), from: partition)
            removed += 1
        }
        if holds(partition), number < partition.blocks.count { partition.refreshEarliestExpiry(ofBlock: number) }
        return (rows, removed)
    }
}
