/// The one pass over the bytes that finds the nodes.
struct JSONScanner {
    private(set) var nodes: [JSONNode] = []
    private var open: [Int] = []

    init(capacity: Int) {
        nodes.reserveCapacity(capacity)
        open.reserveCapacity(16)
    }

    /// Scans `text`; nil when it is a document.
    mutating func scan(_ text: UnsafeBufferPointer<UInt8>) -> JSONError? {
        do throws(JSONError) {
            var at = 0
            try scanValues(text, &at)
            skipWhitespace(text, &at)
            if at != text.count { throw JSONError(.trailingBytes, at: at) }
            return nil
        } catch {
            return error
        }
    }

    private mutating func scanValues(_ text: UnsafeBufferPointer<UInt8>, _ at: inout Int) throws(JSONError) {
        value: while true {
            skipWhitespace(text, &at)
            guard at < text.count else { throw JSONError(.unexpectedEnd, at: at) }
            switch text[at] {
            case UInt8(ascii: "{"):
                try beginContainer(.object, &at)
                skipWhitespace(text, &at)
                if at < text.count, text[at] == UInt8(ascii: "}") {
                    at += 1
                    try endContainer(text, at)
                } else {
                    try scanKey(text, &at)
                    continue value
                }
            case UInt8(ascii: "["):
                try beginContainer(.array, &at)
                skipWhitespace(text, &at)
                if at < text.count, text[at] == UInt8(ascii: "]") {
                    at += 1
                    try endContainer(text, at)
                } else {
                    continue value
                }
            case UInt8(ascii: "\""): try scanString(text, &at)
            case UInt8(ascii: "t"): try scanLiteral("true", .true, text, &at)
            case UInt8(ascii: "f"): try scanLiteral("false", .false, text, &at)
            case UInt8(ascii: "n"): try scanLiteral("null", .null, text, &at)
            case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): try scanNumber(text, &at)
            default: throw JSONError(.unexpectedByte, at: at)
            }
            // A value has ended: what follows depends on the container it is in.
            while let container = open.last {
                nodes[container].count += 1
                let isObject = nodes[container].kind == .object
                skipWhitespace(text, &at)
                guard at < text.count else { throw JSONError(.unexpectedEnd, at: at) }
                switch text[at] {
                case UInt8(ascii: ","):
                    at += 1
                    if isObject { try scanKey(text, &at) }
                    continue value
                case UInt8(ascii: "}") where isObject, UInt8(ascii: "]") where !isObject:
                    at += 1
                    try endContainer(text, at)
                default: throw JSONError(.unexpectedByte, at: at)
                }
            }
            return
        }
    }

    private mutating func beginContainer(_ kind: JSONNode.Kind, _ at: inout Int) throws(JSONError) {
        if open.count == JSONDocument.maximumDepth { throw JSONError(.tooDeep, at: at) }
        open.append(nodes.count)
        append(kind, at, at)
        at += 1
    }

    private mutating func endContainer(_ text: UnsafeBufferPointer<UInt8>, _ at: Int) throws(JSONError) {
        let container = open.removeLast()
        nodes[container].upperBound = UInt32(at)
        nodes[container].end = UInt32(nodes.count)
        if nodes[container].kind == .object, nodes[container].count > 1 {
            if let duplicate = JSONDuplicates.firstDuplicate(in: container, nodes, text) {
                throw JSONError(.duplicateMember, at: Int(nodes[duplicate].lowerBound))
            }
        }
    }

    private mutating func scanKey(_ text: UnsafeBufferPointer<UInt8>, _ at: inout Int) throws(JSONError) {
        skipWhitespace(text, &at)
        guard at < text.count else { throw JSONError(.unexpectedEnd, at: at) }
        guard text[at] == UInt8(ascii: "\"") else { throw JSONError(.unexpectedByte, at: at) }
        try scanString(text, &at)
        skipWhitespace(text, &at)
        guard at < text.count else { throw JSONError(.unexpectedEnd, at: at) }
        guard text[at] == UInt8(ascii: ":") else { throw JSONError(.unexpectedByte, at: at) }
        at += 1
    }

    private mutating func scanString(_ text: UnsafeBufferPointer<UInt8>, _ at: inout Int) throws(JSONError) {
        let start = at + 1
        at = start
        let span = try JSONStringScan.scan(text, &at)
        append(.string, start, at - 1)
        nodes[nodes.count - 1].hasEscapes = span.hasEscapes
        nodes[nodes.count - 1].isASCII = span.isASCII
    }

    private mutating func scanLiteral(
        _ literal: StaticString,
        _ kind: JSONNode.Kind,
        _ text: UnsafeBufferPointer<UInt8>,
        _ at: inout Int
    ) throws(JSONError) {
        let count = literal.utf8CodeUnitCount
        guard at + count <= text.count else { throw JSONError(.unexpectedEnd, at: text.count) }
        for offset in 0..<count where text[at + offset] != literal.utf8Start[offset] {
            throw JSONError(.unexpectedByte, at: at + offset)
        }
        append(kind, at, at + count)
        at += count
    }

    private mutating func scanNumber(_ text: UnsafeBufferPointer<UInt8>, _ at: inout Int) throws(JSONError) {
        let start = at
        func digits() -> Int {
            let first = at
            while at < text.count, text[at] &- 0x30 < 10 { at += 1 }
            return at - first
        }
        if text[at] == UInt8(ascii: "-") { at += 1 }
        let integer = at
        guard digits() > 0, text[integer] != UInt8(ascii: "0") || at == integer + 1 else {
            throw JSONError(.invalidNumber, at: start)
        }
        if at < text.count, text[at] == UInt8(ascii: ".") {
            at += 1
            if digits() == 0 { throw JSONError(.invalidNumber, at: start) }
        }
        if at < text.count, text[at] | 0x20 == UInt8(ascii: "e") {
            at += 1
            if at < text.count, text[at] == UInt8(ascii: "+") || text[at] == UInt8(ascii: "-") { at += 1 }
            guard 1...9 ~= digits() else { throw JSONError(.invalidNumber, at: start) }
        }
        append(.number, start, at)
    }

    private mutating func append(_ kind: JSONNode.Kind, _ lower: Int, _ upper: Int) {
        nodes.append(
            JSONNode(
                kind: kind,
                hasEscapes: false,
                isASCII: true,
                count: 0,
                lowerBound: UInt32(lower),
                upperBound: UInt32(upper),
                end: UInt32(nodes.count + 1)
            )
        )
    }

    @inline(__always)
    private func skipWhitespace(_ text: UnsafeBufferPointer<UInt8>, _ at: inout Int) {
        while at < text.count {
            switch text[at] {
            case 0x20, 0x09, 0x0A, 0x0D: at += 1
            default: return
            }
        }
    }
}
