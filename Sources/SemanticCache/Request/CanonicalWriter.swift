import JSONScanning

/// Writes the canonical form of a request in one walk over its nodes.
///
/// Recursion is bounded by the depth that the scanner accepts.
struct CanonicalWriter: ~Copyable {
    /// Storage beyond so many bytes is given back after each request.
    static let keptBytes = 1 << 20

    // Valid during `write` only: it sets them, and nothing reads them outside of it.
    var source = RequestSource(
        text: UnsafeBufferPointer(start: nil, count: 0),
        nodes: UnsafeBufferPointer(start: nil, count: 0)
    )
    var shapes = RequestShapes.shapes(for: .chatCompletions)

    /// What has been written.
    var output = ReusedBuffer<UInt8>(capacity: 4096)
    /// Decoded member names of the objects that are open; never moved while one is.
    var names = ReusedBuffer<UInt8>(capacity: 256)
    /// The members, in order, of the objects that are open.
    var members = ReusedBuffer<Member>(capacity: 64)
    /// One string without escapes.
    var scratch = ReusedBuffer<UInt8>(capacity: 4096)
    var identifiers = CallIdentifiers()

    /// Members of the request that are left out on demand.
    var ignored: Set<String> = []
    /// The ends to trim of the text of the content part that is being written.
    var ends = MessageText.Ends.both
    /// The node of the last user text, if one is sought.
    var target: Int?
    /// Where the target was written, quotation marks included.
    private(set) var targetRange = 0..<0
    /// The target's normalized text, when it is not too long to be compared.
    private(set) var targetText: String?
    /// The first member that keeps the request out of the semantic tier: its place in the shapes' members.
    var exactOnlyMember: Int?
    /// Whether a member says that the upstream goes on with what it keeps.
    var isStateful = false

    /// A member of an object that is being written.
    struct Member: BitwiseCopyable {
        var name: MemberName
        var nameHasEscapes: Bool
        /// The index of the value.
        var value: Int
        /// What the rules say of it: the place in the shapes' members, or -1.
        var rule: Int
    }

    /// Begins a new request.
    mutating func reset() {
        output.reset(keeping: Self.keptBytes)
        names.reset(keeping: Self.keptBytes)
        scratch.reset(keeping: Self.keptBytes)
        members.reset(keeping: Self.keptBytes >> 5)
        identifiers.removeAll()
        ends = .both
        target = nil
        targetRange = 0..<0
        targetText = nil
        exactOnlyMember = nil
        isStateful = false
    }

    /// Writes the request at `root` of `source`.
    mutating func write(_ source: RequestSource, root: Int, _ shapes: RequestShapes) {
        self.source = source
        self.shapes = shapes
        output.reserve(source.text.count)
        writeObject(root, RequestShapes.root)
        identifiers.removeAll()
        self.source = RequestSource(
            text: UnsafeBufferPointer(start: nil, count: 0),
            nodes: UnsafeBufferPointer(start: nil, count: 0)
        )
    }

    /// Writes the value at `index`.
    mutating func writeValue(_ index: Int, _ shape: Int) {
        switch source.nodes[index].kind {
        case .null, .true, .false: output.append(source.bytes(of: index))
        case .number: writeNumber(index)
        case .string:
            if shapes.shapes[shape].isText {
                writeText(index, trimming: shapes.shapes[shape].isPartText ? ends : .both)
            } else if shapes.shapes[shape].isIdentifier {
                writeIdentifier(index)
            } else {
                writeString(index)
            }
        case .array:
            if shapes.shapes[shape].holdsParts {
                writeParts(index, shapes.shapes[shape].element)
            } else {
                writeArray(index, shapes.shapes[shape].element)
            }
        case .object: writeObject(index, shape)
        }
    }

    private mutating func writeArray(_ index: Int, _ element: Int) {
        output.append(UInt8(ascii: "["))
        var next = index + 1
        for place in 0..<source.nodes[index].count {
            if place > 0 { output.append(UInt8(ascii: ",")) }
            writeValue(next, element)
            next = Int(source.nodes[next].end)
        }
        output.append(UInt8(ascii: "]"))
    }

    private mutating func writeNumber(_ index: Int) {
        let bytes = source.bytes(of: index)
        output.reserve(bytes.count + JSONNumbers.growth)
        output.advance(JSONNumbers.normalize(bytes, into: output.end))
    }

    /// Writes the target anew with the lower case of its letters; ``targetText`` keeps them as they are.
    mutating func foldTarget() {
        let folded = String(decoding: output.elements[targetRange], as: UTF8.self).lowercased()
        let rest = Array(output.elements[targetRange.upperBound...])
        output.truncate(to: targetRange.lowerBound)
        for bytes in [Array(folded.utf8), rest] { bytes.withUnsafeBufferPointer { output.append($0) } }
        targetRange = targetRange.lowerBound..<targetRange.lowerBound + folded.utf8.count
    }

    /// Takes note of the target's place and text.
    mutating func noteTarget(from start: Int, text: UnsafeBufferPointer<UInt8>) {
        targetRange = start..<output.count
        targetText = text.count <= LastUserText.maximumBytes ? String(decoding: text, as: UTF8.self) : nil
    }
}
