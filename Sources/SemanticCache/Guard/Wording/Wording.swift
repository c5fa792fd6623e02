/// What a text asks, stripped of how it is put: phrases simplified, courtesies and small words gone, one stem for words
/// that say the same.
struct Wording: Sendable {
    /// The content words in order; of each its stem stands for its synonyms too.
    private(set) var words: [ParsedWord] = []
    /// The kind of answer that is wanted.
    private(set) var kind = QuestionKind.untold
    /// All kinds of answers that its words name.
    private(set) var kinds: Set<QuestionKind> = []
    /// Whose the things are that it speaks of.
    private(set) var owners: Set<Owner> = []
    /// Whose the thing is that is asked for: `mine` of `What is my name?`.
    private(set) var ownerAskedFor: Owner?

    /// All its words in order but articles and courtesies: of content words the stem, of small words the word.
    private(set) var sequence: [String] = []
    /// Its words in order, nothing simplified, but each pronoun in one form and no owners: who does what.
    private(set) var roles: [String] = []

    /// Whose something is.
    enum Owner: Sendable {
        case mine, yours, his, hers, theirs
    }

    /// Creates an empty wording.
    init() {}

    /// Simplifies a parsed text; O(words).
    init(_ text: ParsedText, lists: WordLists, rarity: WordRarity) {
        var parts: [String] = []
        var origins: [Int] = []
        for (place, word) in text.words.enumerated() {
            for part in Self.parts(of: word, lists) {
                parts.append(part)
                origins.append(place)
            }
        }
        roles = Self.roles(in: parts, lists)
        ownerAskedFor = Self.ownerAskedFor(in: parts)
        let items = lists.phrases.simplify(parts)
        for (index, item) in items.enumerated() {
            let next = index + 1 < items.count ? items[index + 1].word : nil
            if let told = QuestionKind(word: item.word, before: next, isFirst: index == 0) {
                if kind == .untold { kind = told }
                kinds.insert(told)
            }
            if !lists.filler.contains(item.word), !Self.articles.contains(item.word) {
                sequence.append(Self.key(of: item.word, lists))
            }
            if let owner = Self.owners[item.word] { owners.insert(owner) }
            if let place = item.place {
                let word = text.words[origins[place]]
                guard word.isContent else { continue }
                append(word, stem: item.word == word.form ? word.stem : Stemmer.stem(item.word), lists)
            } else if !lists.stop.contains(item.word), !lists.filler.contains(item.word) {
                append(ParsedWord(plain: item.word, rarity), stem: Stemmer.stem(item.word), lists)
            }
        }
    }

    /// The words that tell who does what, with each verb that helps and each pronoun in one form.
    private static func roles(in words: [String], _ lists: WordLists) -> [String] {
        words.compactMap { word in
            if let form = lists.oneForm[word] { return form }
            let isCourtesy = lists.filler.contains(word) && !fillingVerbs.contains(word)
            let isIdle = isCourtesy || articles.contains(word) || owners[word] != nil || roleless.contains(word)
            return isIdle ? nil : key(of: word, lists)
        }
    }

    /// What stands for a word in a sequence: of content words the stem for all its synonyms, of small words the word.
    private static func key(of word: String, _ lists: WordLists) -> String {
        lists.stop.contains(word) ? word : lists.phrases.representative(of: Stemmer.stem(word))
    }

    /// The owner after `what is` and the like, and after `tell me`.
    private static func ownerAskedFor(in words: [String]) -> Owner? {
        for (index, word) in words.enumerated().dropFirst(2) {
            guard let owner = owners[word] else { continue }
            let (first, second) = (words[index - 2], words[index - 1])
            if first == "tell", second == "me" { return owner }
            if copulas.contains(second), QuestionKind(word: first, before: nil, isFirst: false) != nil { return owner }
        }
        return nil
    }

    private mutating func append(_ word: ParsedWord, stem: String, _ lists: WordLists) {
        words.append(word.renamed(to: lists.phrases.representative(of: stem)))
    }

    /// The words that a contraction stands for; the word itself when it is none.
    private static func parts(of word: ParsedWord, _ lists: WordLists) -> [String] {
        let form = word.form
        if word.isContent, lists.contractions[form] == nil, !form.contains("'") { return [form] }
        if let parts = lists.contractions[form] { return parts }
        if form.hasSuffix("n't") { return [String(form.dropLast(3)), "not"] }
        guard let mark = form.lastIndex(of: "'") else { return [form] }
        let head = String(form[..<mark])
        switch form[mark...] {
        case "'d": return [head, "would"]
        case "'ve": return [head, "have"]
        case "'ll": return [head, "will"]
        case "'re": return [head, "are"]
        case "'m": return [head, "am"]
        case "'s" where lists.stop.contains(head): return [head, "is"]
        default: return [form]
        }
    }

    /// Verbs among the courtesies: `give me` is one, what the guest gives the host is none.
    private static let fillingVerbs: Set<String> = ["give", "help", "know", "like", "need", "tell", "want", "wish"]

    /// Words that come and go with the order: `who did Ann beat`, `who beat Ann`.
    private static let roleless: Set<String> = ["do", "does", "did", "its"]

    private static let copulas: Set<String> = ["is", "are", "was", "were"]

    private static let articles: Set<String> = ["a", "an", "the"]

    private static let owners: [String: Owner] = [
        "my": .mine, "mine": .mine, "our": .mine, "your": .yours, "yours": .yours, "his": .his, "her": .hers,
        "their": .theirs,
    ]
}

extension ParsedWord {
    /// A word that stands for a phrase.
    fileprivate init(plain word: String, _ rarity: WordRarity) {
        let (weight, isRare) = rarity.weight(of: word)
        self.init(
            form: word,
            stem: word,
            scalars: Array(word.unicodeScalars),
            isContent: true,
            isNumber: false,
            isCapital: false,
            weight: weight,
            isRare: isRare
        )
    }

    /// The same word under another stem.
    fileprivate func renamed(to stem: String) -> ParsedWord {
        ParsedWord(
            form: form,
            stem: stem,
            scalars: scalars,
            isContent: isContent,
            isNumber: isNumber,
            isCapital: isCapital,
            weight: weight,
            isRare: isRare
        )
    }
}
