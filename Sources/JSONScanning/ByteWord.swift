/// Eight bytes of text looked at as one word.
///
/// Zero-byte test after Mycroft (1987): `(x - 0x01…) & ~x & 0x80…` marks the bytes of `x` that are zero. A borrow can
/// mark further bytes, but only above a true mark, so the lowest mark is always true.
struct ByteWord {
    private let word: UInt64
    private static let ones: UInt64 = 0x0101_0101_0101_0101
    private static let highs: UInt64 = 0x8080_8080_8080_8080

    /// Loads the eight bytes from `offset`, the first as the lowest.
    ///
    /// The caller has checked that all eight are inside `text`.
    @inline(__always)
    static func load(_ text: UnsafeBufferPointer<UInt8>, _ offset: Int) -> ByteWord {
        // All eight bytes are inside by the contract; loadUnaligned asks for no alignment.
        ByteWord(word: UnsafeRawBufferPointer(text).loadUnaligned(fromByteOffset: offset, as: UInt64.self).littleEndian)
    }

    private init(word: UInt64) { self.word = word }

    /// Writes the eight bytes to `target`.
    @inline(__always)
    func store(to target: UnsafeMutablePointer<UInt8>) {
        // The caller has room for eight bytes at `target`; storeBytes asks for no alignment.
        UnsafeMutableRawPointer(target).storeBytes(of: word.littleEndian, as: UInt64.self)
    }

    /// The high bit of each byte that a JSON string must escape, and on request of each that is not ASCII.
    @inline(__always)
    func needingEscape(orNotASCII: Bool) -> UInt64 {
        let quotes = word ^ (Self.ones &* 0x22)
        let controls = (word &- Self.ones &* 0x20) & ~word
        let found = (quotes &- Self.ones) & ~quotes | backslashes | controls
        return (orNotASCII ? found | word : found) & Self.highs
    }

    /// The high bit of each backslash.
    @inline(__always)
    var backslashes: UInt64 {
        let backslashes = word ^ (Self.ones &* 0x5C)
        return (backslashes &- Self.ones) & ~backslashes & Self.highs
    }

    /// Whether all eight bytes are ASCII.
    @inline(__always)
    var isASCII: Bool { word & Self.highs == 0 }
}
