/// A word that only one text has stands against the same word with a negating prefix, or with an opposite beginning or
/// ending.
enum PrefixGuard: GuardRule {
    static func objects(to texts: TextComparison) -> Bool {
        let (asked, stored) = (texts.asked.forms, texts.stored.forms)
        if asked.contains("non") != stored.contains("non") {
            let isSpelling = isJoined(asked, stored) || isJoined(stored, asked)
            if !isSpelling || texts.lists.edition == .reference { return true }
        }
        if opposes(asked, stored, texts.lists) || opposes(stored, asked, texts.lists) { return true }
        return texts.lists.edition == .current && hasOpposites(texts)
    }

    /// Whether a word of `first` alone is, without its prefix, a word of `second` alone.
    private static func opposes(_ first: Set<String>, _ second: Set<String>, _ lists: WordLists) -> Bool {
        first.contains { word in
            if second.contains(word) { return false }
            return lists.negatingPrefixes.contains { prefix in
                guard word.hasPrefix(prefix) else { return false }
                let rest = String(word.dropFirst(prefix.count))
                guard second.contains(rest), !first.contains(rest) else { return false }
                if lists.edition == .reference { return true }
                // `into` is not the opposite of `to`, and `nonlinear` is `non-linear`.
                return rest.count >= 4 && !lists.stop.contains(rest) && !(prefix == "non" && second.contains("non"))
            }
        }
    }

    /// Whether `first` writes as one word (`nonlinear`) what `second` writes as two (`non-linear`).
    private static func isJoined(_ first: Set<String>, _ second: Set<String>) -> Bool {
        second.contains("non") && second.contains { first.contains("non" + $0) }
    }

    private static func hasOpposites(_ texts: TextComparison) -> Bool {
        // `less painful` is not the opposite of `painless`.
        let graded: Set = ["less", "least", "not"]
        guard graded.isDisjoint(with: texts.asked.forms), graded.isDisjoint(with: texts.stored.forms) else {
            return false
        }
        let asked = texts.unmatchedAsked.map { texts.asked.words[$0].form }
        let stored = texts.unmatchedStored.map { texts.stored.words[$0].form }
        return asked.contains { first in
            stored.contains { Opposites.areOpposed(first, $0, texts.lists) }
        }
    }
}
