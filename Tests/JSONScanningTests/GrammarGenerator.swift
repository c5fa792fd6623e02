import SemanticCacheTesting

extension SeededGenerator {
    private static let pieces: [String] = [
        "a", "role", "content", "12345678", "é", "日本", "😀", #"\n"#, #"\""#, #"\\"#, #"\/"#, #"\u0041"#, #"\u00e9"#,
        #"\ud83d\ude00"#, #"\u0000"#, " ", "\u{7F}", #"\b\f\r\t"#, "the quick brown fox",
    ]

    /// A JSON text: mostly valid, now and then with a defect.
    mutating func document() -> [UInt8] {
        var text: [UInt8] = []
        appendValue(&text, depth: 0)
        return text
    }

    /// A number by the grammar, within the range of doubles or a little outside.
    mutating func number() -> String {
        var text = below(3) == 0 ? "-" : ""
        text += below(4) == 0 ? "0" : String(next() >> UInt64(below(64)))
        if text.hasSuffix("0"), text.count > 2, below(2) == 0 { text += "000" }
        if below(3) == 0 { text += "." + String(repeating: "0", count: below(4)) + String(next() >> UInt64(below(64))) }
        if below(3) == 0 { text += ["e", "E", "e+", "e-", "E-0"][below(5)] + String(below(below(8) == 0 ? 400 : 30)) }
        return text
    }

    private mutating func appendValue(_ text: inout [UInt8], depth: Int) {
        appendSpace(&text)
        switch below(depth > 6 ? 6 : 10) {
        case 0: text += "null".utf8
        case 1: text += (below(2) == 0 ? "true" : "false").utf8
        case 2, 3: text += number().utf8
        case 4, 5: appendString(&text)
        case 6, 7:
            text.append(UInt8(ascii: "["))
            for place in 0..<below(6) {
                if place > 0 { text.append(UInt8(ascii: ",")) }
                appendValue(&text, depth: depth + 1)
            }
            appendSpace(&text)
            text.append(UInt8(ascii: "]"))
        default:
            text.append(UInt8(ascii: "{"))
            for place in 0..<below(below(10) == 0 ? 30 : 6) {
                if place > 0 { text.append(UInt8(ascii: ",")) }
                appendSpace(&text)
                appendString(&text)
                appendSpace(&text)
                text.append(UInt8(ascii: ":"))
                appendValue(&text, depth: depth + 1)
            }
            text.append(UInt8(ascii: "}"))
        }
        appendSpace(&text)
    }

    private mutating func appendString(_ text: inout [UInt8]) {
        text.append(UInt8(ascii: "\""))
        for _ in 0..<below(5) { text += Self.pieces[below(Self.pieces.count)].utf8 }
        if below(2) == 0 { text += String(below(1000)).utf8 }
        text.append(UInt8(ascii: "\""))
    }

    private mutating func appendSpace(_ text: inout [UInt8]) {
        if below(6) == 0 { text.append([0x20, 0x09, 0x0A, 0x0D][below(4)]) }
    }

    /// Changes some bytes of `text`.
    mutating func mutate(_ text: inout [UInt8]) {
        let telling = Array("{}[]\",:\\ue0123-.tfn \u{0}\u{1F}".utf8) + [0x80, 0xC0, 0xE0, 0xED, 0xF0, 0xF4, 0xFF]
        for _ in 0..<1 + below(3) {
            let place = below(text.count + 1)
            let byte = below(2) == 0 ? telling[below(telling.count)] : UInt8(truncatingIfNeeded: next())
            switch below(5) {
            case 0: text.insert(byte, at: place)
            case 1 where place < text.count: text.remove(at: place)
            case 2 where place < text.count: text[place] ^= 1 << UInt8(below(8))
            case 3 where text.count > 4:
                let end = min(text.count, place + 1 + below(24))
                text.insert(contentsOf: Array(text[min(place, end)..<end]), at: below(text.count + 1))
            default: if place < text.count { text[place] = byte }
            }
        }
        if below(50) == 0 { text.removeLast(below(text.count + 1)) }
    }
}
