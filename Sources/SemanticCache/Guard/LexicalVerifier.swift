/// Judges by words: similarity minus penalties, and guards that refuse whatever the similarity.
///
/// Each text is taken apart once and kept; a judgment of two known texts costs microseconds and asks no model. What the
/// guards know of English is in `WordLists/english.txt`; of texts in other languages only numbers and names are
/// compared, and more similarity is asked for.
public final class LexicalVerifier: Verifier {
    /// Least cosine similarity of a hit between texts that are not English.
    public static let foreignThreshold = 0.95

    private let parser: TextParser
    private let parsed: ParsedTextCache

    /// Creates a verifier that weighs words by `rarity` and keeps about `capacity` texts taken apart.
    public init(rarity: WordRarity = .byLength, capacity: Int = 4096) {
        parser = TextParser(lists: .english, rarity: rarity)
        parsed = ParsedTextCache(capacity: capacity)
    }

    /// Judges candidates for `asked`; O(words of both texts) each, O(length) for texts not seen lately.
    public func judge(_ candidates: [Neighbor], for asked: String, _ settings: SemanticSettings) -> [Judgment] {
        guard !candidates.isEmpty else { return [] }
        let question = parsed.text(asked, parse: parser.parse)
        return candidates.map { candidate in
            let stored = parsed.text(candidate.text, parse: parser.parse)
            return LexicalJudgment(TextComparison(question, stored, lists: parser.lists), candidate, settings).judgment
        }
    }
}
