import SemanticCache

extension IndexContents {
    /// Drops what was used longest ago until the bound holds.
    ///
    /// What makes room may be `current` itself when it alone takes more than half: one partition does not push out all
    /// others. A partition's graph leaves before its elements. Elements leave memory 256 at a time, so that the work is in proportion to what came in.
    func makeRoom(sparing current: PartitionRows) {
        while bytes > maximumBytes {
            let maySqueeze = current.count > 0 && current.load == nil && holds(current)
            if maySqueeze, current.bytes > maximumBytes / 2 {
                if !retireGraph(of: current) { squeeze(current) }
            } else if let victim = partitions.at(used.oldest), victim !== current {
                if !retireGraph(of: victim) { dropRows(of: victim, fromEnd: true) }
            } else if let forgotten = partitions.at(dropped.oldest), forgotten !== current {
                forgetAbsent(of: forgotten)
            } else if maySqueeze {
                if !retireGraph(of: current) { squeeze(current) }
            } else {
                return
            }
        }
    }

    /// How many elements of a dropped partition may be loaded: what fits into three quarters of the bound.
    var loadableElements: Int {
        max(1, maximumBytes / 4 * 3 / (layout.bytes(capacity: 1) + IndexContents.bytesBesideRow))
    }

    /// A text and a place in the table, about.
    private static let bytesBesideRow = 112

    private func squeeze(_ partition: PartitionRows) {
        dropRows(of: partition, fromEnd: false)
        if holds(partition) { partition.isPartlyLoaded = partition.count > 0 }
    }

    private func dropRows(of partition: PartitionRows, fromEnd: Bool) {
        var next = 0
        for _ in 0..<min(RowBlock.maximumRows, partition.count) {
            let row = fromEnd ? partition.count - 1 : min(next, partition.count - 1)
            next += 1
            if reloads {
                makeAbsent(row: row, of: partition)
            } else {
                take(Location(partition: partition.number, place: row), of: partition.entry(at: row), from: partition)
            }
        }
        guard holds(partition) else { return }
        partition.isPartlyLoaded = false
        if partition.count == 0 { list(partition, as: .dropped) }
    }

    private func forgetAbsent(of partition: PartitionRows) {
        while let entry = partition.absent.last {
            let location = Location(partition: partition.number, place: partition.absent.count - 1, isAbsent: true)
            take(location, of: entry, from: partition)
        }
    }
}

extension Array where Element == PartitionRows? {
    /// The partition of a number; nil when there is none.
    func at(_ number: UInt32) -> PartitionRows? { Int(number) < count ? self[Int(number)] : nil }
}
