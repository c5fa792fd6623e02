/// A decoded member name (or another short string) at rest in memory that outlives it, with its first bytes at hand.
struct MemberName: BitwiseCopyable, Equatable {
    /// The first eight bytes, the first as the highest, zeros after the end: compares like the names.
    let prefix: UInt64
    let count: Int
    private let start: UnsafePointer<UInt8>?

    init() { self.init(UnsafeBufferPointer(start: nil, count: 0)) }

    @inline(__always)
    init(_ bytes: UnsafeBufferPointer<UInt8>) {
        var prefix: UInt64 = 0
        for byte in bytes.prefix(8) { prefix = prefix << 8 | UInt64(byte) }
        if bytes.count < 8 { prefix <<= UInt64(truncatingIfNeeded: (8 - bytes.count) * 8) }
        self.init(prefix: prefix, bytes)
    }

    /// A name of which eight bytes from the start may be read, whatever its length.
    @inline(__always)
    init(readable bytes: UnsafeBufferPointer<UInt8>) {
        var prefix: UInt64 = 0
        if let start = bytes.baseAddress {
            // Eight bytes are readable by the contract; what is beyond the name is masked out.
            prefix = UInt64(bigEndian: UnsafeRawPointer(start).loadUnaligned(as: UInt64.self))
        }
        if bytes.count < 8 { prefix &= ~(UInt64.max >> UInt64(truncatingIfNeeded: bytes.count * 8)) }
        self.init(prefix: prefix, bytes)
    }

    @inline(__always)
    private init(prefix: UInt64, _ bytes: UnsafeBufferPointer<UInt8>) {
        self.prefix = prefix
        count = bytes.count
        start = bytes.baseAddress
    }

    var bytes: UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(start: start, count: count) }

    @inline(__always)
    static func == (left: MemberName, right: MemberName) -> Bool {
        left.prefix == right.prefix && left.count == right.count
            && (left.count <= 8 || left.bytes.elementsEqual(right.bytes))
    }

    /// Whether `left` comes first in the order of bytes.
    @inline(__always)
    static func < (left: MemberName, right: MemberName) -> Bool {
        left.prefix != right.prefix ? left.prefix < right.prefix : left.restPrecedes(right)
    }

    private func restPrecedes(_ other: MemberName) -> Bool {
        guard count > 8, other.count > 8 else { return count < other.count }
        return bytes.dropFirst(8).lexicographicallyPrecedes(other.bytes.dropFirst(8))
    }
}
