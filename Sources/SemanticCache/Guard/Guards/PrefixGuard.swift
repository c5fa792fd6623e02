/// A word that only one text has stands against the same word with a negating prefix.
enum PrefixGuard: GuardRule {
    static func objects(to texts: TextComparison) -> Bool {
        let (asked, stored) = (texts.asked.forms, texts.stored.forms)
        if asked.contains("non") != stored.contains("non") { return true }
        return opposes(asked, stored, texts.lists) || opposes(stored, asked, texts.lists)
    }

    /// Whether a word of `first` alone is, without its prefix, a word of `second` alone.
    private static func opposes(_ first: Set<String>, _ second: Set<String>, _ lists: WordLists) -> Bool {
        first.contains { word in
            if second.contains(word) { return false }
            return lists.negatingPrefixes.contains { prefix in
                guard word.hasPrefix(prefix) else { return false }
                let rest = String(word.dropFirst(prefix.count))
                return second.contains(rest) && !first.contains(rest)
            }
        }
    }
}
