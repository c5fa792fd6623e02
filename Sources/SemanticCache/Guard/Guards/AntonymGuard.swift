/// A word that only one text has stands against its antonym that only the other has.
///
/// Not where both texts have words of the same sides: `pros and cons` are `advantages and disadvantages`.
enum AntonymGuard: GuardRule {
    static func objects(to texts: TextComparison) -> Bool {
        let asked = terms(of: texts.asked, lacking: texts.stored)
        guard !asked.isEmpty else { return false }
        let stored = terms(of: texts.stored, lacking: texts.asked)
        return asked.contains { first in
            stored.contains { second in
                first.ending == second.ending && first.side.group == second.side.group && first.side != second.side
                    && (texts.lists.edition == .reference || differ(in: first.side.group, texts))
            }
        }
    }

    /// The terms with an opposite that `text` has and `other` lacks.
    private static func terms(of text: ParsedText, lacking other: ParsedText) -> [OpposableTerm] {
        text.opposables.filter { term in
            !other.forms.contains(term.form) && !other.opposables.contains { $0.form == term.form }
        }
    }

    /// Whether the texts have words of different sides of a group.
    private static func differ(in group: Int, _ texts: TextComparison) -> Bool {
        func sides(_ text: ParsedText) -> Set<Int> {
            Set(text.opposables.lazy.map(\.side).filter { $0.group == group }.map(\.side))
        }
        return sides(texts.asked) != sides(texts.stored)
    }
}
