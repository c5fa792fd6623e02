import JSONScanning
import Testing

@Suite struct StringTests {
    @Test(arguments: [
        (#""""#, ""), (#""a""#, "a"), (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{08}\u{0C}\n\r\t"), (#""\u0041\u00e9""#, "Aé"),
        (#""\u00E9\u20ac\uFFFF""#, "é€\u{FFFF}"), (#""\ud83d\ude00""#, "😀"),
        (#""\uD800\uDC00\uDBFF\uDFFF""#, "\u{10000}\u{10FFFF}"),
        (#""a\u0000b""#, "a\u{0}b"), (#""12345678\n12345678""#, "12345678\n12345678"), (#""é€😀""#, "é€😀"),
        (#""1234567\\""#, "1234567\\"), (#""12345678\\""#, "12345678\\"), (#""\\\\""#, #"\\"#),
        (#""\\u0041""#, #"\u0041"#),
    ])
    func stringIsDecoded(_ text: String, _ decoded: String) throws {
        let value = try root(text)
        #expect(value.stringBytes == Array(decoded.utf8))
        #expect(value.string == decoded)
    }

    @Test(arguments: [
        #""\a""#, #""\x41""#, #""\'""#, #""\0""#, #""\U0041""#, #""\u004""#, #""\u00g0""#, #""\u+041""#, #""\u 041""#,
        #""\ud800""#, #""\udc00""#, #""\ud800\ud800""#, #""\ud800\u0041""#, #""\ud800x""#, #""\ud800\n""#,
        #""\udbff\ue000""#, #""\udc00\ud800""#, "\"\u{0}\"", "\"a\u{1F}\"", "\"12345678\n\"", "\"\t\"",
        "\"1234567\u{1}8\"",
    ])
    func badEscapeLoneSurrogateOrControlIsRefused(_ text: String) {
        #expect(defect(of: text)?.code == .invalidString)
    }

    @Test(arguments: 0..<0x20, 0..<9)
    func controlCharacterIsRefusedWhereverItStands(_ control: UInt8, _ place: Int) {
        var text = Array(#""abcdefghijklmnop""#.utf8)
        text[place + 1] = control
        #expect(defect(of: text) == JSONError(.invalidString, at: place + 1))
    }

    /// Unicode 15, table 3-7: each class of what is not UTF-8.
    @Test(
        arguments: [
            [0x80], [0xBF], [0xC0, 0x80], [0xC1, 0xBF], [0xC2], [0xC2, 0x20], [0xC2, 0xC2], [0xE0, 0x80, 0x80],
            [0xE0, 0x9F, 0xBF], [0xE1, 0x80], [0xE1, 0x80, 0x20], [0xE1, 0x7F, 0x80], [0xED, 0xA0, 0x80],
            [0xED, 0xBF, 0xBF],
            [0xEF, 0xBF, 0xC0], [0xF0, 0x80, 0x80, 0x80], [0xF0, 0x8F, 0xBF, 0xBF], [0xF0, 0x90, 0x80],
            [0xF1, 0x80, 0x80, 0x20],
            [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xF8, 0x88, 0x80, 0x80, 0x80], [0xFE], [0xFF],
        ] as [[UInt8]],
        ["", "abcdefg", "é", "\\n"]
    )
    func illFormedUTF8IsRefused(_ bytes: [UInt8], _ before: String) {
        let text = [UInt8(ascii: "\"")] + Array(before.utf8) + bytes + Array("zzzz\"".utf8)
        #expect(defect(of: text) == JSONError(.invalidUTF8, at: 1 + before.utf8.count))
        #expect(defect(of: Array("{".utf8) + text + Array(":1}".utf8))?.code == .invalidUTF8)
    }

    @Test(
        arguments: [
            0x80, 0x7FF, 0x800, 0xFFF, 0x1000, 0xCFFF, 0xD000, 0xD7FF, 0xE000, 0xFFFD, 0xFFFF, 0x10000, 0x3FFFF,
            0x40000, 0xFFFFF,
            0x100000, 0x10FFFF,
        ] as [UInt32]
    )
    func scalarAtTheEdgeOfAClassIsAccepted(_ scalar: UInt32) throws {
        let text = String(String.UnicodeScalarView(try [#require(Unicode.Scalar(scalar))]))
        #expect(try root("\"\(text)\"").string == text)
    }

    @Test func stringsOfEveryLengthEndWhereTheyEnd() throws {
        for count in 0..<70 {
            for escaped in 0..<count {
                var text = Array(repeating: UInt8(ascii: "x"), count: count)
                text[escaped] = UInt8(ascii: "\"")
                var written: [UInt8] = []
                JSONEscapes.append(text, to: &written)
                #expect(written.count == count + 1)
                let document = try JSONDocument(Array("[\"".utf8) + written + Array("\",1]".utf8))
                #expect(document.root.elements.first?.stringBytes == text)
            }
        }
    }

    @Test func escapesAreWrittenAndResolvedForEveryByte() throws {
        for length in 1..<20 {
            for byte in UInt8(0)..<0x80 {
                let text = Array(repeating: UInt8(ascii: "a"), count: length - 1) + [byte] + Array("é".utf8)
                var written: [UInt8] = []
                JSONEscapes.append(text, to: &written)
                #expect(JSONEscapes.resolved(written) == text)
                #expect(try JSONDocument([0x22] + written + [0x22]).root.stringBytes == text)
                let needed = byte < 0x20 || byte == 0x22 || byte == 0x5C
                #expect((written == text) == !needed)
            }
        }
    }

    @Test func writingToMemoryEqualsAppending() {
        let text = (0..<5000).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ $0 >> 5) & 0x7F }
        var appended: [UInt8] = []
        JSONEscapes.append(text, to: &appended)
        let written = [UInt8](unsafeUninitializedCapacity: JSONEscapes.escapedCapacity(for: text.count)) {
            room,
            count in
            count = text.withUnsafeBufferPointer { text in
                room.baseAddress.map { JSONEscapes.escape(text, into: $0) } ?? 0
            }
        }
        #expect(written == appended)
    }

    @Test func lazySequencesAreWrittenLikeArrays() {
        var appended: [UInt8] = []
        JSONEscapes.append("a\"\n".utf8.lazy.map { $0 }, to: &appended)
        #expect(appended == Array(#"a\"\n"#.utf8))
        #expect(JSONEscapes.resolved(appended.lazy.map { $0 }) == Array("a\"\n".utf8))
    }
}
