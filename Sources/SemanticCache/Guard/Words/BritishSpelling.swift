/// British spellings and the American ones.
enum BritishSpelling {
    /// The word with what is spelled otherwise in America so: `recognized` of `recognised`; not always a word.
    static func american(_ word: String) -> String {
        var word = word
        for (british, american) in endings where word.hasSuffix(british) {
            word = word.dropLast(british.count) + american
            break
        }
        guard let place = word.utf8.indices.first(where: { word.utf8[$0...].starts(with: "our".utf8) }),
            place != word.startIndex
        else { return word }
        return String(word[..<place]) + "or" + word[word.utf8.index(place, offsetBy: 3)...]
    }

    private static let endings: [(String, String)] =
        ["e", "ed", "es", "er", "ers", "ing", "ation", "ations", "able"].flatMap {
            [("is" + $0, "iz" + $0), ("ys" + $0, "yz" + $0)]
        }
        + ["ed", "ing", "er", "ers", "ation"].map { ("ell" + $0, "el" + $0) }
        + [("tre", "ter"), ("tres", "ters"), ("ogue", "og"), ("ogues", "ogs"), ("ence", "ense"), ("ences", "enses")]
}
