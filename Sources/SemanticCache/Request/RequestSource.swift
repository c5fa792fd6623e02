import JSONScanning

/// The bytes and nodes of a scanned document, borrowed for as long as one canonicalization takes.
///
/// Reading through it copies no document and counts no reference.
struct RequestSource: BitwiseCopyable {
    // Both point into arrays that the canonicalizer's caller holds; nothing outlives the closure that borrows them.
    let text: UnsafeBufferPointer<UInt8>
    let nodes: UnsafeBufferPointer<JSONNode>

    /// The bytes of a node as they stand in the text, quotation marks left out.
    @inline(__always)
    func bytes(of index: Int) -> UnsafeBufferPointer<UInt8> {
        let node = nodes[index]
        return UnsafeBufferPointer(rebasing: text[Int(node.lowerBound)..<Int(node.upperBound)])
    }

    /// The decoded text of the string at `index`.
    func string(at index: Int) -> String {
        let bytes = bytes(of: index)
        return nodes[index].hasEscapes
            ? String(decoding: JSONEscapes.resolved(bytes), as: UTF8.self)
            : String(decoding: bytes, as: UTF8.self)
    }

    /// The string at `index`, which has no escapes, as a name.
    @inline(__always)
    func plainName(at index: Int) -> MemberName {
        let lower = Int(nodes[index].lowerBound)
        return lower + 8 <= text.count ? MemberName(readable: bytes(of: index)) : MemberName(bytes(of: index))
    }

    /// What the rules of `shape` say about the member whose name is at `key`: a place in the shapes' members, or -1.
    func rule(of key: Int, _ shape: Int, _ shapes: RequestShapes) -> Int {
        guard nodes[key].hasEscapes else { return shapes.member(of: shape, named: plainName(at: key)) }
        return JSONEscapes.resolved(bytes(of: key)).withUnsafeBufferPointer {
            shapes.member(of: shape, named: MemberName($0))
        }
    }

    /// Whether the value at `index` is the string `name`.
    func isString(_ index: Int, _ name: MemberName) -> Bool {
        guard nodes[index].kind == .string else { return false }
        guard nodes[index].hasEscapes else { return plainName(at: index) == name }
        return JSONEscapes.resolved(bytes(of: index)).withUnsafeBufferPointer { MemberName($0) == name }
    }

    /// Whether the value at `index` is the string `text`.
    func isString(_ index: Int, _ text: StaticString) -> Bool { isString(index, MemberName(text)) }

    /// The index of the value of a member of the object at `index`; nil when it has none or `null`.
    func value(of name: StaticString, in index: Int) -> Int? { value(of: MemberName(name), in: index) }

    /// The index of the value of a member of the object at `index`; nil when it has none or `null`.
    func value(of name: String, in index: Int) -> Int? {
        var name = name
        return name.withUTF8 { value(of: MemberName($0), in: index) }
    }

    private func value(of name: MemberName, in index: Int) -> Int? {
        var key = index + 1
        for _ in 0..<nodes[index].count {
            if isString(key, name) { return nodes[key + 1].kind == .null ? nil : key + 1 }
            key = Int(nodes[key + 1].end)
        }
        return nil
    }

    /// The index of the last element of the array at `index`; nil when it is empty.
    func lastElement(of index: Int) -> Int? {
        var last: Int?
        var next = index + 1
        for _ in 0..<nodes[index].count {
            last = next
            next = Int(nodes[next].end)
        }
        return last
    }
}

extension MemberName {
    /// A name that lives as long as the program.
    init(_ text: StaticString) {
        self.init(UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }
}
