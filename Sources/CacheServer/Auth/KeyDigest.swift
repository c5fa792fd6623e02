import Crypto

/// The SHA-256 of a key, which is all that the service ever keeps of one.
public struct KeyDigest: Sendable, Hashable {
    private let bytes: SIMD32<UInt8>

    /// The digest of a key, given as the bytes a caller presented.
    public init(of key: some Sequence<UInt8>) {
        var hash = SHA256()
        let isContiguous: Void? = key.withContiguousStorageIfAvailable {
            hash.update(bufferPointer: UnsafeRawBufferPointer($0))
        }
        if isContiguous == nil {
            Array(key).withUnsafeBytes { hash.update(bufferPointer: $0) }
        }
        var bytes = SIMD32<UInt8>()
        for (index, byte) in hash.finalize().enumerated() { bytes[index] = byte }
        self.bytes = bytes
    }

    /// A digest written as 64 hexadecimal digits of either case; nil when `text` is anything else.
    public init?(hexadecimal text: String) {
        guard text.utf8.count == 64 else { return nil }
        var bytes = SIMD32<UInt8>()
        for (index, character) in text.utf8.enumerated() {
            let value: UInt8
            switch character {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): value = character - UInt8(ascii: "0")
            case UInt8(ascii: "a")...UInt8(ascii: "f"): value = character - UInt8(ascii: "a") + 10
            case UInt8(ascii: "A")...UInt8(ascii: "F"): value = character - UInt8(ascii: "A") + 10
            default: return nil
            }
            bytes[index / 2] = bytes[index / 2] << 4 | value
        }
        self.bytes = bytes
    }

    /// 0 when both digests are the same, 1 when they differ, after the same steps either way.
    func difference(from other: KeyDigest) -> Int {
        let differing = bytes ^ other.bytes
        var union: UInt64 = 0
        for index in 0..<32 { union |= UInt64(differing[index]) }
        return Int((union | (0 &- union)) >> 63)
    }
}
