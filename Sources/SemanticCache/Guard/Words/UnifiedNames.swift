extension [ParsedWord] {
    /// The words with names in one spelling (`United States` as `usa`) and without titles before names.
    func unified(by lists: WordLists, _ rarity: WordRarity) -> [ParsedWord] {
        var result: [ParsedWord] = []
        result.reserveCapacity(count)
        var index = 0
        while index < count {
            if let (name, length) = lists.names.name(at: index, in: self) {
                let (weight, isRare) = rarity.weight(of: name)
                result.append(
                    ParsedWord(
                        form: name,
                        stem: Stemmer.stem(name),
                        scalars: [Unicode.Scalar](name.unicodeScalars),
                        isContent: true,
                        isNumber: false,
                        isCapital: self[index..<index + length].contains(where: \.isCapital),
                        weight: weight,
                        isRare: isRare
                    )
                )
                index += length
            } else {
                let isTitle = lists.titles.contains(self[index].form) && index + 1 < count && self[index + 1].isCapital
                if !isTitle { result.append(self[index]) }
                index += 1
            }
        }
        return result
    }
}
