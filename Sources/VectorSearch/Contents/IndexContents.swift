import SemanticCache

/// All that an index holds, used under the index's lock.
///
/// Each partition holds its rows; a table finds the row of an entry, another the partition of a digest.
///
/// `@unchecked Sendable`: only ever touched within the critical sections of the mutex that holds it.
final class IndexContents: @unchecked Sendable {
    let layout: RowLayout
    let maximumBytes: Int
    /// Whether dropped elements can be loaded again.
    let reloads: Bool

    /// The partitions by number; nil where a number is free.
    private(set) var partitions: [PartitionRows?] = []
    private var freeNumbers: [UInt32] = []
    private var numbers = FingerprintTable()
    private var locations = FingerprintTable()
    private(set) var namespaces: [Namespace: [UInt32]] = [:]
    var used = Recency()
    var dropped = Recency()
    var sweepPlace = SweepPlace()
    var graphWork: GraphWork
    /// Searches that a graph has answered.
    var graphSearches = 0

    private(set) var partitionBytes = 0

    init(layout: RowLayout, maximumBytes: Int, reloads: Bool, graphAbove: Int? = nil) {
        self.layout = layout
        graphWork = GraphWork(threshold: graphAbove)
        self.maximumBytes = maximumBytes
        self.reloads = reloads
    }

    /// Texts beyond this many bytes are not held.
    static let maximumTextBytes = 1 << 20

    var bytes: Int { partitionBytes + locations.bytes + numbers.bytes + partitions.capacity * 8 }

    var usage: IndexUsage {
        var usage = IndexUsage()
        usage.elements = locations.count
        usage.bytes = bytes
        usage.partitions = numbers.count
        return usage
    }

    func insert(_ element: IndexElement) {
        guard element.vector.components.count == layout.dimensions,
            element.text.utf8.count <= IndexContents.maximumTextBytes
        else { return }
        if let location = locate(element.entry), let holder = partitions[Int(location.partition)] {
            if !location.isAbsent, holder.partition == element.partition {
                let (block, row) = holder.block(of: location.place)
                if block.holds(element, at: row) {
                    holder.setExpiry(element.expiresAt, at: location.place)
                    touch(holder)
                    return
                }
            }
            take(location, of: element.entry, from: holder)
        }
        guard let partition = partition(of: element) else { return }
        add(element, to: partition)
        touch(partition)
        makeRoom(sparing: partition)
    }

    func remove(_ entry: Fingerprint) {
        guard let location = locate(entry), let holder = partitions[Int(location.partition)] else { return }
        take(location, of: entry, from: holder)
    }

    /// Finds an entry, in O(1).
    func locate(_ entry: Fingerprint) -> Location? {
        locations.find(entry.tableHash) { self.entry(at: $0) == entry }.map(Location.init(packed:))
    }

    /// Finds a partition, in O(1).
    func find(_ partition: Partition) -> PartitionRows? {
        let number = numbers.find(partition.digest.tableHash) { self.partitions[Int($0)]?.partition == partition }
        return number.flatMap { partitions[Int($0)] }
    }

    /// Whether a partition is still part of the index.
    func holds(_ partition: PartitionRows) -> Bool {
        Int(partition.number) < partitions.count && partitions[Int(partition.number)] === partition
    }

    /// Forgets the element at a location; the partition leaves with its last one.
    func take(_ location: Location, of entry: Fingerprint, from partition: PartitionRows) {
        locations.remove(location.packed, hash: entry.tableHash) { self.entry(at: $0)?.tableHash ?? 0 }
        withdraw(location, from: partition)
        if partition.elements == 0 {
            leave(partition)
        } else if partition.count == 0, partition.listing == .used {
            list(partition, as: .dropped)
        }
    }

    /// Adds the row of an element that is nowhere in the index.
    func add(_ element: IndexElement, to partition: PartitionRows) {
        measure(partition) {
            let location = Location(partition: partition.number, place: partition.append(element))
            locations.insert(location.packed, hash: element.entry.tableHash) { self.entry(at: $0)?.tableHash ?? 0 }
        }
        reviewGraph(of: partition)
    }

    /// Moves the element of a row out of memory: only its entry is kept.
    func makeAbsent(row: Int, of partition: PartitionRows) {
        let entry = partition.entry(at: row)
        let here = Location(partition: partition.number, place: row)
        let there = Location(partition: partition.number, place: partition.absent.count, isAbsent: true)
        locations.replace(here.packed, with: there.packed, hash: entry.tableHash)
        withdraw(here, from: partition)
        measure(partition) {
            partition.absent.append(entry)
            if partition.count == 0 { partition.absent = Array(partition.absent[...]) }
        }
        partition.residencyChanges += 1
    }

