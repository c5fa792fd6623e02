import NIOConcurrencyHelpers
public import SemanticCache

/// A ``VectorIndex`` in the memory of this process, one byte a component.
///
/// A search scores all rows of the partition in bytes and the best eight again with the query in floats. Rows that have
/// expired are skipped; ``sweep(now:limit:)`` frees them. Searches read rows that nobody writes: a change while a
/// search runs is made to a copy of the 256 rows around it. So searches and changes hold one lock, and only for a few
/// microseconds.
///
/// Partitions above ``LocalVectorIndexSettings/graphAbove`` get a graph (hierarchical navigable small worlds, Malkov and
/// Yashunin, arXiv 1603.09320), where there is room for it: it finds nearly always the same in less time. A thread of
/// low priority makes it and adds what comes; until then, and while it is being changed, rows are scanned.
///
/// The last insertion of an entry wins, whatever its version: one that repeats text and vector moves the expiry only.
/// Elements of another dimension, with a text of more than 1 MiB, or in a partition that holds another namespace's
/// elements are ignored.
public final class LocalVectorIndex: VectorIndex {
    private let settings: LocalVectorIndexSettings
    let layout: RowLayout
    private let source: (any IndexElementSource)?
    let kernel: ScanKernel
    private let threads: SearchThreads
    /// Works at graphs; nil when there are none.
    let builder: SearchThreads?
    let contents: NIOLockedValueBox<IndexContents>

    /// Elements that one hold of the lock looks at when there may be many.
    private static let step = 512

    /// Creates an empty index.
    ///
    /// `source` gives back what leaves memory for want of room; without one it is forgotten.
    public convenience init(_ settings: LocalVectorIndexSettings, source: (any IndexElementSource)? = nil) {
        self.init(settings, source: source, kernel: .best)
    }

    init(_ settings: LocalVectorIndexSettings, source: (any IndexElementSource)?, kernel: ScanKernel) {
        precondition(1...65_536 ~= settings.dimensions, "an index has 1 to 65,536 dimensions")
        self.settings = settings
        self.source = source
        self.kernel = kernel
        layout = RowLayout(dimensions: settings.dimensions)
        threads = SearchThreads(count: settings.threads)
        builder = settings.graphAbove == nil ? nil : SearchThreads(count: 1, niceness: 10)
        contents = NIOLockedValueBox(LocalVectorIndex.emptyContents(settings, reloads: source != nil))
    }

    private static func emptyContents(_ settings: LocalVectorIndexSettings, reloads: Bool) -> IndexContents {
        IndexContents(
            layout: RowLayout(dimensions: settings.dimensions),
            maximumBytes: settings.maximumBytes,
            reloads: reloads,
            graphAbove: settings.graphAbove
        )
    }

    /// Adds an element, or replaces the one of the same entry.
    public func insert(_ element: IndexElement) { locked { $0.insert(element) } }

    /// Forgets an entry; does nothing when it is not there.
    public func remove(_ entry: Fingerprint, in namespace: Namespace) { locked { $0.remove(entry) } }

    /// Forgets the entries of a namespace that `isGone` says; O(entries of the namespace), in steps between which
    /// searches go on.
    ///
    /// `isGone` must not call the index.
    public func removeAll(in namespace: Namespace, where isGone: @escaping @Sendable (Fingerprint) -> Bool) {
        var place = FlushPlace()
        var isDone = false
        while !isDone {
            isDone = locked {
                $0.flushStep(namespace, place: &place, limit: LocalVectorIndex.step, where: isGone)
            }
        }
    }

    /// Forgets everything.
    public func removeAll() {
        // What is forgotten is freed after the lock has been given back.
        let forgotten = contents.withLockedValue { contents in
            let old = contents.partitions
            contents = LocalVectorIndex.emptyContents(settings, reloads: source != nil)
            return old
        }
        withExtendedLifetime(forgotten) {}
    }

