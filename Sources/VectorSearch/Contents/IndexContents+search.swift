import SemanticCache

/// Elements of a partition that are being loaded, and who waits for them.
struct PartitionLoad {
    /// What has been asked for.
    let entries: [Fingerprint]
    /// Searches that go on when the load has ended.
    var waiters: [NeighborSearch]
}

/// What a search begins with.
enum SearchStart {
    /// The partition has no elements.
    case nothing
    /// Its rows.
    case rows(RowSnapshot)
    /// Its graph.
    case graph(GraphView)
    /// Its rows, of the first `indexed` of which a graph has found the nearest, by their numbers, nearest first.
    case nearRows(RowSnapshot, rows: [Int], indexed: Int)
    /// It waits for a load; the first one that waits has to ask the source for `entries`.
    case wait
    case load(PartitionRows, entries: [Fingerprint])
}

extension IndexContents {
    /// Begins a search: hands out a graph or rows, or makes it wait for a load.
    func begin(_ search: NeighborSearch, mayUseGraph: Bool) -> SearchStart {
        guard let partition = find(search.partition) else { return .nothing }
        if partition.load != nil {
            partition.load?.waiters.append(search)
            return .wait
        }
        if partition.absent.isEmpty || partition.isPartlyLoaded {
            touch(partition)
            if mayUseGraph, let view = graph(of: partition) { return .graph(view) }
            return .rows(partition.beginReading())
        }
        let entries = Array(partition.absent.suffix(loadableElements))
        list(partition, as: .none)
        partition.load = PartitionLoad(entries: entries, waiters: [search])
        return .load(partition, entries: entries)
    }

    /// Takes loaded elements in, unless they have left or been replaced since they were asked for.
    func takeIn(_ elements: some Sequence<IndexElement>, of partition: PartitionRows) {
        guard holds(partition) else { return }
        for element in elements {
            guard element.partition == partition.partition, element.namespace == partition.namespace,
                element.vector.components.count == layout.dimensions,
                element.text.utf8.count <= IndexContents.maximumTextBytes,
                let location = locate(element.entry), location.isAbsent, location.partition == partition.number
            else { continue }
            // The row comes first: a partition leaves with its last element.
            comeBack(element, from: location, to: partition)
        }
        makeRoom(sparing: partition)
    }

    /// Ends a load and returns who waited for it.
    ///
    /// What was asked for and did not come is forgotten when the source `answered`.
    func endLoad(of partition: PartitionRows, answered: Bool) -> [(search: NeighborSearch, rows: RowSnapshot?)] {
        guard let load = partition.load else { return [] }
        partition.load = nil
        if holds(partition), answered {
            for entry in load.entries where holds(partition) {
                guard let location = locate(entry), location.isAbsent, location.partition == partition.number else {
                    continue
                }
                take(location, of: entry, from: partition)
            }
        }
        guard holds(partition) else { return load.waiters.map { ($0, nil) } }
        partition.isPartlyLoaded = answered && partition.count > 0 && !partition.absent.isEmpty
        touch(partition)
        makeRoom(sparing: partition)
        return load.waiters.map { ($0, holds(partition) ? partition.beginReading() : nil) }
    }
}
