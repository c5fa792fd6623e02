/// A word, or two in a row, on a side of a group of antonyms.
struct OpposableTerm: Sendable {
    /// The word as it stands; two with a hyphen between: `part-time`.
    let form: String
    /// The ending without which it is on the side; nil when it is as it stands.
    ///
    /// Only opposites with the same ending are compared, as `stronger` and `weaker` are.
    let ending: WordEnding?
    /// The side.
    let side: AntonymGroups.Side

    /// All sides of the words of a text, and in the current edition of words without an ending and of two in a row.
    static func all(in words: [ParsedWord], _ lists: WordLists) -> [OpposableTerm] {
        var terms = words.flatMap { of($0.form, lists) }
        guard lists.edition == .current else { return terms }
        for word in words {
            for ending in WordEnding.allCases {
                for base in ending.bases(of: word.form) {
                    terms += lists.antonyms.sides(of: base).map {
                        OpposableTerm(form: word.form, ending: ending, side: $0)
                    }
                }
            }
        }
        for (first, second) in zip(words, words.dropFirst()) { terms += of(first.form + "-" + second.form, lists) }
        return terms
    }

    private static func of(_ form: String, _ lists: WordLists) -> [OpposableTerm] {
        lists.antonyms.sides(of: form).map { OpposableTerm(form: form, ending: nil, side: $0) }
    }
}
