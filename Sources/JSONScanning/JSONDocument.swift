/// A JSON text (RFC 8259) and the nodes found in it by one pass over its bytes.
///
/// Stricter than the RFC where two readers could disagree: a member name that appears twice in an object, invalid
/// UTF-8, a lone surrogate escape and nesting beyond ``maximumDepth`` are errors. Nothing is decoded until it is asked
/// for; scanning costs O(bytes) and one array of nodes.
public final class JSONDocument: Sendable {
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
        self.bytes = bytes
        self.nodes = try JSONDocument.nodes(of: bytes)
    }

    /// The root value.
    public var root: JSONValue { JSONValue(document: self, index: 0) }

    private static func nodes(of bytes: [UInt8]) throws(JSONError) -> [JSONNode] {
        do throws(ScanStop) {
            // Chat requests are mostly text; the few that are denser are scanned twice.
            return try nodes(of: bytes, capacity: bytes.count / 20 + 16)
        } catch {
            if case .defect(let error) = error { throw error }
        }
        // Every node but the first has at least a byte of its own and a comma, colon or bracket before it.
        do throws(ScanStop) {
            return try nodes(of: bytes, capacity: bytes.count / 2 + 2)
        } catch {
            guard case .defect(let error) = error else { throw JSONError(.tooLarge, at: 0) }
            throw error
        }
    }

    private static func nodes(of bytes: [UInt8], capacity: Int) throws(ScanStop) -> [JSONNode] {
        var stop: ScanStop?
        // The scanner initializes the first `scanner.count` nodes and no others.
        let nodes = [JSONNode](unsafeUninitializedCapacity: capacity) { room, count in
            bytes.withUnsafeBufferPointer { text in
                var scanner = JSONScanner(text, into: room)
                do throws(ScanStop) {
                    try scanner.scan()
                } catch {
                    stop = error
                }
                count = scanner.count
            }
        }
        if let stop { throw stop }
        return nodes
    }
}
