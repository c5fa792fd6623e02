/// A word that only one text has stands against its antonym that only the other has.
///
/// Not where both texts have words of the same sides: `pros and cons` are `advantages and disadvantages`.
enum AntonymGuard: GuardRule {
    static func objects(to texts: TextComparison) -> Bool {
        let asked = terms(of: texts.asked, lacking: texts.stored)
        guard !asked.isEmpty else { return false }
        let stored = terms(of: texts.stored, lacking: texts.asked)
        return oppose(asked, stored, texts) { texts.lists.antonyms.sides(of: $0) }
            || texts.lists.edition == .current
                && WordEnding.allCases.contains { ending in
                    oppose(asked, stored, texts) { sides(ofBases: $0, ending, texts.lists) }
                }
    }

    /// Whether terms of both texts are on different sides of a group of which the texts do not have the same sides.
    private static func oppose(
        _ asked: [String],
        _ stored: [String],
        _ texts: TextComparison,
        sides: (String) -> [AntonymGroups.Side]
    ) -> Bool {
        let first = Set(asked.flatMap(sides))
        guard !first.isEmpty else { return false }
        let second = Set(stored.flatMap(sides))
        return first.contains { side in
            second.contains { $0.group == side.group && $0.side != side.side }
                && (texts.lists.edition == .reference || differ(in: side.group, texts))
        }
    }

    /// The words that `text` has and `other` lacks, and terms of two words.
    private static func terms(of text: ParsedText, lacking other: ParsedText) -> [String] {
        text.words.map(\.form).filter { !other.forms.contains($0) } + text.compounds.subtracting(other.compounds)
    }

    /// The sides of what a word is without an ending; only opposites with the same ending are compared, as `stronger`
    /// and `weaker` are.
    private static func sides(
        ofBases word: String,
        _ ending: WordEnding,
        _ lists: WordLists
    ) -> [AntonymGroups.Side] {
        ending.bases(of: word).flatMap { lists.antonyms.sides(of: $0) }
    }

    /// Whether the texts have words of different sides of a group.
    private static func differ(in group: Int, _ texts: TextComparison) -> Bool {
        func sides(_ text: ParsedText) -> Set<Int> {
            let terms = text.words.map(\.form) + text.compounds
            let bases = terms.flatMap { term in WordEnding.allCases.flatMap { $0.bases(of: term) } }
            return Set(
                (terms + bases).flatMap { texts.lists.antonyms.sides(of: $0) }.filter { $0.group == group }.map(\.side)
            )
        }
        return sides(texts.asked) != sides(texts.stored)
    }
}
