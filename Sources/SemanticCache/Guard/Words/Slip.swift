/// Whether two words are one word with a slip of the pen.
enum Slip {
    /// Whether they are: the same first letter, one edit, and not both words of the language.
    ///
    /// Never numbers or words with digits, and never words that a beginning or an ending sets against each other.
    static func separates(_ first: ParsedWord, _ second: ParsedWord, _ lists: WordLists) -> Bool {
        let length = min(first.scalars.count, second.scalars.count)
        guard length <= longestWord else { return false }
        if lists.edition == .current, isDoubling(first, second) || areVariants(first, second) { return true }
        guard !first.isNumber, !second.isNumber, length >= 4, first.scalars[0] == second.scalars[0] else {
            return false
        }
        switch lists.edition {
        case .reference:
            guard first.isRare || second.isRare || isName(first, second, length),
                EditDistance.isWithin(length < 8 ? 1 : 2, first.scalars, second.scalars)
            else { return false }
        case .current:
            guard !first.scalars.contains(where: \.isDigit), !second.scalars.contains(where: \.isDigit),
                isMistyped(first, second) || isMistyped(second, first)
            else { return false }
        }
        return !Opposites.areNegated(first.form, second.form, lists)
            && !Opposites.areOpposed(first.form, second.form, lists)
    }

    /// Whether `first` is no word of the language and a common way to mistype `second`, which is one or looks like one.
    ///
    /// Letters exchanged or doubled; a vowel for another, a letter too many or too few where `second` is a word that the
    /// encoder knows whole: `prednisone` is no mistyped `prednisolone`.
    private static func isMistyped(_ first: ParsedWord, _ second: ParsedWord) -> Bool {
        guard first.isUnknown, EditDistance.isWithin(1, first.scalars, second.scalars) else { return false }
        let isSafe =
            first.scalars.sorted() == second.scalars.sorted() || first.scalars.undoubled == second.scalars.undoubled
        if second.isUnknown { return isSafe && min(first.scalars.count, second.scalars.count) >= 6 }
        if isSafe { return true }
        guard !second.isRare, first.scalars.count >= 7 else { return false }
        guard first.scalars.count == second.scalars.count else { return true }
        return zip(first.scalars, second.scalars).allSatisfy { $0 == $1 || vowels.contains($0) && vowels.contains($1) }
    }

    private static let vowels = Set("aeiouy".unicodeScalars)

    /// Longer words are not compared letter by letter: the cost grows with the square.
    private static let longestWord = 48

    /// Whether two names differ only in letters written twice: `Hillary` and `Hilary`.
    private static func isDoubling(_ first: ParsedWord, _ second: ParsedWord) -> Bool {
        guard first.isCapital, second.isCapital, min(first.scalars.count, second.scalars.count) >= 5 else {
            return false
        }
        return !first.isNumber && !second.isNumber && first.scalars.undoubled == second.scalars.undoubled
    }

    /// Whether both are one word in British and American spelling: `recognised` and `recognized`.
    private static func areVariants(_ first: ParsedWord, _ second: ParsedWord) -> Bool {
        guard min(first.form.utf8.count, second.form.utf8.count) >= 5, first.form != second.form,
            first.scalars.first == second.scalars.first
        else { return false }
        return BritishSpelling.american(first.form) == BritishSpelling.american(second.form)
    }

    private static func isName(_ first: ParsedWord, _ second: ParsedWord, _ length: Int) -> Bool {
        first.isCapital && second.isCapital && length >= 6
    }
}

extension ParsedWord {
    /// Whether neither the encoder nor the dictionary has it.
    fileprivate var isUnknown: Bool { isRare && !EnglishDictionary.contains(Array(form.utf8)) }
}

extension [Unicode.Scalar] {
    /// The scalars with runs of the same letter cut to one; digits are kept.
    fileprivate var undoubled: [Unicode.Scalar] {
        var result: [Unicode.Scalar] = []
        for scalar in self where result.last != scalar || scalar.isDigit { result.append(scalar) }
        return result
    }
}
