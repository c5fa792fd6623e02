public import SemanticCache

extension Fingerprint {
    /// A fingerprint that is the same for the same number.
    public static func numbered(_ number: Int) -> Fingerprint {
        var generator = SeededGenerator(seed: UInt64(bitPattern: Int64(number)))
        let bytes = (0..<32).map { _ in UInt8(truncatingIfNeeded: generator.next()) }
        guard let fingerprint = Fingerprint(bytes: bytes) else { preconditionFailure("32 bytes are a fingerprint") }
        return fingerprint
    }
}

extension Partition {
    /// A partition that is the same for the same number, and the digest of no entry.
    public static func numbered(_ number: Int) -> Partition { Partition(digest: .numbered(-1 - number)) }
}

extension SeededGenerator {
    /// A unit vector of random direction.
    public mutating func unitVector(dimensions: Int) -> [Float] {
        SeededGenerator.normalized((0..<dimensions).map { _ in Float.random(in: -1...1, using: &self) })
    }

    /// A unit vector whose cosine with another is about `1 / sqrt(1 + spread * spread)`.
    public mutating func unitVector(near vector: [Float], spread: Float) -> [Float] {
        let noise = unitVector(dimensions: vector.count)
        return SeededGenerator.normalized(zip(vector, noise).map { $0 + spread * $1 })
    }

    private static func normalized(_ vector: [Float]) -> [Float] {
        let length = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
        return length > 0 ? vector.map { $0 / length } : vector
    }
}

extension IndexElement {
    /// An element whose entry, text and vector are the same for the same number.
    public static func sample(
        _ number: Int,
        version: UInt64 = 1,
        namespace: Namespace = .default,
        partition: Int = 0,
        text: String? = nil,
        vector: [Float]? = nil,
        dimensions: Int = 24,
        expiresAt: Int64 = 1_000_000,
        attributes: [UInt64] = []
    ) -> IndexElement {
        var generator = SeededGenerator(seed: UInt64(bitPattern: Int64(number)) &+ 77)
        let direction = vector ?? generator.unitVector(dimensions: dimensions)
        guard let quantized = QuantizedVector(direction) else { preconditionFailure("a sample's vector is not zero") }
        return IndexElement(
            entry: .numbered(number),
            version: version,
            namespace: namespace,
            partition: .numbered(partition),
            text: text ?? "text \(number)",
            vector: quantized,
            expiresAt: Timestamp(milliseconds: expiresAt),
            attributes: attributes.map(AttributeDigest.init(rawValue:))
        )
    }

    /// The vector that it stands for, of length 1.
    public var direction: [Float] {
        let length = vector.components.reduce(Float(0)) { $0 + Float($1) * Float($1) }.squareRoot()
        return vector.components.map { Float($0) / length }
    }
}

extension VectorIndex {
    /// Forgets an entry of the default namespace.
    public func remove(_ entry: Fingerprint) { remove(entry, in: .default) }

    /// Finds the nearest entries.
    public func neighbors(
        of vector: [Float],
        in partition: Int = 0,
        having attributes: [UInt64] = [],
        count: Int = 5,
        at now: Int64 = 0
    ) async -> [Neighbor] {
        await withCheckedContinuation { continuation in
            neighbors(
                of: vector,
                in: .numbered(partition),
                having: attributes.map(AttributeDigest.init(rawValue:)),
                count: count,
                now: Timestamp(milliseconds: now)
            ) { continuation.resume(returning: $0) }
        }
    }
}
