/// Elements that grow and shrink at the end and keep their storage from one request to the next.
///
/// `base` is allocated for `capacity` elements, belongs to this value alone and is freed once, in `deinit`; the first
/// `count` elements are initialized, and trivial, so that none needs to be deinitialized.
struct ReusedBuffer<Element: BitwiseCopyable>: ~Copyable {
    private(set) var base: UnsafeMutablePointer<Element>
    private(set) var capacity: Int
    private(set) var count = 0

    init(capacity: Int) {
        base = .allocate(capacity: capacity)
        self.capacity = capacity
    }

    deinit { base.deallocate() }

    /// The first byte after the last element: room for what was reserved.
    @inline(__always)
    var end: UnsafeMutablePointer<Element> { base + count }

    /// What is in it; valid until the next mutation.
    @inline(__always)
    var elements: UnsafeBufferPointer<Element> { UnsafeBufferPointer(start: base, count: count) }

    /// Makes room for `additional` elements after the last.
    @inline(__always)
    mutating func reserve(_ additional: Int) {
        if capacity - count < additional { grow(additional) }
    }

    /// Counts `additional` elements that were written to `end` after they were reserved.
    @inline(__always)
    mutating func advance(_ additional: Int) { count += additional }

    @inline(__always)
    mutating func append(_ element: Element) {
        reserve(1)
        base[count] = element
        count += 1
    }

    @inline(__always)
    mutating func append(_ elements: UnsafeBufferPointer<Element>) {
        guard let start = elements.baseAddress else { return }
        reserve(elements.count)
        (base + count).update(from: start, count: elements.count)
        count += elements.count
    }

    mutating func append(repeating element: Element, count additional: Int) {
        reserve(additional)
        (base + count).update(repeating: element, count: additional)
        count += additional
    }

    /// Takes elements away from the end until `count` are left.
    @inline(__always)
    mutating func truncate(to count: Int) { self.count = count }

    /// Empties it, and gives back storage beyond `limit` elements.
    mutating func reset(keeping limit: Int) {
        count = 0
        guard capacity > limit else { return }
        base.deallocate()
        base = .allocate(capacity: limit)
        capacity = limit
    }

    @inline(never)
    private mutating func grow(_ additional: Int) {
        let larger = max(capacity * 2, count + additional)
        let moved = UnsafeMutablePointer<Element>.allocate(capacity: larger)
        moved.update(from: base, count: count)
        base.deallocate()
        base = moved
        capacity = larger
    }
}
