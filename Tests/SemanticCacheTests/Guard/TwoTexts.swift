import Testing

@testable import SemanticCache

/// Two texts, for the tests of what compares them.
struct TwoTexts: Sendable, CustomTestStringConvertible {
    var asked: String
    var stored: String

    init(_ asked: String, _ stored: String) {
        self.asked = asked
        self.stored = stored
    }

    var testDescription: String { "\(asked) / \(stored)" }

    /// The texts with what was asked and what was stored exchanged.
    var exchanged: TwoTexts { TwoTexts(stored, asked) }

    /// Both taken apart, side by side.
    var comparison: TextComparison {
        let parser = TextParser(lists: .english, rarity: .byLength)
        return TextComparison(parser.parse(asked), parser.parse(stored), lists: .english)
    }

    /// Whether a guard objects.
    func areRefused(by name: SemanticSettings.Guard) -> Bool { name.rule.objects(to: comparison) }

    /// The judgment of the stored text.
    func judgment(
        similarity: Double,
        _ settings: SemanticSettings = SemanticSettings(),
        by verifier: LexicalVerifier = LexicalVerifier()
    ) throws -> Judgment {
        let neighbor = try Neighbor(text: stored, similarity: similarity)
        return try #require(verifier.judge([neighbor], for: asked, settings).first)
    }
}

extension Neighbor {
    /// A neighbor whose entry does not matter.
    init(text: String, similarity: Double) throws {
        let entry = try #require(Fingerprint(bytes: [UInt8](repeating: 7, count: 32)))
        self.init(entry: entry, text: text, similarity: similarity)
    }
}
