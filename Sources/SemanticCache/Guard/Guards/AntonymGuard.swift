/// A word that only one text has stands against its antonym that only the other has.
///
/// Not where both texts have words of the same sides: `pros and cons` are `advantages and disadvantages`.
enum AntonymGuard: GuardRule {
    static func objects(to texts: TextComparison) -> Bool {
        if texts.lists.edition == .current, opposesBases(texts) { return true }
        let asked = sides(of: texts.asked, lacking: texts.stored, texts.lists)
        guard !asked.isEmpty else { return false }
        let stored = sides(of: texts.stored, lacking: texts.asked, texts.lists)
        return asked.contains { side in
            stored.contains { $0.group == side.group && $0.side != side.side }
                && (texts.lists.edition == .reference || differ(in: side.group, texts))
        }
    }

    /// The sides of the words that `text` has and `other` lacks.
    private static func sides(
        of text: ParsedText,
        lacking other: ParsedText,
        _ lists: WordLists
    ) -> Set<AntonymGroups.Side> {
        var result: Set<AntonymGroups.Side> = []
        for word in text.words where !other.forms.contains(word.form) {
            result.formUnion(lists.antonyms.sides(of: word.form))
        }
        for compound in text.compounds.subtracting(other.compounds) {
            result.formUnion(lists.antonyms.sides(of: compound))
        }
        return result
    }

    /// Whether words that only one text has are opposites with the same ending: `stronger` and `weaker`.
    private static func opposesBases(_ texts: TextComparison) -> Bool {
        let asked = texts.asked.words.filter { !texts.stored.forms.contains($0.form) }
        let stored = texts.stored.words.filter { !texts.asked.forms.contains($0.form) }
        return asked.contains { first in
            stored.contains { second in
                WordEnding.allCases.contains { ending in
                    let bases = ending.bases(of: first.form)
                    return !bases.isEmpty
                        && ending.bases(of: second.form).contains { other in
                            bases.contains { texts.lists.antonyms.areOpposed($0, other) }
                        }
                }
            }
        }
    }

    /// Whether the texts have words of different sides of a group.
    private static func differ(in group: Int, _ texts: TextComparison) -> Bool {
        func sides(_ text: ParsedText) -> Set<Int> {
            let terms = text.words.map(\.form) + text.compounds
            return Set(terms.flatMap { texts.lists.antonyms.sides(of: $0) }.filter { $0.group == group }.map(\.side))
        }
        return sides(texts.asked) != sides(texts.stored)
    }
}
