import JSONScanning
@_spi(_Unicode) import Swift

/// The normal form of message text: Unicode NFC, LF line ends, no white space around it.
///
/// Carriage returns directly before a line feed are dropped, all of them, so that normalizing twice changes nothing; a
/// carriage return elsewhere stays. White space is Unicode's property `White_Space`. What is inside stays as it is.
enum MessageText {
    /// The ends of a text at which white space is trimmed.
    struct Ends: OptionSet {
        let rawValue: UInt8
        static let leading = Ends(rawValue: 1)
        static let trailing = Ends(rawValue: 2)
        static let both: Ends = [.leading, .trailing]
    }

    /// The scalars of `text`, which is UTF-8, in NFC; with more than 64 combining marks in a row, `text` as it is.
    ///
    /// Putting the marks of one run into order takes the square of their number; no writing system has as many as 30
    /// (UAX #15, Stream-Safe Text Format).
    static func composed(_ text: UnsafeBufferPointer<UInt8>) -> [UInt8] {
        let string = String(decoding: text, as: UTF8.self)
        guard longestMarkRun(string) <= 64 else { return Array(text) }
        var result: [UInt8] = []
        result.reserveCapacity(text.count)
        for scalar in string._nfc {
            result.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
        }
        return result
    }

    /// The most scalars in a row whose decomposition begins with a combining mark.
    private static func longestMarkRun(_ text: String) -> Int {
        var (longest, run) = (0, 0)
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case ..<0x0300: run = 0
            // Class 0 themselves, their decompositions are marks.
            case 0x0F73, 0x0F75, 0x0F81: run += 1
            default: run = scalar.properties.canonicalCombiningClass == .notReordered ? 0 : run + 1
            }
            longest = max(longest, run)
        }
        return longest
    }

    /// Whether there is a carriage return in `text`; without a way out of the loop it is done many bytes at a time.
    static func hasCarriageReturn(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        var found: UInt8 = 0
        for byte in text { found |= byte == 0x0D ? 1 : 0 }
        return found != 0
    }

    /// Drops carriage returns before line feeds from the first `count` bytes of `text`; how many bytes are left.
    static func unifyLineEnds(_ text: UnsafeMutablePointer<UInt8>, _ count: Int) -> Int {
        var written = 0
        for at in 0..<count {
            if text[at] == 0x0A {
                while written > 0, text[written - 1] == 0x0D { written -= 1 }
            }
            text[written] = text[at]
            written += 1
        }
        return written
    }

    /// The part of `text` without white space at `ends`.
    @inline(__always)
    static func trimmed(_ text: UnsafeBufferPointer<UInt8>, _ ends: Ends) -> UnsafeBufferPointer<UInt8> {
        var (lower, upper) = (0, text.count)
        if ends.contains(.leading) {
            while lower < upper, case let space = leadingSpace(text, lower, upper), space > 0 { lower += space }
        }
        if ends.contains(.trailing) {
            while lower < upper, case let space = trailingSpace(text, lower, upper), space > 0 { upper -= space }
        }
        return UnsafeBufferPointer(rebasing: text[lower..<upper])
    }

    /// The same of a text in which line feeds and tabulators stand as the escapes `\n` and `\t`.
    static func trimmedEscaped(_ text: UnsafeBufferPointer<UInt8>, _ ends: Ends) -> UnsafeBufferPointer<UInt8> {
        var (lower, upper) = (0, text.count)
        if ends.contains(.leading) {
            while lower < upper {
                let isEscape = text[lower] == UInt8(ascii: "\\") && isSpaceEscape(text[lower + 1])
                let space = isEscape ? 2 : leadingSpace(text, lower, upper)
                if space == 0 { break }
                lower += space
            }
        }
        if ends.contains(.trailing) {
            while lower < upper {
                let isEscape = isSpaceEscape(text[upper - 1]) && hasOddBackslashes(text, lower, upper - 1)
                let space = isEscape ? 2 : trailingSpace(text, lower, upper)
                if space == 0 { break }
                upper -= space
            }
        }
        return UnsafeBufferPointer(rebasing: text[lower..<upper])
    }

    private static func isSpaceEscape(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "n") || byte == UInt8(ascii: "t") }

    /// Whether an odd number of backslashes ends at `upper`: the last begins an escape.
    private static func hasOddBackslashes(_ text: UnsafeBufferPointer<UInt8>, _ lower: Int, _ upper: Int) -> Bool {
        var first = upper
        while first > lower, text[first - 1] == UInt8(ascii: "\\") { first -= 1 }
        return (upper - first) % 2 == 1
    }

    /// How many bytes the white space at `lower` has, 0 when none is there.
    @inline(__always)
    private static func leadingSpace(_ text: UnsafeBufferPointer<UInt8>, _ lower: Int, _ upper: Int) -> Int {
        let first = text[lower]
        if first < 0x80 { return isSpace(first) ? 1 : 0 }
        let count = first < 0xE0 ? 2 : 3
        return lower + count <= upper && isSpace(text, lower, count) ? count : 0
    }

    /// How many bytes the white space before `upper` has, 0 when none is there.
    @inline(__always)
    private static func trailingSpace(_ text: UnsafeBufferPointer<UInt8>, _ lower: Int, _ upper: Int) -> Int {
        let last = text[upper - 1]
        if last < 0x80 { return isSpace(last) ? 1 : 0 }
        if upper - 2 >= lower, isSpace(text, upper - 2, 2) { return 2 }
        if upper - 3 >= lower, isSpace(text, upper - 3, 3) { return 3 }
        return 0
    }

    @inline(__always)
    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte &- 0x09 < 5 }

    /// Whether the `count` bytes at `at` are a white space scalar of two or three bytes.
    private static func isSpace(_ text: UnsafeBufferPointer<UInt8>, _ at: Int, _ count: Int) -> Bool {
        let bytes = UnsafeBufferPointer(rebasing: text[at..<at + count])
        if count == 2 { return bytes[0] == 0xC2 && (bytes[1] == 0x85 || bytes[1] == 0xA0) }
        switch (bytes[0], bytes[1]) {
        case (0xE1, 0x9A): return bytes[2] == 0x80
        case (0xE2, 0x80): return 0x80...0x8A ~= bytes[2] || 0xA8...0xA9 ~= bytes[2] || bytes[2] == 0xAF
        case (0xE2, 0x81): return bytes[2] == 0x9F
        case (0xE3, 0x80): return bytes[2] == 0x80
        default: return false
        }
    }
}
