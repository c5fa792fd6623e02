/// The one pass over the bytes that finds the nodes.
///
/// While a container is open, its node's `end` holds the index of the container around it: no stack is needed.
struct JSONScanner {
    // Both buffers outlive the scanner: it is made and used inside their owners' closures.
    private let text: UnsafeBufferPointer<UInt8>
    private let nodes: UnsafeMutableBufferPointer<JSONNode>
    /// The nodes found so far, all initialized.
    private(set) var count = 0
    private var at = 0
    private var depth = 0
    private var container = 0

    /// Prepares a pass over `text` that writes its nodes to the start of `nodes`.
    init(_ text: UnsafeBufferPointer<UInt8>, into nodes: UnsafeMutableBufferPointer<JSONNode>) {
        self.text = text
        self.nodes = nodes
    }

    /// Scans the whole text.
    mutating func scan() throws(ScanStop) {
        repeat { try scanValue() } while try endValue()
        skipWhitespace()
        if at != text.count { throw .at(at, .trailingBytes) }
    }

    /// Scans one scalar or the beginning of one container that is not empty, down to the first value inside.
    private mutating func scanValue() throws(ScanStop) {
        while true {
            switch try nextByte() {
            case UInt8(ascii: "\""): return try scanString()
            case UInt8(ascii: "{"):
                try beginContainer(.object)
                if try nextByte() == UInt8(ascii: "}") { return try endContainer() }
                try scanName()
            case UInt8(ascii: "["):
                try beginContainer(.array)
                if try nextByte() == UInt8(ascii: "]") { return try endContainer() }
            case UInt8(ascii: "t"): return try scanLiteral("true", .true)
            case UInt8(ascii: "f"): return try scanLiteral("false", .false)
            case UInt8(ascii: "n"): return try scanLiteral("null", .null)
            case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try scanNumber()
            default: throw .at(at, .unexpectedByte)
            }
        }
    }

    /// A value has ended: closes the containers that end with it; whether another value follows.
    private mutating func endValue() throws(ScanStop) -> Bool {
        while depth > 0 {
            nodes[container].count += 1
            let isObject = nodes[container].kind == .object
            let byte = try nextByte()
            if byte == UInt8(ascii: ",") {
                at += 1
                if isObject { try scanName() }
                return true
            }
            guard byte == (isObject ? UInt8(ascii: "}") : UInt8(ascii: "]")) else { throw .at(at, .unexpectedByte) }
            try endContainer()
        }
        return false
    }

    private mutating func beginContainer(_ kind: JSONNode.Kind) throws(ScanStop) {
        if depth == JSONDocument.maximumDepth { throw .at(at, .tooDeep) }
        depth += 1
        let outer = container
        container = count
        try append(kind, at, at)
        nodes[container].end = UInt32(truncatingIfNeeded: outer)
        at += 1
    }

    /// Ends the innermost container at its closing bracket.
    private mutating func endContainer() throws(ScanStop) {
        at += 1
        let closed = container
        container = Int(nodes[closed].end)
        depth -= 1
        nodes[closed].upperBound = UInt32(truncatingIfNeeded: at)
        nodes[closed].end = UInt32(truncatingIfNeeded: count)
        guard nodes[closed].kind == .object, nodes[closed].count > 1 else { return }
        if let duplicate = JSONDuplicates.firstDuplicate(in: closed, UnsafeBufferPointer(nodes), text) {
            throw .at(Int(nodes[duplicate].lowerBound), .duplicateMember)
        }
    }

    /// Scans a member's name and the colon after it.
    private mutating func scanName() throws(ScanStop) {
        guard try nextByte() == UInt8(ascii: "\"") else { throw .at(at, .unexpectedByte) }
        try scanString()
        guard try nextByte() == UInt8(ascii: ":") else { throw .at(at, .unexpectedByte) }
        at += 1
    }

    @inline(__always)
    private mutating func scanString() throws(ScanStop) {
        at += 1
        let start = at
        let span = try JSONStringScan.scan(text, &at)
        try append(.string, start, at - 1, span)
    }

    private mutating func scanLiteral(_ literal: StaticString, _ kind: JSONNode.Kind) throws(ScanStop) {
        let start = at
        // A StaticString's bytes live as long as the program.
        for byte in UnsafeBufferPointer(start: literal.utf8Start, count: literal.utf8CodeUnitCount) {
            guard at < text.count else { throw .at(at, .unexpectedEnd) }
            guard text[at] == byte else { throw .at(at, .unexpectedByte) }
            at += 1
        }
        try append(kind, start, at)
    }

    private mutating func scanNumber() throws(ScanStop) {
        let start = at
        if text[at] == UInt8(ascii: "-") { at += 1 }
        let integer = at
        let integerDigits = skipDigits()
        guard integerDigits == 1 || integerDigits > 1 && text[integer] != UInt8(ascii: "0") else {
            throw .at(start, .invalidNumber)
        }
        if at < text.count, text[at] == UInt8(ascii: ".") {
            at += 1
            if skipDigits() == 0 { throw .at(start, .invalidNumber) }
        }
        if at < text.count, text[at] | 0x20 == UInt8(ascii: "e") {
            at += 1
            if at < text.count, text[at] == UInt8(ascii: "+") || text[at] == UInt8(ascii: "-") { at += 1 }
            let exponent = at
            while at < text.count, text[at] == UInt8(ascii: "0") { at += 1 }
            guard skipDigits() <= JSONNumbers.maximumExponentDigits, at > exponent else {
                throw .at(start, .invalidNumber)
            }
        }
        try append(.number, start, at)
    }

    @inline(__always)
    private mutating func skipDigits() -> Int {
        let first = at
        while at < text.count, text[at] &- 0x30 < 10 { at += 1 }
        return at - first
    }

    @inline(__always)
    private mutating func append(
        _ kind: JSONNode.Kind,
        _ lower: Int,
        _ upper: Int,
        _ span: JSONStringScan.Span = JSONStringScan.Span()
    ) throws(ScanStop) {
        guard count < nodes.count else { throw .outOfNodes }
        nodes.initializeElement(
            at: count,
            to: JSONNode(
                kind: kind,
                hasEscapes: span.hasEscapes,
                hasRareEscapes: span.hasRareEscapes,
                isASCII: span.isASCII,
                count: 0,
                lowerBound: UInt32(truncatingIfNeeded: lower),
                upperBound: UInt32(truncatingIfNeeded: upper),
                end: UInt32(truncatingIfNeeded: count + 1)
            )
        )
        count += 1
    }

    /// The next byte that is not white space; `at` is its offset.
    @inline(__always)
    private mutating func nextByte() throws(ScanStop) -> UInt8 {
        skipWhitespace()
        guard at < text.count else { throw .at(at, .unexpectedEnd) }
        return text[at]
    }

    @inline(__always)
    private mutating func skipWhitespace() {
        while at < text.count, text[at] <= 0x20 {
            switch text[at] {
            case 0x20, 0x09, 0x0A, 0x0D: at += 1
            default: return
            }
        }
    }
}
