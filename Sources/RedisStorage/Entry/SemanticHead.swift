import Crypto
import SemanticCache

/// An entry's value as far as an index needs it: the stamp and the semantic part, which follow each other.
///
/// | bytes | what |
/// |---|---|
/// | 0–39 | the stamp |
/// | 40–43 | bytes of what follows here |
/// | 44–51 | the model, see ``modelDigest(_:)`` |
/// | 52–83 | the partition |
/// | 84–87 | the vector's scale, as IEEE 754 binary32 |
/// | 88–89 | the vector's dimensions |
/// | 90– | the vector's components, one byte each; if flagged, how many attributes there are and eight bytes of each; the text |
struct SemanticHead: Sendable {
    /// Bytes of the semantic part before the vector's components, its own length among them.
    static let fixedCount = 50
    /// Most dimensions of a vector.
    static let maximumDimensions = Int(UInt16.max)

    var stamp: EntryStamp
    var modelDigest: UInt64
    var partition: Partition
    var vector: QuantizedVector
    var text: String
    var attributes: [AttributeDigest] = []

    /// Reads the head of a value, which may go on; nil when it is not an entry with a semantic part.
    init?(_ value: [UInt8]) {
        guard let stamp = EntryStamp(value), stamp.isIndexed else { return nil }
        var reader = ByteReader(value, at: EntryStamp.count)
        guard let count = reader.word(4), let part = Int(exactly: count).flatMap({ reader.range($0) }) else {
            return nil
        }
        reader = ByteReader(value, at: part.lowerBound)
        guard let modelDigest = reader.word(),
            let partition = reader.range(32).flatMap({ Fingerprint(bytes: value[$0]) }),
            let scale = reader.word(4), let dimensions = reader.word(2), let components = reader.range(Int(dimensions)),
            components.upperBound <= part.upperBound,
            let vector = QuantizedVector(
                scale: Float(bitPattern: UInt32(scale)),
                components: value[components].map { Int8(bitPattern: $0) }
            )
        else { return nil }
        if stamp.flags & EntryHeader.hasAttributes != 0 {
            guard let count = reader.byte() else { return nil }
            for _ in 0..<count {
                guard let attribute = reader.word() else { return nil }
                attributes.append(AttributeDigest(rawValue: attribute))
            }
        }
        guard reader.at <= part.upperBound,
            let text = String(validating: value[reader.at..<part.upperBound], as: UTF8.self)
        else { return nil }
        self.stamp = stamp
        self.modelDigest = modelDigest
        self.partition = Partition(digest: partition)
        self.vector = vector
        self.text = text
    }

    /// The entry as an index holds it.
    func element(_ entry: Fingerprint, in namespace: Namespace) -> IndexElement {
        IndexElement(
            entry: entry,
            version: stamp.version,
            namespace: namespace,
            partition: partition,
            text: text,
            vector: vector,
            expiresAt: Timestamp(milliseconds: stamp.expiresAtMilliseconds),
            attributes: attributes
        )
    }

    /// The first eight bytes of SHA-256 of a model's id.
    static func modelDigest(_ modelID: String) -> UInt64 {
        SHA256.hash(data: Array(modelID.utf8)).prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
    }
}

extension SemanticPart {
    /// Whether it has no more dimensions and attributes than the format can say.
    var isStorable: Bool {
        vector.components.count <= SemanticHead.maximumDimensions && attributes.count <= Int(UInt8.max)
    }

    /// Bytes that it takes in an entry's value.
    var byteCount: Int {
        SemanticHead.fixedCount + vector.components.count + text.utf8.count
            + (attributes.isEmpty ? 0 : 1 + 8 * attributes.count)
    }
}

extension [UInt8] {
    /// Appends a semantic part with its length before it.
    mutating func append(_ part: SemanticPart) {
        append(bigEndian: UInt32(part.byteCount - 4))
        append(word: SemanticHead.modelDigest(part.modelID))
        append(contentsOf: part.partition.digest.bytes)
        append(bigEndian: part.vector.scale.bitPattern)
        append(bigEndian: UInt16(part.vector.components.count))
        for component in part.vector.components { append(UInt8(bitPattern: component)) }
        if !part.attributes.isEmpty {
            append(UInt8(part.attributes.count))
            for attribute in part.attributes { append(word: attribute.rawValue) }
        }
        append(contentsOf: part.text.utf8)
    }

    /// Appends an integer, big-endian.
    mutating func append(bigEndian number: some FixedWidthInteger) {
        for shift in stride(from: number.bitWidth - 8, through: 0, by: -8) {
            append(UInt8(truncatingIfNeeded: number >> shift))
        }
    }
}
