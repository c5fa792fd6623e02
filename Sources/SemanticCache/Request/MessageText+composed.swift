extension MessageText {
    /// Whether `text`, which is UTF-8, is surely in NFC: false where only a full check can tell.
    ///
    /// The scalars that are let through have `NFC_Quick_Check` yes and combining class 0 (UAX #15), so that no two of
    /// them compose or change places.
    static func isSurelyComposed(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        var at = 0
        while at < text.count {
            let first = text[at]
            if first < 0x80 {
                at += 1
            } else if first < 0xE0 {
                guard at + 2 <= text.count else { return false }
                let scalar = UInt32(first & 0x1F) << 6 | UInt32(text[at + 1] & 0x3F)
                guard isInert(scalar) else { return false }
                at += 2
            } else if first < 0xF0 {
                guard at + 3 <= text.count else { return false }
                let scalar = UInt32(first & 0x0F) << 12 | UInt32(text[at + 1] & 0x3F) << 6 | UInt32(text[at + 2] & 0x3F)
                guard isInert(scalar) else { return false }
                at += 3
            } else {
                guard at + 4 <= text.count else { return false }
                let high = UInt32(first & 0x07) << 18 | UInt32(text[at + 1] & 0x3F) << 12
                guard isInert(high | UInt32(text[at + 2] & 0x3F) << 6 | UInt32(text[at + 3] & 0x3F)) else {
                    return false
                }
                at += 4
            }
        }
        return true
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
