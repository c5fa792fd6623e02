/// The slots of a cluster's keys, by the specification of Redis Cluster: CRC16/XMODEM of the key's tag, modulo 16384.
public enum HashSlot {
    /// How many slots a cluster has.
    public static let count = 16_384

    /// The slot of a key.
    ///
    /// Of a key with a `{`, and a `}` somewhere behind it, only what is between the first `{` and the next `}` counts,
    /// unless that is nothing. O(bytes of the tag).
    public static func of(_ key: [UInt8]) -> Int { key.withUnsafeBytes { of($0) } }

    static func of(_ key: UnsafeRawBufferPointer) -> Int {
        var tag = key[...]
        if let open = key.firstIndex(of: UInt8(ascii: "{")),
            let close = key[(open + 1)...].firstIndex(of: UInt8(ascii: "}")), close > open + 1
        {
            tag = key[(open + 1)..<close]
        }
        var sum: UInt16 = 0
        for byte in tag { sum = sum << 8 ^ table[Int(UInt8(sum >> 8) ^ byte)] }
        return Int(sum) % count
    }

    /// What each byte does to the sum; the polynomial is 0x1021.
    private static let table: [UInt16] = (0..<256).map { byte in
        (0..<8).reduce(UInt16(byte) << 8) { sum, _ in sum & 0x8000 == 0 ? sum << 1 : sum << 1 ^ 0x1021 }
    }
}
