import SemanticCache

/// Up to ``maximumRows`` elements of one partition, side by side in memory: vectors, entries, expiries, texts.
///
/// Rows are numbered from 0 without gaps.
///
/// `@unchecked Sendable`: a block is written only under the index's lock and only while no search holds it
/// (``PartitionRows``); what searches hold is never written again.
final class RowBlock: @unchecked Sendable {
    static let maximumRows = 256

    let layout: RowLayout
    let capacity: Int
    /// The partition's ``PartitionRows/generation`` when the block was made.
    let generation: UInt64
    private(set) var count = 0
    /// No row expires before this, in milliseconds.
    private(set) var earliestExpiry = Int64.max
    private var texts = TextArena()
    private var attributes = RowAttributes()

    // The memory is the block's own: made with it, freed with it, each part bound to its type once.
    private let memory: UnsafeMutableRawPointer
    private let entries: UnsafeMutablePointer<Fingerprint>
    private let expiryTimes: UnsafeMutablePointer<Int64>
    private let textPlaces: UnsafeMutablePointer<RowLayout.TextPlace>
    private let rowScales: UnsafeMutablePointer<Float>

    init(layout: RowLayout, capacity: Int, generation: UInt64) {
        self.layout = layout
        self.capacity = capacity
        self.generation = generation
        memory = .allocate(byteCount: layout.bytes(capacity: capacity), alignment: capacity < 32 ? 16 : 64)
        entries = (memory + layout.offsetOfEntries(capacity: capacity)).bindMemory(
            to: Fingerprint.self,
            capacity: capacity
        )
        expiryTimes = (memory + layout.offsetOfExpiries(capacity: capacity)).bindMemory(
            to: Int64.self,
            capacity: capacity
        )
        textPlaces = (memory + layout.offsetOfTexts(capacity: capacity))
            .bindMemory(to: RowLayout.TextPlace.self, capacity: capacity)
        rowScales = (memory + layout.offsetOfScales(capacity: capacity)).bindMemory(to: Float.self, capacity: capacity)
        memory.bindMemory(to: UInt8.self, capacity: capacity * layout.stride)
    }

    /// A copy of the rows with room for `capacity` of them.
    convenience init(copying other: RowBlock, capacity: Int, generation: UInt64) {
        self.init(layout: other.layout, capacity: capacity, generation: generation)
        texts.reserve(other.texts.used)
        for row in 0..<other.count { append(from: other, row: row) }
    }

    deinit {
        texts.free()
        memory.deallocate()
    }

    /// Bytes of memory that the block takes, with what the allocator adds.
    var bytes: Int { 160 + layout.bytes(capacity: capacity) + texts.capacity + attributes.bytes }

    /// The components of all rows, each plus 128, ``RowLayout/stride`` bytes a row.
    var components: UnsafePointer<UInt8> { UnsafePointer(memory.assumingMemoryBound(to: UInt8.self)) }
    var scales: UnsafePointer<Float> { UnsafePointer(rowScales) }
    var expiries: UnsafePointer<Int64> { UnsafePointer(expiryTimes) }

    func entry(at row: Int) -> Fingerprint { entries[row] }

    func components(at row: Int) -> UnsafePointer<UInt8> { components + row * layout.stride }

    func text(at row: Int) -> String { String(decoding: textBytes(at: row), as: UTF8.self) }

    private func textBytes(at row: Int) -> UnsafeRawBufferPointer { texts.bytes(at: textPlaces[row]) }

    /// Whether a row holds the text and vector of `element`.
    func holds(_ element: IndexElement, at row: Int) -> Bool {
        guard rowScales[row] == element.vector.scale, element.text.utf8.elementsEqual(textBytes(at: row)) else {
            return false
        }
        let held = components(at: row)
        return element.vector.components.indices.allSatisfy {
            held[$0] == RowBlock.biased(element.vector.components[$0])
        }
    }

    /// Adds a row; there is room for it.
    func append(_ element: IndexElement) {
        let row = count
        let target = memory + row * layout.stride
        element.vector.components.withUnsafeBytes { source in
            for at in 0..<layout.stride {
                let component = at < layout.dimensions ? Int8(bitPattern: source[at]) : 0
                target.storeBytes(of: RowBlock.biased(component), toByteOffset: at, as: UInt8.self)
            }
        }
        var text = element.text
        appendRest(element.entry, element.expiresAt.milliseconds, element.vector.scale, element.attributes)
        textPlaces[row] = text.withUTF8 { texts.append(UnsafeRawBufferPointer($0)) }
    }

    /// Adds a copy of another block's row; there is room for it.
    func append(from other: RowBlock, row: Int) {
        let added = count
        (memory + added * layout.stride).copyMemory(from: other.components(at: row), byteCount: layout.stride)
        appendRest(other.entries[row], other.expiryTimes[row], other.rowScales[row], other.attributes[row])
        textPlaces[added] = texts.append(other.textBytes(at: row))
    }

    private func appendRest(
        _ entry: Fingerprint,
        _ expiry: Int64,
        _ scale: Float,
        _ attributes: [AttributeDigest]
    ) {
        self.attributes.append(attributes, at: count)
        (entries + count).initialize(to: entry)
        expiryTimes[count] = expiry
        rowScales[count] = scale
        earliestExpiry = min(earliestExpiry, expiry)
        count += 1
    }

    /// Puts a copy of a row, of this block or another, in the place of a row.
    func replace(_ row: Int, from other: RowBlock, row source: Int) {
        (memory + row * layout.stride).copyMemory(from: other.components(at: source), byteCount: layout.stride)
        entries[row] = other.entries[source]
        rowScales[row] = other.rowScales[source]
        setExpiry(other.expiryTimes[source], at: row)
        attributes.set(other.attributes[source], at: row, of: count)
        texts.discard(textPlaces[row])
        if other === self {
            textPlaces[row] = textPlaces[source]
            textPlaces[source] = RowLayout.TextPlace(offset: 0, length: 0)
        } else {
            textPlaces[row] = texts.append(other.textBytes(at: source))
        }
    }

    func setExpiry(_ expiry: Int64, at row: Int) {
        expiryTimes[row] = expiry
        earliestExpiry = min(earliestExpiry, expiry)
    }

    func removeLast() {
        count -= 1
        texts.discard(textPlaces[count])
        attributes.removeLast()
        if count == 0 { earliestExpiry = .max }
    }

    /// Finds the earliest expiry again, after rows have gone.
    func refreshEarliestExpiry() {
        earliestExpiry = .max
        for row in 0..<count { earliestExpiry = min(earliestExpiry, expiryTimes[row]) }
    }

    /// Moves the texts together when more than half of their memory holds texts of rows that have gone.
    func compactTexts() {
        guard texts.isWasteful else { return }
        var kept = TextArena()
        kept.reserve(texts.used)
        for row in 0..<count { textPlaces[row] = kept.append(textBytes(at: row)) }
        texts.free()
        texts = kept
    }

    /// Copies the expiries of the rows from `first` on to `target`, with zero for rows that lack one of the attributes.
    ///
    /// `target` has room for them.
    func copyExpiries(from first: Int, having wanted: [AttributeDigest], to target: UnsafeMutablePointer<Int64>) {
        for row in first..<count { target[row - first] = attributes[row].hasAll(of: wanted) ? expiryTimes[row] : 0 }
    }

    private static func biased(_ component: Int8) -> UInt8 { UInt8(bitPattern: component) ^ 0x80 }
}
