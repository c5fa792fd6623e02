/// Each text has a name that the other lacks, or a sign such as an emoji or an operator.
///
/// In a script without capital letters every word may be a name: one text with a word that the other lacks is enough.
/// So it is in other languages than English, where nothing is known of words, nor of their order. Source code is compared
/// as it is.
enum EntitiesGuard: GuardRule {
    static func objects(to texts: TextComparison) -> Bool {
        if texts.asked.code != texts.stored.code { return true }
        let (askedSigns, storedSigns) = (texts.asked.symbols, texts.stored.symbols)
        if !askedSigns.isSubset(of: storedSigns), !storedSigns.isSubset(of: askedSigns) { return true }
        if texts.asked.language == .caseless || texts.stored.language == .caseless { return !texts.hasSameContent }
        if !texts.isEnglish, texts.lists.edition == .current {
            return texts.asked.words.map(\.form) != texts.stored.words.map(\.form)
        }
        let (asked, stored) = foreignNames(texts)
        return asked && stored
    }

    /// Whether only one of the texts has a name that the other lacks.
    static func oneSided(_ texts: TextComparison) -> Bool {
        let (asked, stored) = foreignNames(texts)
        return asked != stored
    }

    /// Whether each has a name that is nowhere in the other.
    private static func foreignNames(_ texts: TextComparison) -> (asked: Bool, stored: Bool) {
        let matchedAsked = texts.matching.second.keys
        let asked = hasForeignName(texts.asked, in: texts.stored) { matchedAsked.contains($0) }
        let stored = hasForeignName(texts.stored, in: texts.asked) { texts.matching.matchedInSecond.contains($0) }
        return (asked, stored)
    }

    private static func hasForeignName(_ text: ParsedText, in other: ParsedText, isMatched: (Int) -> Bool) -> Bool {
        text.capitals.contains { name in
            guard !other.stems.contains(name) else { return false }
            return !text.content.contains { isMatched($0) && text.words[$0].stem == name }
        }
    }
}