    /// Brings an absent element back into memory.
    func comeBack(_ element: IndexElement, from location: Location, to partition: PartitionRows) {
        measure(partition) {
            let row = Location(partition: partition.number, place: partition.append(element))
            locations.replace(location.packed, with: row.packed, hash: element.entry.tableHash)
        }
        withdraw(location, from: partition)
        reviewGraph(of: partition)
        partition.residencyChanges += 1
    }

    /// Puts a partition at the head of a list; a partition with a load in flight is in none.
    func list(_ partition: PartitionRows, as listing: Listing) {
        switch partition.listing {
        case .used: used.remove(partition, of: partitions)
        case .dropped: dropped.remove(partition, of: partitions)
        case .none: break
        }
        partition.listing = listing
        switch listing {
        case .used: used.add(partition, of: partitions)
        case .dropped: dropped.add(partition, of: partitions)
        case .none: break
        }
    }

    /// Notes a use.
    func touch(_ partition: PartitionRows) {
        if partition.load == nil { list(partition, as: partition.count == 0 ? .dropped : .used) }
    }

    /// Forgets a partition without elements.
    private func leave(_ partition: PartitionRows) {
        retireGraph(of: partition)
        list(partition, as: .none)
        numbers.remove(UInt64(partition.number), hash: partition.partition.digest.tableHash) {
            self.partitions[Int($0)]?.partition.digest.tableHash ?? 0
        }
        var siblings = namespaces.removeValue(forKey: partition.namespace) ?? []
        let last = siblings.removeLast()
        if last != partition.number {
            siblings[partition.placeInNamespace] = last
            partitions[Int(last)]?.placeInNamespace = partition.placeInNamespace
        }
        if !siblings.isEmpty { namespaces[partition.namespace] = siblings }
        partitionBytes -= partition.bytes
        partitions[Int(partition.number)] = nil
        freeNumbers.append(partition.number)
    }

    /// The partition of an element, new if need be; nil when it is of another namespace, which no element may enter.
    private func partition(of element: IndexElement) -> PartitionRows? {
        if let known = find(element.partition) { return known.namespace == element.namespace ? known : nil }
        if freeNumbers.isEmpty {
            freeNumbers.append(UInt32(partitions.count))
            partitions.append(nil)
        }
        let number = freeNumbers.removeLast()
        let new = PartitionRows(
            partition: element.partition,
            number: number,
            namespace: element.namespace,
            layout: layout
        )
        new.placeInNamespace = namespaces[element.namespace]?.count ?? 0
        namespaces[element.namespace, default: []].append(number)
        partitions[Int(number)] = new
        partitionBytes += new.bytes
        numbers.insert(UInt64(number), hash: element.partition.digest.tableHash) {
            self.partitions[Int($0)]?.partition.digest.tableHash ?? 0
        }
        return new
    }

    /// Takes an element out of its place, whose number the table no longer holds; others fill the gap.
    private func withdraw(_ location: Location, from partition: PartitionRows) {
        measure(partition) {
            if location.isAbsent {
                let last = Location(partition: partition.number, place: partition.absent.count - 1, isAbsent: true)
                let entry = partition.absent.removeLast()
                guard location.place < partition.absent.count else { return }
                partition.absent[location.place] = entry
                locations.replace(last.packed, with: location.packed, hash: entry.tableHash)
            } else {
                partition.remove(at: location.place) { entry, from, to in
                    let old = Location(partition: partition.number, place: from)
                    let new = Location(partition: partition.number, place: to)
                    locations.replace(old.packed, with: new.packed, hash: entry.tableHash)
                }
            }
        }
        if !location.isAbsent { reviewGraph(of: partition) }
    }

    /// Keeps the sum of bytes right over a change of a partition.
    func measure(_ partition: PartitionRows, _ change: () -> Void) {
        let before = partition.bytes
        change()
        partitionBytes += partition.bytes - before
    }

    private func entry(at packed: UInt64) -> Fingerprint? {
        let location = Location(packed: packed)
        guard let partition = partitions[Int(location.partition)] else { return nil }
        return location.isAbsent ? partition.absent[location.place] : partition.entry(at: location.place)
    }
}
