import SemanticCache

/// Where the index holds an entry.
struct Location {
    /// The number of the partition.
    var partition: UInt32
    /// The place among the partition's rows, or among its absent entries.
    var place: Int
    /// Whether the element is not in memory.
    var isAbsent: Bool

    init(partition: UInt32, place: Int, isAbsent: Bool = false) {
        self.partition = partition
        self.place = place
        self.isAbsent = isAbsent
    }

    init(packed: UInt64) {
        partition = UInt32(truncatingIfNeeded: packed >> 32)
        place = Int(packed & 0x7FFF_FFFF)
        isAbsent = packed & 0x8000_0000 != 0
    }

    var packed: UInt64 { UInt64(partition) << 32 | (isAbsent ? 0x8000_0000 : 0) | UInt64(place) }
}

extension Fingerprint {
    /// A hash for tables of this process.
    var tableHash: UInt64 {
        // The 32 bytes of a trivial value are read where it stands.
        let folded = withUnsafeBytes(of: self) { bytes in
            stride(from: 0, to: bytes.count & ~7, by: 8).reduce(UInt64(0)) {
                ($0 << 7 | $0 >> 57) ^ bytes.loadUnaligned(fromByteOffset: $1, as: UInt64.self)
            }
        }
        let mixed = (folded ^ folded >> 32) &* 0x9E37_79B9_7F4A_7C15
        return mixed ^ mixed >> 29
    }
}
