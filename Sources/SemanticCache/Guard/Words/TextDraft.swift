/// A text while it is taken apart.
struct TextDraft {
    /// The text.
    let scalars: [Unicode.Scalar]
    /// The text in lower case, apostrophes straight; scalar by scalar.
    let lowercase: [Unicode.Scalar]
    let lists: WordLists
    private(set) var words: [ParsedWord] = []
    private var result = ParsedText()

    private let isAllCapitals: Bool
    private var negationPlaces: [Int] = []
    private var lastEnd = 0

    init(_ text: String, lists: WordLists) {
        scalars = Array(text.unicodeScalars)
        lowercase = scalars.map { scalar in
            if scalar.isASCII { return scalar.lowercase }
            if scalar == "’" { return "'" }
            return lists.edition == .current ? scalar.lowercase.unaccented : scalar.lowercase
        }
        isAllCapitals = scalars.areCapitals
        self.lists = lists
    }

    /// Notes that not all of the text is read.
    mutating func cut() { result.isTooLong = true }

    /// Adds the word at `place`.
    mutating func append(_ place: Range<Int>, rarity: WordRarity) {
        let startsSentence =
            words.isEmpty || scalars[lastEnd..<place.lowerBound].contains(where: \.opensSentence)
        lastEnd = place.upperBound
        if place.count > ParsedText.longestWord { cut() }
        let letters = lowercase[place].filter {
            $0 != "." || lists.edition == .reference || scalars[place.lowerBound].isDigit
        }
        let form = String(String.UnicodeScalarView(letters))
        let parts = expansion(of: form)
        let number = readNumber(form, letters, at: place)
        let isDigits = number && lists.edition == .current && form != "one"
        note(parts, at: place.lowerBound)

        let isCapital = looksLikeName(scalars[place], form: form, startsSentence: startsSentence)
        let isSmall = parts.allSatisfy { lists.stop.contains($0) || lists.negations.contains($0) }
        let isAcronym = isAcronym(place, startsSentence: startsSentence)
        let isContent = !(isSmall || lists.filler.contains(form)) || isAcronym
        let (weight, isRare) = rarity.weight(of: lists.edition == .current ? form.withoutPossessive : form)
        words.append(
            ParsedWord(
                form: form,
                stem: isDigits ? result.numbers.last ?? form : Stemmer.stem(form),
                scalars: letters,
                isContent: isContent,
                isNumber: number,
                isCapital: isCapital,
                weight: weight,
                isRare: isRare
            )
        )
    }

    /// The text, taken apart.
    func finish(rarity: WordRarity) -> ParsedText {
        var text = result
        text.length = scalars.count
        text.language = Language.of(scalars, words: words, lists: lists)
        text.setWords(text.language == .english ? namingForeignWords().unified(by: lists, rarity) : words, lists)
        if lists.edition == .current {
            text.symbols = Symbols.of(scalars).union(Literals.of(scalars))
            text.code = SourceCode.of(scalars)
        }
        (text.negations, text.allNegations) = countNegations()
        if text.language != .english {
            text.numbers = DigitRuns.of(scalars)
        } else if lists.edition == .current {
            text.wording = Wording(text, lists: lists, rarity: rarity)
        }
        text.numbers.sort()
        return text
    }

    /// The words of an English text; those in letters of another script are what it is about.
    private func namingForeignWords() -> [ParsedWord] {
        guard lists.edition == .current else { return words }
        return words.map { word in
            var word = word
            if word.scalars.contains(where: \.isForeignLetter) { word.isCapital = true }
            return word
        }
    }

    private func expansion(of form: String) -> [String] {
        if let parts = lists.contractions[form] { return parts }
        return form.hasSuffix("n't") ? [String(form.dropLast(3)), "not"] : [form]
    }

    /// Notes what the parts of a word say; `start` is where the word begins.
    private mutating func note(_ parts: [String], at start: Int) {
        for part in parts {
            if lists.negations.contains(part) || lacks(part, at: start) { negationPlaces.append(start) }
            let base = part.hasSuffix("'s") ? String(part.dropLast(2)) : part
            if let name = lists.calendar[base], !isFirstPersonVerb(base, parts) { result.calendar.insert(name) }
            if lists.isPerson(base) { result.mentionsPerson = true }
        }
    }

