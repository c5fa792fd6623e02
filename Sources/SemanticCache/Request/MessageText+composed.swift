extension MessageText {
    /// Whether `text`, which is UTF-8, is surely in NFC: false where only a full check can tell.
    ///
    /// The scalars that are let through have `NFC_Quick_Check` yes and combining class 0 (UAX #15), so that no two of
    /// them compose or change places.
    static func isSurelyComposed(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        var at = 0
        while at < text.count {
            switch text[at] {
            case 0..<0x80: skipASCII(text, &at)
            case 0xC2...0xCB, 0xD0, 0xD1: at += 2  // Latin, Cyrillic: U+0080 to U+02FF, U+0400 to U+047F
            case 0xE4...0xE9, 0xEB, 0xEC: at += 3  // Han, Hangul: U+4000 to U+9FFF, U+B000 to U+CFFF
            case 0xE3 where isKana(text, at): at += 3
            default:
                guard let (scalar, length) = scalar(text, at), isInert(scalar) else { return false }
                at += length
            }
        }
        return true
    }

    /// Whether the second byte at `at` says kana: U+3040 to U+307F, U+30C0 to U+30FF.
    @inline(__always)
    private static func isKana(_ text: UnsafeBufferPointer<UInt8>, _ at: Int) -> Bool {
        at + 1 < text.count && (text[at + 1] == 0x81 || text[at + 1] == 0x83)
    }

    @inline(__always)
    private static func skipASCII(_ text: UnsafeBufferPointer<UInt8>, _ at: inout Int) {
        while at + 8 <= text.count {
            // The eight bytes are inside `text`; loadUnaligned asks for no alignment.
            let word = UnsafeRawBufferPointer(text).loadUnaligned(fromByteOffset: at, as: UInt64.self).littleEndian
            let high = word & 0x8080_8080_8080_8080
            at += high == 0 ? 8 : high.trailingZeroBitCount >> 3
            if high != 0 { return }
        }
        while at < text.count, text[at] < 0x80 { at += 1 }
    }

    /// The scalar of more than one byte at `at`, and how many it has.
    @inline(__always)
    private static func scalar(_ text: UnsafeBufferPointer<UInt8>, _ at: Int) -> (scalar: UInt32, length: Int)? {
        let first = text[at]
        let length = first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
        guard at + length <= text.count else { return nil }
        var scalar = UInt32(first & (0x7F >> UInt8(truncatingIfNeeded: length)))
        for place in at + 1..<at + length { scalar = scalar << 6 | UInt32(text[place] & 0x3F) }
        return (scalar, length)
    }

    /// Whether a scalar is known to stay itself in NFC whatever stands before it.
    @inline(__always)
    static func isInert(_ scalar: UInt32) -> Bool {
        switch scalar {
        case 0..<0x0300: true  // Latin
        case 0x309B..<0xA000: true  // kana, bopomofo, Han
        case 0xAC00...0xD7A3: true  // Hangul syllables
        case 0x3001...0x3029, 0x3030...0x3098: true  // CJK punctuation, hiragana
        case 0x2010...0x205E: true  // general punctuation
        case 0x0388...0x03FF, 0x0400...0x0482, 0x048A...0x052F: true  // Greek, Cyrillic
        case 0x1E00...0x1EFF: true  // Latin, Vietnamese
        case 0x05D0...0x05EA, 0x0620...0x064A, 0x0660...0x066F, 0x0671...0x06D5: true  // Hebrew, Arabic
        case 0x20A0...0x20BF, 0x2190...0x2328, 0x232B...0x2ADB: true  // currency, arrows, mathematics, symbols
        case 0xFF01...0xFFEF, 0xFE0F: true  // full width, the emoji variation selector
        case 0x1F000...0x1FAFF, 0x20000...0x2A6DF: true  // emoji, Han
        default: false
        }
    }
}
