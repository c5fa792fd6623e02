/// A value inside a document, for reading.
public struct JSONValue: Sendable {
    /// The document that the value is in.
    public let document: JSONDocument
    /// The value's place in ``JSONDocument/nodes``.
    public let index: Int

    /// Names the value at `index` of `document`.
    public init(document: JSONDocument, index: Int) {
        self.document = document
        self.index = index
    }

    /// The value's node.
    public var node: JSONNode { document.nodes[index] }
    /// What kind of value it is.
    public var kind: JSONNode.Kind { node.kind }
    /// Whether it is the literal `null`.
    public var isNull: Bool { kind == .null }

    /// The bytes as they stand in the text: quotation marks of a string and brackets included.
    public var rawBytes: ArraySlice<UInt8> {
        let quote = kind == .string ? 1 : 0
        return document.bytes[Int(node.lowerBound) - quote..<Int(node.upperBound) + quote]
    }

    /// The decoded text of a string, nil for other kinds.
    public var string: String? { stringBytes.map { String(decoding: $0, as: UTF8.self) } }

    /// The decoded text of a string as UTF-8, nil for other kinds.
    public var stringBytes: [UInt8]? {
        guard kind == .string else { return nil }
        let text = document.bytes[Int(node.lowerBound)..<Int(node.upperBound)]
        return node.hasEscapes ? JSONEscapes.resolved(text) : Array(text)
    }

    /// The Boolean, nil for other kinds.
    public var bool: Bool? { kind == .true ? true : kind == .false ? false : nil }

    /// The number when it is an integer by value that fits (`3`, `3.0`, `3e0`), else nil.
    public var int: Int? {
        guard kind == .number else { return nil }
        return Int(String(decoding: JSONNumbers.normalized(rawBytes), as: UTF8.self))
    }

    /// The number rounded to a double, infinite when it is beyond all of them; nil for other kinds.
    public var double: Double? { kind == .number ? Double(String(decoding: rawBytes, as: UTF8.self)) : nil }

    /// The members of an object in their order, empty for other kinds.
    public var members: [(name: String, value: JSONValue)] {
        guard kind == .object else { return [] }
        var result: [(name: String, value: JSONValue)] = []
        result.reserveCapacity(Int(node.count))
        var next = index + 1
        for _ in 0..<node.count {
            let key = JSONValue(document: document, index: next)
            let value = JSONValue(document: document, index: next + 1)
            result.append((key.string ?? "", value))
            next = Int(value.node.end)
        }
        return result
    }

    /// The elements of an array in their order, empty for other kinds.
    public var elements: [JSONValue] {
        guard kind == .array else { return [] }
        var result: [JSONValue] = []
        result.reserveCapacity(Int(node.count))
        var next = index + 1
        for _ in 0..<node.count {
            let value = JSONValue(document: document, index: next)
            result.append(value)
            next = Int(value.node.end)
        }
        return result
    }

    /// The member of an object by name; nil when it is absent or the value is not an object.
    ///
    /// O(members).
    public subscript(name: StaticString) -> JSONValue? {
        guard kind == .object else { return nil }
        var next = index + 1
        for _ in 0..<node.count {
            if matches(name, at: next) { return JSONValue(document: document, index: next + 1) }
            next = Int(document.nodes[next + 1].end)
        }
        return nil
    }

    /// Whether the value is a string with exactly this text.
    public func matches(_ text: StaticString) -> Bool { matches(text, at: index) }

    private func matches(_ text: StaticString, at index: Int) -> Bool {
        let node = document.nodes[index]
        guard node.kind == .string else { return false }
        // A StaticString's bytes live as long as the program.
        let expected = UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
        let written = document.bytes[Int(node.lowerBound)..<Int(node.upperBound)]
        if node.hasEscapes { return JSONEscapes.resolved(written).elementsEqual(expected) }
        return written.count == expected.count && written.elementsEqual(expected)
    }
}