    /// Whether a word says that something is not: `free` of `gluten-free`, `fail` of `fail to start`.
    private func lacks(_ word: String, at start: Int) -> Bool {
        guard lists.edition == .current else { return false }
        if word == "free" { return start > 1 && scalars[start - 1] == "-" && scalars[start - 2].isWordScalar }
        return lists.failing.contains(word) && lowercase[(start + word.unicodeScalars.count)...].starts(with: Self.to)
    }

    private static let to = Array(" to ".unicodeScalars)

    /// Whether `am` follows from `I` and not from a time of day.
    private func isFirstPersonVerb(_ word: String, _ parts: [String]) -> Bool {
        word == "am" && lists.edition == .current && (parts.count > 1 || words.last?.isNumber != true)
    }

    private mutating func readNumber(_ form: String, _ letters: [Unicode.Scalar], at place: Range<Int>) -> Bool {
        if let number = WrittenNumber(letters) {
            if number.unit == "am" || number.unit == "pm" { result.calendar.insert(number.unit) }
            result.numbers.append(
                lists.edition == .current ? sign(before: place.lowerBound) + number.value : number.value
            )
        } else if form != "one", let value = lists.numbers[form] {
            addSpelledNumber(value)
        } else if form == "one", countsOne(after: place.upperBound) {
            result.numbers.append("1")
        } else {
            return false
        }
        return true
    }

    /// What stands directly before the digits at `start` and belongs to them: `-` of `-5`, `0.` of `.5`.
    private func sign(before start: Int) -> String {
        guard start > 0 else { return "" }
        let before = start > 1 ? scalars[start - 2] : " "
        guard !before.isWordScalar, !")]".unicodeScalars.contains(before) else { return "" }
        switch scalars[start - 1] {
        case "-", "−": return "-"
        case "." where before != ".": return "0."
        default: return ""
        }
    }

    /// Adds a number in words; after tens that end with nothing, ones belong to them: `twenty five` is 25.
    private mutating func addSpelledNumber(_ value: String) {
        let isPart = lists.edition == .current && words.last?.isNumber == true && value.utf8.count == 1 && value != "0"
        if isPart, let last = words.last, let tens = lists.numbers[last.form], tens.utf8.count == 2,
            tens.hasSuffix("0"),
            tens != "10", result.numbers.last == tens
        {
            result.numbers[result.numbers.count - 1] = String(tens.dropLast()) + value
        } else {
            result.numbers.append(value)
        }
    }

    /// Whether `one` that ends at `end` counts something: `one of`, `one day`.
    private func countsOne(after end: Int) -> Bool {
        let window = scalars[end...].prefix(9)
        let rest = window.drop { !$0.isWordScalar }
        return rest.startIndex > end && lists.countedByOne.contains { rest.starts(with: $0) }
    }

    private func looksLikeName(_ word: ArraySlice<Unicode.Scalar>, form: String, startsSentence: Bool) -> Bool {
        if !startsSentence, word.first?.properties.isUppercase == true, !Self.firstPerson.contains(form) { return true }
        if word.count > 1, word.areCapitals, lists.numbers[form] == nil { return true }
        return word.mixesLikeName
    }

    private func isAcronym(_ place: Range<Int>, startsSentence: Bool) -> Bool {
        guard !isAllCapitals, scalars[place].areCapitals else { return false }
        let word = String(String.UnicodeScalarView(scalars[place].filter { $0 != "." }))
        guard let alsoAtStart = lists.acronyms[word] else { return false }
        return alsoAtStart || !startsSentence
    }

    /// The negations in questions, and all.
    private func countNegations() -> (asking: Int, all: Int) {
        guard !negationPlaces.isEmpty else { return (0, 0) }
        let questions = Sentences.questions(in: scalars)
        let idle = IdlePhrase.ranges(of: lists.idlePhrases, in: lowercase, lists.edition)
        let places = negationPlaces.filter { place in !idle.contains { $0.contains(place) } }
        return (places.count { place in questions.contains { $0.contains(place) } }, places.count)
    }

    private static let firstPerson: Set<String> = ["i", "i'm", "i've", "i'd", "i'll"]
}

extension String {
    /// The word without a possessive ending: `mary` of `mary's`.
    var withoutPossessive: String { hasSuffix("'s") && count > 3 ? String(dropLast(2)) : self }
}
