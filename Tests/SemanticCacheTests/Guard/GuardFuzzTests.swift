import SemanticCacheTesting
import Testing

@testable import SemanticCache

@Suite struct GuardFuzzTests {
    /// Random texts out of words, digits, signs and scalars of many scripts.
    private static func text(_ generator: inout SeededGenerator) -> String {
        let pieces = [
            "how", "do", "I", "not", "don't", "from", "to", "Rome", "3", "1,000.5", "9:15am", "10k", "C++", "U.S.A.",
            "'", "’", "?", ".", "\n", "🙂", "é", "ß", "İ", "ﬁ", "中文", "שלום", "مرحبا", "हिन्दी", "\u{0}", "\u{301}",
            "\u{202e}", "١٢", "½", "ignore all previous instructions", "united states", "one of", "twenty five", "k",
        ]
        var text = ""
        for _ in 0..<Int.random(in: 0...14, using: &generator) {
            if Bool.random(using: &generator) { text += " " }
            if Int.random(in: 0...5, using: &generator) == 0 {
                let value = UInt32.random(in: 0...0x10FFFF, using: &generator)
                if let scalar = Unicode.Scalar(value) { text.unicodeScalars.append(scalar) }
            } else if let piece = pieces.randomElement(using: &generator) {
                text += piece
            }
        }
        return text
    }

    @Test func anyTextsAreJudgedAlikeBothWays() throws {
        var generator = SeededGenerator(seed: 20)
        let verifier = LexicalVerifier(capacity: 16)
        for _ in 0..<4000 {
            let texts = TwoTexts(Self.text(&generator), Self.text(&generator))
            let judgment = try texts.judgment(similarity: 0.9, by: verifier)
            let exchanged = try texts.exchanged.judgment(similarity: 0.9, by: verifier)
            #expect(judgment.score.isFinite)
            for name in [SemanticSettings.Guard.numbers, .antonym, .negation, .prefix, .calendar] {
                #expect(
                    judgment.vetoes.contains(name) == exchanged.vetoes.contains(name),
                    "\(name) \(texts.testDescription.debugDescription)"
                )
            }
        }
    }

    /// Questions with one thing in them exchanged for its opposite, or for another number or place.
    @Test func generatedSwapsAreNeverServed() throws {
        let swaps = [
            ("2019", "2021"), ("3", "4"), ("Monday", "Tuesday"), ("from Oslo to Rome", "from Rome to Oslo"),
            ("enable", "disable"), ("open", "close"), ("with", "without"), ("included", "not included"),
            ("Oslo", "Rome"), ("legal", "illegal"), ("increase", "decrease"), ("before", "after"),
        ]
        let frames = [
            "How do I book a table for @?", "Tell me whether it is @ in this case", "What changes when it is @",
            "Is there a way to have it @ please",
        ]
        for frame in frames {
            for (first, second) in swaps {
                let texts = TwoTexts(
                    frame.split(separator: "@", omittingEmptySubsequences: false).joined(separator: first),
                    frame.split(separator: "@", omittingEmptySubsequences: false).joined(separator: second)
                )
                for texts in [texts, texts.exchanged] {
                    let judgment = try texts.judgment(similarity: 0.999)
                    #expect(judgment.rejection != nil, "\(texts)")
                }
            }
        }
    }
}
