/// What the guards know of English: lists of words, from one file that a reader can extend.
struct WordLists: Sendable {
    /// Words that carry no content of their own.
    let stop: Set<String>
    /// Words of courtesy and of asking.
    let filler: Set<String>
    /// Words that turn a statement around.
    let negations: Set<String>
    /// What a contraction stands for.
    let contractions: [String: [String]]
    /// Phrases in which a negation does not turn the question.
    let idlePhrases: [IdlePhrase]
    /// By word, the words that exclude it.
    let antonyms: [String: Set<String>]
    /// Names of days, months, parts of the day and seasons, by the name that stands for all forms of it.
    let calendar: [String: String]
    /// Who a question may be about, singular.
    let persons: Set<String>
    /// Spelled numbers.
    let numbers: [String: String]
    /// Beginnings of words that make `one` before them a number.
    let countedByOne: [[Unicode.Scalar]]
    /// Prefixes that turn a word into its opposite.
    let negatingPrefixes: [String]
    /// Words that say in which role the next content word stands.
    let prepositions: Set<String>
    /// Those prepositions that tell who does and who is done to.
    let governingPrepositions: Set<String>
    /// Words in capitals that are not the small words they look like; the value says whether also at the start.
    let acronyms: [String: Bool]

    /// Small words of other languages that are no words of English.
    let otherLanguages: Set<String>

    /// The lists that come with the product.
    static let english = WordLists(
        WordListFile(String(decoding: PackageResources.english_txt, as: UTF8.self))
    )

    /// Takes the lists from a file.
    init(_ file: WordListFile) {
        stop = Set(file.words("stop"))
        filler = Set(file.words("filler"))
        negations = Set(file.words("negation"))
        contractions = Dictionary(
            file.pairs("contractions").map { ($0.name, $0.value.split(separator: " ").map(String.init)) },
            uniquingKeysWith: { $1 }
        )
        idlePhrases = file.groups("idle negation").flatMap(IdlePhrase.phrases)
        antonyms = Self.antonyms(file.groups("antonyms"))
        calendar = Self.calendar(file)
        persons = Set(file.words("persons"))
        numbers = Dictionary(file.pairs("numbers").map { ($0.name, $0.value) }, uniquingKeysWith: { $1 })
        countedByOne = file.words("counted by one").map { Array($0.unicodeScalars) }
        negatingPrefixes = file.words("negating prefixes")
        prepositions = Set(file.words("prepositions"))
        governingPrepositions = Set(file.words("governing prepositions"))
        acronyms = Dictionary(
            file.words("acronyms").map { $0.last == "*" ? (String($0.dropLast()), true) : ($0, false) },
            uniquingKeysWith: { $1 }
        )
        otherLanguages = Set(file.words("other languages"))
    }

    /// Whether a word in lower case, singular or plural, is one a question may be about.
    func isPerson(_ word: String) -> Bool {
        if persons.contains(word) { return true }
        if word.hasSuffix("ies") { return persons.contains(word.dropLast(3) + "y") }
        return word.hasSuffix("s") && persons.contains(String(word.dropLast()))
    }

    private static func antonyms(_ groups: [[[String]]]) -> [String: Set<String>] {
        var result: [String: Set<String>] = [:]
        for sides in groups {
            for (index, side) in sides.enumerated() {
                for (other, words) in sides.enumerated() where other != index {
                    for word in side { result[word, default: []].formUnion(words) }
                }
            }
        }
        return result
    }

    private static func calendar(_ file: WordListFile) -> [String: String] {
        var result: [String: String] = [:]
        for day in file.words("calendar: days") { result[day] = day.last == "s" ? String(day.dropLast()) : day }
        for section in ["months", "parts of the day", "seasons"] {
            for word in file.words("calendar: " + section) { result[word] = word }
        }
        return result
    }
}
