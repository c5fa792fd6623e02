import CEnglishWords

/// Which words are English: about 125,000 of a spell checker's, and names that people write in lower case.
///
/// Tells a slip of the pen from another word: `sulfite` is not a mistyped `sulfate`.
public enum EnglishDictionary {
    /// Whether a word in lower case, letters of ASCII only, is known; O(log words).
    public static func contains(_ word: [UInt8]) -> Bool { english_words_contain(word, word.count) }
}
