/// Whether two words are one word with a slip of the pen.
enum Slip {
    /// Whether they are: the same first letter, one edit, or two from eight letters on, and not both words of the
    /// language.
    ///
    /// Never numbers or words with digits, and never words that a beginning or an ending sets against each other. When
    /// neither is a known word, both may be names: then one edit in six letters at most.
    static func separates(_ first: ParsedWord, _ second: ParsedWord, _ lists: WordLists) -> Bool {
        let length = min(first.scalars.count, second.scalars.count)
        guard length <= longestWord else { return false }
        if lists.edition == .current, isDoubling(first, second) || areVariants(first, second) { return true }
        guard !first.isNumber, !second.isNumber, length >= 4, first.scalars[0] == second.scalars[0] else {
            return false
        }
        switch lists.edition {
        case .reference:
            guard first.isRare || second.isRare || isName(first, second, length) else { return false }
        case .current:
            guard !first.scalars.contains(where: \.isDigit), !second.scalars.contains(where: \.isDigit) else {
                return false
            }
            let isFirstUnknown = first.isUnknown
            guard isFirstUnknown || second.isUnknown else { return false }
            if isFirstUnknown, second.isUnknown {
                guard length >= 6, EditDistance.isWithin(1, first.scalars, second.scalars) else { return false }
            }
        }
        guard EditDistance.isWithin(length < 8 ? 1 : 2, first.scalars, second.scalars) else { return false }
        return !Opposites.areNegated(first.form, second.form, lists)
            && !Opposites.areOpposed(first.form, second.form, lists)
    }

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
        guard min(first.form.utf8.count, second.form.utf8.count) >= 5, first.form != second.form else { return false }
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