    /// Completes at once: changes take effect before they return.
    public func whenSettled(_ completion: @escaping @Sendable () -> Void) { completion() }

    /// Frees elements that have expired at `now`, going on where the last call ended; returns how many.
    ///
    /// Looks at `limit` elements at most, and not twice at one: to be called about each second. Elements that are not
    /// in memory are freed when they are loaded.
    @discardableResult
    public func sweep(now: Timestamp, limit: Int = 16_384) -> Int {
        var removed = 0
        var left = limit
        var partitionsLeft = locked { $0.partitions.count }
        while left > 0, partitionsLeft > 0 {
            let step = locked {
                $0.sweepStep(now: now, limit: min(left, LocalVectorIndex.step), partitionsLeft: &partitionsLeft)
            }
            removed += step.removed
            left -= step.examined
        }
        return removed
    }

    /// Finds the `count` nearest entries of a partition that have the attributes and live at `now`, nearest first, by
    /// cosine; O(rows) with attributes, which graphs do not know.
    ///
    /// Completes before it returns when the partition is small and in memory, else on a thread of the index: what is
    /// not in memory is asked of the source first, once for all searches that wait for it. When the source cannot be
    /// asked, the search finds what is in memory.
    public func neighbors(
        of vector: [Float],
        in partition: Partition,
        having attributes: [AttributeDigest],
        count: Int,
        now: Timestamp,
        completion: @escaping @Sendable ([Neighbor]) -> Void
    ) {
        let search = NeighborSearch(
            vector: vector,
            partition: partition,
            attributes: attributes,
            count: count,
            now: now,
            layout: layout,
            completion: completion
        )
        guard let search else { return completion([]) }
        switch locked({ $0.begin(search, mayUseGraph: search.suitsGraph) }) {
        case .rows(let rows) where rows.count > settings.inlineElements:
            threads.run { self.finish(search, in: rows) { $0.nearest(in: rows, kernel: self.kernel) } }
        case .graph(let view): threads.run { self.search(view, for: search) }
        case let start: go(on: start, with: search)
        }
    }

    /// How much is held.
    public var usage: IndexUsage { contents.withLockedValue { $0.usage } }

    /// Goes on with a search on the thread that it is on.
    func go(on start: SearchStart, with search: NeighborSearch) {
        switch start {
        case .nothing: search.completion([])
        case .rows(let rows): finish(search, in: rows) { $0.nearest(in: rows, kernel: kernel) }
        case .graph(let view): self.search(view, for: search)
        case .nearRows(let rows, let found, let indexed):
            finish(search, in: rows) { $0.nearest(in: rows, found: found, indexed: indexed, kernel: kernel) }
        case .wait: break
        case .load(let partition, let entries): load(entries, of: partition)
        }
    }

    private func finish(_ search: NeighborSearch, in rows: RowSnapshot, _ nearest: (NeighborSearch) -> [Neighbor]) {
        let neighbors = nearest(search)
        contents.withLockedValue { _ in rows.source.endReading() }
        // Until here the rows were not written; the last one to let go of them frees them.
        withExtendedLifetime(rows) {}
        search.completion(neighbors)
    }

    private func load(_ entries: [Fingerprint], of partition: PartitionRows) {
        guard let source else { return take(nil, of: partition) }
        source.elements(of: entries, in: partition.namespace) { elements in
            self.threads.run { self.take(elements, of: partition) }
        }
    }

    /// Takes loaded elements in, in steps, and goes on with the searches that waited.
    private func take(_ elements: [IndexElement]?, of partition: PartitionRows) {
        let all = elements ?? []
        for start in stride(from: 0, to: all.count, by: LocalVectorIndex.step) {
            let part = all[start..<min(start + LocalVectorIndex.step, all.count)]
            locked { $0.takeIn(part, of: partition) }
        }
        for (search, rows) in locked({ $0.endLoad(of: partition, answered: elements != nil) }) {
            go(on: rows.map(SearchStart.rows) ?? .nothing, with: search)
        }
    }
}
