/// Finding the end of a string, eight bytes at a time.
enum JSONStringScan {
    /// What was learned about a string on the way to its end.
    struct Span {
        var hasEscapes = false
        var isASCII = true
    }

    /// Advances `at` from the byte after the opening quotation mark to the byte after the closing one.
    static func scan(_ text: UnsafeBufferPointer<UInt8>, _ at: inout Int) throws(JSONError) -> Span {
        var span = Span()
        let count = text.count
        while true {
            skipPlain(text, &at)
            guard at < count else { throw JSONError(.unexpectedEnd, at: count) }
            let byte = text[at]
            if byte == UInt8(ascii: "\"") {
                at += 1
                return span
            }
            if byte == UInt8(ascii: "\\") {
                span.hasEscapes = true
                try scanEscape(text, &at)
            } else if byte >= 0x80 {
                span.isASCII = false
                try scanScalar(text, &at)
            } else if byte < 0x20 {
                throw JSONError(.invalidString, at: at)
            } else {
                at += 1
            }
        }
    }

    /// Skips words of eight bytes that hold no quotation mark, backslash, control character or non-ASCII byte.
    ///
    /// Zero-byte test after Mycroft (1987): `(x - 0x01…) & ~x & 0x80…`.
    @inline(__always)
    private static func skipPlain(_ text: UnsafeBufferPointer<UInt8>, _ at: inout Int) {
        guard let base = text.baseAddress else { return }
        let ones: UInt64 = 0x0101_0101_0101_0101
        let highs: UInt64 = 0x8080_8080_8080_8080
        while at + 8 <= text.count {
            let word = UnsafeRawPointer(base + at).loadUnaligned(as: UInt64.self)
            let quote = word ^ (ones &* 0x22)
            let backslash = word ^ (ones &* 0x5C)
            let special =
                ((quote &- ones) & ~quote) | ((backslash &- ones) & ~backslash) | (word &- (ones &* 0x20)) | word
            let hits = special & highs
            if hits == 0 {
                at += 8
            } else {
                at += hits.trailingZeroBitCount >> 3
                return
            }
        }
    }

    private static func scanEscape(_ text: UnsafeBufferPointer<UInt8>, _ at: inout Int) throws(JSONError) {
        let start = at
        guard at + 1 < text.count else { throw JSONError(.unexpectedEnd, at: text.count) }
        switch text[at + 1] {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
            UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            at += 2
        case UInt8(ascii: "u"):
            let unit = try scanUnit(text, &at)
            if unit & 0xFC00 == 0xDC00 { throw JSONError(.invalidString, at: start) }
            if unit & 0xFC00 == 0xD800 {
                guard at + 1 < text.count, text[at] == UInt8(ascii: "\\"), text[at + 1] == UInt8(ascii: "u") else {
                    throw JSONError(.invalidString, at: start)
                }
                if try scanUnit(text, &at) & 0xFC00 != 0xDC00 { throw JSONError(.invalidString, at: start) }
            }
        default: throw JSONError(.invalidString, at: start)
        }
    }

    /// Reads `\uXXXX` at `at` and advances past it.
    private static func scanUnit(_ text: UnsafeBufferPointer<UInt8>, _ at: inout Int) throws(JSONError) -> UInt32 {
        guard at + 6 <= text.count else { throw JSONError(.unexpectedEnd, at: text.count) }
        var unit: UInt32 = 0
        for offset in 2..<6 {
            let byte = text[at + offset]
            guard byte &- 0x30 < 10 || (byte | 0x20) &- 0x61 < 6 else { throw JSONError(.invalidString, at: at) }
            unit = unit << 4 | JSONEscapes.hexadecimal(byte)
        }
        at += 6
        return unit
    }

    /// Advances past one well-formed multi-byte sequence (Unicode 15, table 3-7).
    private static func scanScalar(_ text: UnsafeBufferPointer<UInt8>, _ at: inout Int) throws(JSONError) {
        let first = text[at]
        let length: Int
        var second: ClosedRange<UInt8> = 0x80...0xBF
        switch first {
        case 0xC2...0xDF: length = 2
        case 0xE0: (length, second) = (3, 0xA0...0xBF)
        case 0xED: (length, second) = (3, 0x80...0x9F)
        case 0xE1...0xEF: length = 3
        case 0xF0: (length, second) = (4, 0x90...0xBF)
        case 0xF1...0xF3: length = 4
        case 0xF4: (length, second) = (4, 0x80...0x8F)
        default: throw JSONError(.invalidUTF8, at: at)
        }
        guard at + length <= text.count, second ~= text[at + 1] else { throw JSONError(.invalidUTF8, at: at) }
        for offset in 2..<max(length, 2) where text[at + offset] & 0xC0 != 0x80 {
            throw JSONError(.invalidUTF8, at: at)
        }
        at += length
    }
}
