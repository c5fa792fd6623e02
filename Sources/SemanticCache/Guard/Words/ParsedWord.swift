/// One word of a text, as the guards see it.
struct ParsedWord: Sendable {
    /// The word in lower case, apostrophes straight.
    let form: String
    /// The word without its endings.
    let stem: String
    /// `form`, scalar by scalar.
    let scalars: [Unicode.Scalar]
    /// Whether it says something of its own: not a small word, not a courtesy.
    let isContent: Bool
    /// Whether it is a number.
    let isNumber: Bool
    /// Whether it is written like a name: a capital inside a sentence, all capitals, letters with digits or signs,
    /// letters of another script than the text's.
    var isCapital: Bool
    /// What it weighs when it is missing on the other side, 0.02 to 1.
    let weight: Double
    /// Whether the encoder has it only in pieces, so that it may be a slip of the pen.
    let isRare: Bool
}

/// A content word and the preposition before it.
struct WordRole: Sendable {
    /// The stem of the word.
    let stem: String
    /// The preposition since the content word before; empty when there is none.
    let preposition: String
}
