/// An ending that words of one kind share.
enum WordEnding: String, CaseIterable {
    case plural = "s"
    case past = "ed"
    case progressive = "ing"
    case comparative = "er"
    case superlative = "est"
    case adverb = "ly"

    /// What a word may be without the ending: `bigg`, `bigge` and `big` of `bigger`; empty when it does not end so.
    ///
    /// Not all are words: what they are looked up in decides.
    func bases(of word: String) -> [String] {
        guard word.hasSuffix(rawValue), word.utf8.count >= rawValue.utf8.count + 3 else { return [] }
        let rest = word.dropLast(rawValue.count)
        var bases = [String(rest)]
        if self == .plural {
            if rest.hasSuffix("e") { bases.append(String(rest.dropLast())) }
            if rest.hasSuffix("ie") { bases.append(rest.dropLast(2) + "y") }
            return bases
        }
        bases.append(rest + "e")
        if rest.hasSuffix("i") { bases.append(rest.dropLast() + "y") }
        if let last = rest.last, rest.dropLast().last == last { bases.append(String(rest.dropLast())) }
        return bases
    }
}
