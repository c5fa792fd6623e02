import SemanticCache

/// A vector as Redis keeps it: a version byte, the second since 1970 from which a use renews it, the scale, the components.
struct CachedVector: Equatable {
    private static let version: UInt8 = 1
    private static let headCount = 9

    /// The vector.
    var vector: QuantizedVector
    /// When a use is a reason to write it anew, so that it lives on; in seconds since 1970.
    var renewal: UInt32

    init(_ vector: QuantizedVector, renewal: UInt32) {
        self.vector = vector
        self.renewal = renewal
    }

    /// Reads a value; nil when it is of another version or no vector.
    init?(_ bytes: [UInt8]) {
        var reader = ByteReader(bytes)
        guard reader.byte() == Self.version, let renewal = reader.word(4), let scale = reader.word(4),
            let vector = QuantizedVector(
                scale: Float(bitPattern: UInt32(truncatingIfNeeded: scale)),
                components: bytes[Self.headCount...].map { Int8(bitPattern: $0) }
            )
        else { return nil }
        self.vector = vector
        self.renewal = UInt32(truncatingIfNeeded: renewal)
    }

    /// The value.
    var bytes: [UInt8] {
        var bytes: [UInt8] = [Self.version]
        bytes.reserveCapacity(Self.headCount + vector.components.count)
        for word in [renewal, vector.scale.bitPattern] {
            for shift in [24, 16, 8, 0] { bytes.append(UInt8(truncatingIfNeeded: word >> UInt32(shift))) }
        }
        bytes += vector.components.lazy.map { UInt8(bitPattern: $0) }
        return bytes
    }
}
