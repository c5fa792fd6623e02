/// A phrase in which a negation does not turn the question: `don't know`, `whether or not`.
struct IdlePhrase: Sendable {
    /// The phrase in lower case, apostrophes straight.
    let scalars: [Unicode.Scalar]
    /// Whether a word has to end with it; otherwise `not know` is found in `not knowing` too.
    let endsWord: Bool

    /// All phrases of a line of the lists: every opening before every ending; a dot after an ending ends the word.
    static func phrases(_ sides: [[String]]) -> [IdlePhrase] {
        guard sides.count == 2 else { return [] }
        return sides[0].flatMap { opening in
            sides[1].map { ending in
                let endsWord = ending.last == "."
                let phrase = opening + " " + (endsWord ? String(ending.dropLast()) : ending)
                return IdlePhrase(scalars: Array(phrase.unicodeScalars), endsWord: endsWord)
            }
        }
    }

    /// Where in `text` (lower case, apostrophes straight) the phrases are; from left to right, not overlapping.
    ///
    /// In the reference edition a phrase may begin inside a word.
    static func ranges(of phrases: [IdlePhrase], in text: [Unicode.Scalar], _ edition: Edition) -> [Range<Int>] {
        var found: [Range<Int>] = []
        var index = 0
        while index < text.count {
            let isInsideWord = index > 0 && text[index - 1].isWordScalar && edition == .current
            if !isInsideWord, let phrase = phrases.first(where: { $0.stands(at: index, in: text) }) {
                found.append(index..<index + phrase.scalars.count)
                index += phrase.scalars.count
            } else {
                index += 1
            }
        }
        return found
    }

    private func stands(at index: Int, in text: [Unicode.Scalar]) -> Bool {
        let end = index + scalars.count
        guard end <= text.count, text[index] == scalars[0] else { return false }
        guard text[index..<end].elementsEqual(scalars) else { return false }
        return !endsWord || end == text.count || !text[end].isWordScalar
    }
}
