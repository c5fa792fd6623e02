/// What the guards know of English: lists of words, from one file that a reader can extend.
struct WordLists: Sendable {
    /// Words that carry no content of their own.
    let stop: Set<String>
    /// Words of courtesy and of asking.
    let filler: Set<String>
    /// Words that turn a statement around.
    let negations: Set<String>
    /// Words that negate the verb after `to`.
    let failing: Set<String>
    /// What a contraction stands for.
    let contractions: [String: [String]]
    /// Phrases in which a negation does not turn the question.
    let idlePhrases: [IdlePhrase]
    /// Words that exclude each other.
    let antonyms: AntonymGroups
    /// Names that say the same.
    let names: NameBook
    /// Titles before names.
    let titles: Set<String>
    /// Small words that exclude each other where all else is the same.
    let smallWords: AntonymGroups
    /// Words for what is not among the things named.
    let others: Set<String>
    /// By small word, the form that stands for all its forms: `i` for `me`, `be` for `is`.
    let oneForm: [String: String]
    /// Phrases and synonyms.
    let phrases: Phrasebook
    /// Beginnings of words that exclude each other, by pairs, both ways.
    let oppositeBeginnings: [(String, String)]
    /// Endings of words that exclude each other, by pairs, both ways.
    let oppositeEndings: [(String, String)]
    /// Which of the rules are in force.
    let edition: Edition
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
    /// Words between things whose order says nothing.
    let joiningWords: Set<String>
    /// Words in capitals that are not the small words they look like; the value says whether also at the start.
    let acronyms: [String: Bool]

    /// Small words of other languages that are no words of English.
    let otherLanguages: Set<String>

    /// The lists that come with the product.
    static let english = WordLists(.english)

    /// Takes the lists from a file.
    init(_ file: WordListFile, edition: Edition = .current) {
        self.edition = edition
        let isCurrent = edition == .current
        names = NameBook(isCurrent ? file.pairs("names") : [])
        titles = isCurrent ? Set(file.words("titles")) : []
        others = Set(file.words("others"))
        smallWords = AntonymGroups(file.groups("small words"))
        oneForm = Dictionary(
            file.pairs("forms").flatMap { pair in
                pair.value.split(separator: " ").map { (String($0), pair.name) }
            },
            uniquingKeysWith: { $1 }
        )
        phrases = Phrasebook(file)
        oppositeBeginnings = isCurrent ? Self.opposites(file.groups("opposite beginnings")) : []
        oppositeEndings = isCurrent ? Self.opposites(file.groups("opposite endings")) : []
        stop = Set(file.words("stop"))
        filler = Set(file.words("filler"))
        negations = Set(file.words("negation"))
        failing = Set(file.words("failing"))
        contractions = Dictionary(
            file.pairs("contractions").map { ($0.name, $0.value.split(separator: " ").map(String.init)) },
            uniquingKeysWith: { $1 }
        )
        let idle = file.groups("idle negation") + (isCurrent ? [] : file.groups("idle negation: reference"))
        idlePhrases = idle.flatMap(IdlePhrase.phrases)
        let more = isCurrent ? file.groups("antonyms: more") + WordListFile.wordNet.groups("antonyms") : []
        antonyms = AntonymGroups(file.groups("antonyms") + more)
        calendar = Self.calendar(file)
        persons = Set(file.words("persons"))
        numbers = Dictionary(file.pairs("numbers").map { ($0.name, $0.value) }, uniquingKeysWith: { $1 })
        countedByOne = file.words("counted by one").map { Array($0.unicodeScalars) }
        negatingPrefixes = file.words("negating prefixes")
        prepositions = Set(file.words("prepositions"))
        governingPrepositions = Set(file.words("governing prepositions"))
        joiningWords = Set(file.words("joining words"))
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

    private static func opposites(_ groups: [[[String]]]) -> [(String, String)] {
        groups.flatMap { sides in
            let words = sides.compactMap(\.first)
            return words.flatMap { first in words.filter { $0 != first }.map { (first, $0) } }
        }
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
