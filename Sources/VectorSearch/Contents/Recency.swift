/// The order in which partitions were last used, as a list through the partitions themselves.
struct Recency {
    /// A partition's neighbors in the list.
    struct Links {
        var newer: UInt32 = .max
        var older: UInt32 = .max
    }

    private(set) var newest: UInt32 = .max
    private(set) var oldest: UInt32 = .max

    mutating func add(_ partition: PartitionRows, of partitions: [PartitionRows?]) {
        partition.recency = Links(newer: .max, older: newest)
        if newest != .max { partitions[Int(newest)]?.recency.newer = partition.number }
        newest = partition.number
        if oldest == .max { oldest = partition.number }
    }

    mutating func remove(_ partition: PartitionRows, of partitions: [PartitionRows?]) {
        let links = partition.recency
        if links.newer != .max {
            partitions[Int(links.newer)]?.recency.older = links.older
        } else if newest == partition.number {
            newest = links.older
        }
        if links.older != .max {
            partitions[Int(links.older)]?.recency.newer = links.newer
        } else if oldest == partition.number {
            oldest = links.newer
        }
        partition.recency = Links()
    }
}
