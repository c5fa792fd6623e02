import SemanticCacheTesting
@_spi(_Unicode) import Swift
import Testing

@testable import SemanticCache

@Suite struct MessageTextTests {
    private static func text(_ json: String) throws -> String {
        let text = try canonicalText(#"{"messages":[{"content":"\#(json)"}]}"#).utf8
        return String(
            decoding: text.dropFirst(#"{"messages":[{"content":""#.count).dropLast(#""}]}"#.count),
            as: UTF8.self
        )
    }

    @Test(arguments: [
        ("", ""), (" ", ""), ("  \\n\\t\\r\\n ", ""), ("a", "a"), ("  a b  ", "a b"), (#"\n\ta\n\n"#, "a"),
        (#"a\\n"#, #"a\\n"#),
        (#"a\\\n"#, #"a\\"#), (#"a\\\\n"#, #"a\\\\n"#), (#"\\n a"#, #"\\n a"#), (#"\\\na"#, #"\\\na"#),
        (#"\"a\""#, #"\"a\""#),
        (#"a\\"#, #"a\\"#), (#"\u0020a\u000a"#, "a"), (#"\fa\u000b"#, "a"), (#"\u00a0a\u3000"#, "a"),
        ("\u{A0}a\u{3000}", "a"),
        ("\u{2028}\u{2003}a\u{85}\u{1680}\u{202F}\u{205F}", "a"), (#"\u2000a"#, "a"),
        ("\u{200B}a\u{FEFF}", "\u{200B}a\u{FEFF}"),
        (#"\u0000a\u001f"#, #"\u0000a\u001f"#), ("é", "é"), (" é ", "é"), (#" \né\n"#, "é"), ("t", "t"), ("n", "n"),
        (#"\tn\t"#, "n"),
        (#"a\r\nb"#, #"a\nb"#), (#"a\r\r\nb"#, #"a\nb"#), (#"a\rb"#, #"a\rb"#), (#"a\n\rb"#, #"a\n\rb"#),
        (#"a\n\r\nb"#, #"a\n\nb"#),
        (#"e\u0301"#, "é"), ("e\u{301}", "é"), (#"\u212b\/"#, "Å/"), ("\u{1100}\u{1161}\u{11A8}", "각"),
        ("가\u{11A8}", "각"),
        ("か\u{3099}", "が"), ("q\u{307}\u{323}", "q\u{323}\u{307}"),
        ("\u{1F468}\u{200D}\u{1F469} ", "\u{1F468}\u{200D}\u{1F469}"),
        ("ﬁ½Ａ", "ﬁ½Ａ"), ("ΑΒΓ日本語한국어", "ΑΒΓ日本語한국어"), (#"a\/b\"c\u0022\t\u0009d"#, #"a/b\"c\"\t\td"#),
    ])
    func textIsNormalized(_ json: String, _ normal: String) throws {
        let result = try Self.text(json)
        #expect(Array(result.utf8) == Array(normal.utf8), "\(result.debugDescription)")
        #expect(try Array(Self.text(result).utf8) == Array(normal.utf8))
    }

    @Test func everyScalarThatPassesUncheckedStaysItselfInNFC() {
        // What can change before or after another scalar: what is not its own NFC, marks, and second halves of pairs.
        var changing: Set<UInt32> = []
        for value in UInt32(0)...0x10FFFF {
            guard let scalar = Unicode.Scalar(value) else { continue }
            if scalar.properties.canonicalCombiningClass != .notReordered { changing.insert(value) }
            let parts = Array(String(Character(scalar))._nfd)
            if parts != [scalar] {
                changing.formUnion(parts.dropFirst().map(\.value))
                if Array(String(Character(scalar))._nfc) != [scalar] { changing.insert(value) }
            }
        }
        // The conjoining jamo are second halves by rule, not by table (Unicode 15, section 3.12).
        changing.formUnion(0x1161...0x1175)
        changing.formUnion(0x11A8...0x11C2)
        #expect(changing.count > 2000)
        for value in UInt32(0)...0x10FFFF {
            guard let scalar = Unicode.Scalar(value) else { continue }
            let bytes = Array(String(Character(scalar)).utf8)
            let passes = bytes.withUnsafeBufferPointer { MessageText.isSurelyComposed($0) }
            if passes, changing.contains(value) { Issue.record("U+\(String(value, radix: 16))") }
        }
    }

    @Test(arguments: ["plain", "Füchse über Ärger", "日本語のテキスト。", "한국어", "Привет, мир", "Ελλάδα", "👍🏽 ❤️", "“quotes” – …"])
    func commonTextNeedsNoFullCheck(_ text: String) {
        #expect(Array(text.utf8).withUnsafeBufferPointer { MessageText.isSurelyComposed($0) })
    }

    @Test func textEqualToUnicodeComesOutTheSame() throws {
        var random = SeededGenerator(seed: 3)
        let scalars: [Unicode.Scalar] = [
            "a", "e", "\u{301}", "\u{323}", "\u{307}", "\u{E9}", "\u{1E0B}", "\u{1100}", "\u{1161}", "\u{11A8}",
            "\u{AC00}", " ", "\u{3099}",
            "\u{304B}", "\u{915}", "\u{93C}", "\u{94D}", "\u{212B}", "\u{1F600}", "\u{F900}", "\u{2000}", "\u{338}",
            "=",
        ]
        for _ in 0..<5000 {
            var view = String.UnicodeScalarView()
            for _ in 0..<1 + random.below(6) { view.append(scalars[random.below(scalars.count)]) }
            let text = String(view)
            let decomposed = String(String.UnicodeScalarView(text._nfd))
            #expect(try Self.text(text) == Self.text(decomposed))
            #expect(
                try Array(Self.text(text).utf8) == Array(Self.text(Self.text(text)).utf8),
                "\(text.debugDescription)"
            )
        }
    }

    @Test(.timeLimit(.minutes(1)), arguments: ["\u{316}\u{301}", "\u{301}\u{316}", "\u{F73}", "\u{344}\u{316}"])
    func marksWithoutEndStayAsTheyAre(marks: String) {
        let text = Array(("a" + String(repeating: marks, count: 500_000)).utf8)
        #expect(text.withUnsafeBufferPointer { MessageText.composed($0) } == text)
    }

    @Test func marksOfAUsualNumberAreComposed() {
        let text = Array("a\u{301}\u{316}\(String(repeating: "\u{300}", count: 62))".utf8)
        let composed = text.withUnsafeBufferPointer { MessageText.composed($0) }
        #expect(String(decoding: composed, as: UTF8.self).unicodeScalars.prefix(2).map(\.value) == [0xE1, 0x316])
    }
}
