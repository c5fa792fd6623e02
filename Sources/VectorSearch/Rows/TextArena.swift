/// The texts of a block in one piece of memory, one after the other.
///
/// Owned by a ``RowBlock``, which frees it: a value only so that it costs no allocation of its own.
struct TextArena {
    // Owned by the arena from `grow` to `free`; bytes below `end` are written.
    private var memory: UnsafeMutableRawPointer?
    private(set) var capacity = 0
    private var end = 0
    private var discarded = 0

    /// Bytes of texts that are still of use.
    var used: Int { end - discarded }

    /// Whether more than half of the memory is of no use.
    var isWasteful: Bool { discarded > 256 && discarded > end / 2 }

    func bytes(at place: RowLayout.TextPlace) -> UnsafeRawBufferPointer {
        guard let memory, place.length > 0 else { return UnsafeRawBufferPointer(start: nil, count: 0) }
        return UnsafeRawBufferPointer(start: memory + Int(place.offset), count: Int(place.length))
    }

    mutating func append(_ text: UnsafeRawBufferPointer) -> RowLayout.TextPlace {
        guard let source = text.baseAddress, text.count > 0 else { return RowLayout.TextPlace(offset: 0, length: 0) }
        if end + text.count > capacity { reserve(end + text.count + (end + text.count) / 8) }
        guard let memory else { return RowLayout.TextPlace(offset: 0, length: 0) }
        (memory + end).copyMemory(from: source, byteCount: text.count)
        let place = RowLayout.TextPlace(offset: UInt32(end), length: UInt32(text.count))
        end += text.count
        return place
    }

    mutating func discard(_ place: RowLayout.TextPlace) { discarded += Int(place.length) }

    mutating func reserve(_ wanted: Int) {
        guard wanted > capacity else { return }
        let larger = UnsafeMutableRawPointer.allocate(byteCount: wanted, alignment: 1)
        if let memory {
            larger.copyMemory(from: memory, byteCount: end)
            memory.deallocate()
        }
        memory = larger
        capacity = wanted
    }

    mutating func free() {
        memory?.deallocate()
        self = TextArena()
    }
}
