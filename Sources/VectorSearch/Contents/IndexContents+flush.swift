import SemanticCache

/// How far a flush has come: from the last partition of the namespace to the first, in each from the last element to
/// the first, because what leaves is replaced by what stood last and has been looked at.
struct FlushPlace {
    /// Partitions still to be looked at; nil before the first.
    var partitionsLeft: Int?
    fileprivate var partition: PartitionRows?
    fileprivate var residencyChanges = 0
    fileprivate var rowsLeft = 0
    fileprivate var absentLeft = 0
}

extension IndexContents {
    /// Forgets the entries of a namespace that `isGone` says, about `limit` of them looked at; true when done.
    func flushStep(
        _ namespace: Namespace,
        place: inout FlushPlace,
        limit: Int,
        where isGone: (Fingerprint) -> Bool
    ) -> Bool {
        var examined = 0
        while examined < limit {
            if let partition = place.partition, holds(partition) {
                if partition.residencyChanges != place.residencyChanges { begin(partition, &place) }
                guard let location = place.next(in: partition) else {
                    place.partition = nil
                    continue
                }
                examined += 1
                let entry =
                    location.isAbsent ? partition.absent[location.place] : partition.entry(at: location.place)
                if isGone(entry) { take(location, of: entry, from: partition) }
            } else {
                let numbers = namespaces[namespace] ?? []
                let left = min(place.partitionsLeft ?? numbers.count, numbers.count)
                guard left > 0 else { return true }
                place.partitionsLeft = left - 1
                examined += 1
                if let partition = partitions.at(numbers[left - 1]) { begin(partition, &place) }
            }
        }
        return false
    }

    private func begin(_ partition: PartitionRows, _ place: inout FlushPlace) {
        place.partition = partition
        place.residencyChanges = partition.residencyChanges
        place.rowsLeft = partition.count
        place.absentLeft = partition.absent.count
    }
}

extension FlushPlace {
    /// The next element of a partition; nil after the last.
    fileprivate mutating func next(in partition: PartitionRows) -> Location? {
        rowsLeft = min(rowsLeft, partition.count)
        absentLeft = min(absentLeft, partition.absent.count)
        if rowsLeft > 0 {
            rowsLeft -= 1
            return Location(partition: partition.number, place: rowsLeft)
        }
        guard absentLeft > 0 else { return nil }
        absentLeft -= 1
        return Location(partition: partition.number, place: absentLeft, isAbsent: true)
    }
}
