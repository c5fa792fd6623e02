/// Tells English from other languages, roughly.
enum Language {
    /// What a text seems to be written in.
    ///
    /// English unless its letters are mostly those of another script, or more of its words are small words of other
    /// languages than of English. Too little to tell counts as English when its letters are ASCII.
    static func of(_ text: [Unicode.Scalar], words: [ParsedWord], lists: WordLists) -> ParsedText.Language {
        var letters = 0
        var foreign = 0
        var caseless = 0
        for scalar in text where scalar.isASCII ? scalar.isASCIILetter : scalar.properties.isAlphabetic {
            letters += 1
            if scalar.isASCII { continue }
            foreign += 1
            if !scalar.properties.isCased { caseless += 1 }
        }
        if caseless * 4 > letters { return .caseless }
        if foreign * 4 > letters { return .other }
        var english = 0
        var other = 0
        for word in words {
            if lists.stop.contains(word.form) || lists.filler.contains(word.form) { english += 1 }
            if lists.otherLanguages.contains(word.form) { other += 1 }
        }
        if other > english || (other == english && other > 0 && foreign > 0) { return .other }
        return lists.edition == .current && areStrange(words) ? .other : .english
    }

    /// Whether most of the words are in no dictionary of English: three at least, names in capitals not counted.
    private static func areStrange(_ words: [ParsedWord]) -> Bool {
        let plain = words.filter { $0.scalars.count >= 3 && !$0.isNumber && !$0.isCapital }
        guard plain.count >= 3 else { return false }
        let unknown = plain.count {
            !EnglishDictionary.contains(Array($0.form.withoutPossessive.utf8)) && !$0.form.contains("'")
        }
        return unknown * 2 > plain.count
    }
}
