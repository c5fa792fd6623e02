/// Floats as base64 (RFC 4648) of their little-endian bytes, which is OpenAI's `encoding_format: base64`.
enum Base64Floats {
    /// The floats, whatever they are; nil when the text is no base64 or no whole number of them.
    ///
    /// O(bytes).
    static func decode(_ text: [UInt8]) -> [Float]? {
        guard text.count.isMultiple(of: 4) else { return nil }
        let padding = text.suffix(2).count { $0 == UInt8(ascii: "=") }
        let count = text.count / 4 * 3 - padding
        guard count >= 0, count.isMultiple(of: 4) else { return nil }
        var floats: [Float] = []
        floats.reserveCapacity(count / 4)
        var word: UInt32 = 0
        var bytes = 0
        var bits: UInt32 = 0
        var bitCount = 0
        for character in text.dropLast(padding) {
            guard let value = value(character) else { return nil }
            bits = bits << 6 | value
            bitCount += 6
            guard bitCount >= 8 else { continue }
            bitCount -= 8
            word = word >> 8 | (bits >> UInt32(bitCount) & 0xFF) << 24
            bytes += 1
            if bytes.isMultiple(of: 4) { floats.append(Float(bitPattern: word)) }
        }
        return floats
    }

    private static func value(_ character: UInt8) -> UInt32? {
        switch character {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt32(character) - 65
        case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt32(character) - 71
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(character) + 4
        case UInt8(ascii: "+"): 62
        case UInt8(ascii: "/"): 63
        default: nil
        }
    }
}
