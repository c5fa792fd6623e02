/// Finding the end of a string, eight bytes at a time.
enum JSONStringScan {
    /// What was learned about a string on the way to its end.
    struct Span {
        var hasEscapes = false
        var hasRareEscapes = false
        var isASCII = true
    }

    /// Advances `at` from the byte after the opening quotation mark to the byte after the closing one.
    static func scan(_ text: UnsafeBufferPointer<UInt8>, _ at: inout Int) throws(ScanStop) -> Span {
        var span = Span()
        while true {
            skipPlain(text, &at)
            guard at < text.count else { throw .at(at, .unexpectedEnd) }
            let byte = text[at]
            if byte == UInt8(ascii: "\"") {
                at += 1
                return span
            }
            if byte == UInt8(ascii: "\\") {
                span.hasEscapes = true
                try scanEscape(text, &at, &span)
            } else if byte >= 0x80 {
                span.isASCII = false
                repeat { try scanScalar(text, &at) } while at < text.count && text[at] >= 0x80
            } else if byte < 0x20 {
                throw .at(at, .invalidString)
            } else {
                at += 1
            }
        }
    }

    /// Skips words of eight bytes that hold no quotation mark, backslash, control character or non-ASCII byte.
    @inline(__always)
    private static func skipPlain(_ text: UnsafeBufferPointer<UInt8>, _ at: inout Int) {
        while at + 8 <= text.count {
            let hits = ByteWord.load(text, at).needingEscape(orNotASCII: true)
            if hits == 0 {
                at += 8
            } else {
                at += hits.trailingZeroBitCount >> 3
                return
            }
        }
    }

    @inline(__always)
    private static func scanEscape(
        _ text: UnsafeBufferPointer<UInt8>,
        _ at: inout Int,
        _ span: inout Span
    ) throws(ScanStop) {
        guard at + 1 < text.count else { throw .at(text.count, .unexpectedEnd) }
        switch text[at + 1] {
        case UInt8(ascii: "n"), UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "t"): at += 2
        case UInt8(ascii: "r"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"):
            span.hasRareEscapes = true
            at += 2
        case UInt8(ascii: "u"):
            span.hasRareEscapes = true
            try scanUnits(text, &at)
        default: throw .at(at, .invalidString)
        }
    }

    /// Advances past `\uXXXX`, or past two of them that are a surrogate pair.
    private static func scanUnits(_ text: UnsafeBufferPointer<UInt8>, _ at: inout Int) throws(ScanStop) {
        let start = at
        let unit = try scanUnit(text, &at)
        if unit & 0xFC00 == 0xDC00 { throw .at(start, .invalidString) }
        guard unit & 0xFC00 == 0xD800 else { return }
        guard at < text.count else { throw .at(at, .unexpectedEnd) }
        guard text[at] == UInt8(ascii: "\\") else { throw .at(start, .invalidString) }
        guard at + 1 < text.count else { throw .at(text.count, .unexpectedEnd) }
        guard text[at + 1] == UInt8(ascii: "u") else { throw .at(start, .invalidString) }
        if try scanUnit(text, &at) & 0xFC00 != 0xDC00 { throw .at(start, .invalidString) }
    }

    /// Reads `\uXXXX` at `at` and advances past it.
    private static func scanUnit(_ text: UnsafeBufferPointer<UInt8>, _ at: inout Int) throws(ScanStop) -> UInt32 {
        var unit: UInt32 = 0
        for offset in at + 2..<at + 6 {
            guard offset < text.count else { throw .at(text.count, .unexpectedEnd) }
            let byte = text[offset]
            guard byte &- 0x30 < 10 || (byte | 0x20) &- 0x61 < 6 else { throw .at(at, .invalidString) }
            unit = unit << 4 | JSONEscapes.hexadecimal(byte)
        }
        at += 6
        return unit
    }

    /// Advances past one well-formed multi-byte sequence (Unicode 15, table 3-7).
    @inline(__always)
    private static func scanScalar(_ text: UnsafeBufferPointer<UInt8>, _ at: inout Int) throws(ScanStop) {
        let first = text[at]
        let length: Int
        var second: ClosedRange<UInt8> = 0x80...0xBF
        switch first {
        case 0xE1...0xEC, 0xEE...0xEF: length = 3
        case 0xC2...0xDF: length = 2
        case 0xE0: (length, second) = (3, 0xA0...0xBF)
        case 0xED: (length, second) = (3, 0x80...0x9F)
        case 0xF0: (length, second) = (4, 0x90...0xBF)
        case 0xF1...0xF3: length = 4
        case 0xF4: (length, second) = (4, 0x80...0x8F)
        default: throw .at(at, .invalidUTF8)
        }
        guard at + length <= text.count, second ~= text[at + 1],
            length < 3 || text[at + 2] & 0xC0 == 0x80,
            length < 4 || text[at + 3] & 0xC0 == 0x80
        else { throw .at(at, .invalidUTF8) }
        at += length
    }
}
