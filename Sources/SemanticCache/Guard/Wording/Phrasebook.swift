/// Phrases and what they come down to, and words for the same thing.
struct Phrasebook: Sendable {
    /// By first word, the phrases that begin with it, the longest first.
    private let phrases: [String: [Phrase]]
    /// By stem, the stem that stands for its group.
    private let groups: [String: String]

    private struct Phrase: Sendable {
        var words: [String]
        var replacement: [String]
    }

    /// Takes the phrases and groups from a file.
    init(_ file: WordListFile) {
        var phrases: [String: [Phrase]] = [:]
        for pair in file.pairs("phrases") {
            let replacement = pair.value.split(separator: " ").map(String.init)
            for phrase in pair.name.split(separator: ",") {
                let words = phrase.split(separator: " ").map(String.init)
                guard let first = words.first else { continue }
                phrases[first, default: []].append(Phrase(words: words, replacement: replacement))
            }
        }
        self.phrases = phrases.mapValues { $0.sorted { $0.words.count > $1.words.count } }
        var groups: [String: String] = [:]
        for group in file.groups("synonyms").compactMap(\.first?.first) {
            let stems = group.split(separator: " ").map { Stemmer.stem(String($0)) }
            for stem in stems where groups[stem] == nil { groups[stem] = stems[0] }
        }
        self.groups = groups
    }

    /// The stem that stands for all words that say the same as the word of this stem.
    func representative(of stem: String) -> String { groups[stem] ?? stem }

    /// Replaces phrases, from left to right, the longest first; O(words).
    ///
    /// A word of the result carries the place of the word it was, nil when a phrase was replaced by it.
    func simplify(_ words: [String]) -> [(word: String, place: Int?)] {
        var result: [(word: String, place: Int?)] = []
        result.reserveCapacity(words.count)
        var index = 0
        while index < words.count {
            let phrase = phrases[words[index]]?.first { words[index...].starts(with: $0.words) }
            if let phrase {
                result += phrase.replacement.map { ($0, nil) }
                index += phrase.words.count
            } else {
                result.append((words[index], index))
                index += 1
            }
        }
        return result
    }
}
