/// A text taken apart once, so that judging it against many others is cheap.
struct ParsedText: Sendable {
    /// What a text seems to be written in.
    enum Language: Sendable {
        /// English, or too little to tell.
        case english
        /// Another language, in a script with capital letters.
        case other
        /// A script without capital letters: nothing tells names from words.
        case caseless
    }

    /// Its words in order.
    var words: [ParsedWord] = []
    /// The places in `words` of those that say something of their own.
    var content: [Int] = []
    /// Its numbers as digits, sorted; one that stands twice is there twice.
    var numbers: [String] = []
    /// How many words negate what is asked.
    var negations = 0
    /// How many words negate something.
    var allNegations = 0
    /// The days, months, parts of the day and seasons it names.
    var calendar: Set<String> = []
    /// The stems of what is written like a name.
    var capitals: Set<String> = []
    /// Emoji, operators and other signs that mean something by themselves; addresses, paths and other tokens that do.
    var symbols: Set<String> = []
    /// The whole text when it holds source code; nil else.
    var code: String?
    /// The stems of all words.
    var stems: Set<String> = []
    /// All words in lower case.
    var forms: Set<String> = []
    /// Its terms that have an opposite.
    var opposables: [OpposableTerm] = []
    /// Its content words in order with the prepositions before them.
    var roles: [WordRole] = []
    /// Whether it says whom it is about.
    var mentionsPerson = false
    /// What it asks, stripped of how it is put; empty when it is not English.
    var wording = Wording()
    /// What it seems to be written in.
    var language = Language.english
    /// Unicode scalars of the text.
    var length = 0
    /// Whether it has more words than are compared, or a word so long that an encoder does not read it.
    var isTooLong = false

    /// The most words that are compared.
    static let mostWords = 512
    /// The most scalars of a word that an encoder reads.
    static let longestWord = 100
}

extension ParsedText {
    /// Sets the words and all that follows from them.
    mutating func setWords(_ words: [ParsedWord], _ lists: WordLists) {
        self.words = words
        var preposition = ""
        for (place, word) in words.enumerated() {
            if lists.prepositions.contains(word.form) {
                preposition = word.form
            } else if word.isContent {
                roles.append(WordRole(stem: word.stem, preposition: preposition))
                preposition = ""
            }
            if word.isCapital { capitals.insert(word.stem) }
            if word.isContent { content.append(place) }
            stems.insert(word.stem)
            forms.insert(word.form)
        }
        opposables = OpposableTerm.all(in: words, lists)
    }
}
