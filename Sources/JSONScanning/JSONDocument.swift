/// A JSON text (RFC 8259) and the nodes found in it by one pass over its bytes.
///
/// Stricter than the RFC where two readers could disagree: a member name that appears twice in an object, invalid
/// UTF-8, a lone surrogate escape and nesting beyond ``maximumDepth`` are errors. Nothing is decoded until it is asked
/// for; scanning costs O(bytes) and one array of nodes.
public struct JSONDocument: Sendable {
    /// The deepest nesting of arrays and objects that is accepted.
    public static let maximumDepth = 128

    /// The text.
    public let bytes: [UInt8]
    /// The values, in document order; the first is the root.
    public let nodes: [JSONNode]

    /// Scans a text.
    ///
    /// - Throws: ``JSONError`` with the offset of the first defect.
    public init(_ bytes: [UInt8]) throws(JSONError) {
        guard bytes.count < Int(UInt32.max) else { throw JSONError(.tooLarge, at: 0) }
        var scanner = JSONScanner(capacity: bytes.count / 16 + 8)
        if let error = bytes.withUnsafeBufferPointer({ scanner.scan($0) }) { throw error }
        self.bytes = bytes
        self.nodes = scanner.nodes
    }

    /// The root value.
    public var root: JSONValue { JSONValue(document: self, index: 0) }
}
