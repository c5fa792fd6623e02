import SemanticCache

/// A word in lower-case letters that is no word of English, and what may have been meant.
///
/// Damerau 1964: four mistyped words in five have one letter too many, too few, another, or two exchanged. The first
/// letter is taken to be right.
struct Misspelling {
    private let word: [UInt8]

    /// Words shorter than this are only searched for exchanged and doubled letters: a name is soon one letter from a word.
    private static let leastForOtherLetters = 7
    /// Words shorter than this must be common, by place in the vocabulary.
    private static let leastForRareWords = 6
    private static let lastCommonPlace = 8_000
    /// With another vowel, a letter too many or too few, only common words are meant: `methanal` is no `methanol`.
    private static let lastPlaceForOtherLetters = 10_000
    /// In words of so many letters, one too many or too few may be in any word of the vocabulary.
    private static let leastForAnyPlace = 9
    /// With a letter doubled or not, words of the vocabulary are: `fiverr` is no `fiver`.
    private static let lastPlaceForDoubled = 15_000
    /// The place of a word that the vocabulary has in pieces only.
    private static let rarePlace = 30_000
    /// How many times commoner a word must be than the next that may have been meant.
    private static let lead = 4

    /// Takes a word of 4 to 24 letters.
    init?(_ word: [UInt8]) {
        guard 4...24 ~= word.count else { return nil }
        self.word = word
    }

    /// The word that was meant; nil when none is near, or several are.
    ///
    /// `place` answers a word's place in the vocabulary, small for common words, nil when it is not there. O(26 ×
    /// letters) questions to vocabulary and dictionary.
    func correction(place: ([UInt8]) -> Int?) -> [UInt8]? {
        let near = known(exchanged(), place)
            .merging(known(doubled(), place).filter { $0.value <= Self.lastPlaceForDoubled }) { first, _ in first }
        if let best = best(near) { return best }
        guard near.isEmpty, word.count >= Self.leastForOtherLetters else { return nil }
        let miscounted = known(shortened() + extended(), place)
        let other = miscounted.merging(known(replaced(), place)) { first, _ in first }
        return best(other).flatMap { meant in
            let isLong = word.count >= Self.leastForAnyPlace && miscounted[meant] != nil
            let last = isLong ? Self.rarePlace - 1 : Self.lastPlaceForOtherLetters
            return (other[meant] ?? .max) <= last ? meant : nil
        }
    }

    private func known(_ words: [[UInt8]], _ place: ([UInt8]) -> Int?) -> [[UInt8]: Int] {
        var found: [[UInt8]: Int] = [:]
        for word in words where word.count >= 4 && found[word] == nil {
            if EnglishDictionary.contains(word) { found[word] = place(word) ?? Self.rarePlace }
        }
        return found
    }

    private func best(_ candidates: [[UInt8]: Int]) -> [UInt8]? {
        let sorted = candidates.sorted { $0.value < $1.value }
        guard let first = sorted.first else { return nil }
        if word.count < Self.leastForRareWords, first.value > Self.lastCommonPlace { return nil }
        return sorted.count == 1 || first.value * Self.lead < sorted[1].value ? first.key : nil
    }

    /// Two neighbors exchanged.
    private func exchanged() -> [[UInt8]] {
        (1..<word.count - 1).map { index in
            var other = word
            other.swapAt(index, index + 1)
            return other
        }
    }

    /// A doubled letter once, or a letter twice.
    private func doubled() -> [[UInt8]] {
        word.indices.map { index in
            var other = word
            if index > 0, word[index] == word[index - 1] {
                other.remove(at: index)
            } else {
                other.insert(word[index], at: index)
            }
            return other
        }
    }

    private func shortened() -> [[UInt8]] {
        (1..<word.count).map { index in
            var other = word
            other.remove(at: index)
            return other
        }
    }

    /// Another vowel for a vowel: what is mistyped otherwise is soon another word.
    private func replaced() -> [[UInt8]] {
        (1..<word.count).filter { Self.vowels.contains(word[$0]) }.flatMap { index in
            Self.vowels.map { letter in
                var other = word
                other[index] = letter
                return other
            }
        }
    }

    private func extended() -> [[UInt8]] {
        (1...word.count).flatMap { index in
            Self.letters.map { letter in
                var other = word
                other.insert(letter, at: index)
                return other
            }
        }
    }

    private static let vowels = Array("aeiouy".utf8)
    private static let letters = UInt8(ascii: "a")...UInt8(ascii: "z")
}
