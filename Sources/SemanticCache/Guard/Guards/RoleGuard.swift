/// Nearly the same words, but two of them have exchanged roles: from A to B, from B to A.
enum RoleGuard: GuardRule {
    static func objects(to texts: TextComparison) -> Bool {
        if texts.lists.edition == .current, exchangesWords(texts) { return true }
        return texts.overlap >= 0.8 && (exchangesPrepositions(texts) || reordersNames(texts))
    }

    /// Whether the texts have the same words and two parts have changed places around something that both have between.
    ///
    /// So `Can my landlord sue me?` and `Can I sue my landlord?` have. Or nothing but one small word tells them apart, and
    /// it says another thing: `to` the bank, `from` the bank.
    private static func exchangesWords(_ texts: TextComparison) -> Bool {
        let exchange = WordExchange(texts.asked.wording.roles, texts.stored.wording.roles, texts.lists.joiningWords)
        if let (asked, stored) = exchange.substitution { return texts.lists.smallWords.exclude(asked, stored) }
        if exchange.isAroundOthers { return true }
        // Neighbors do so for nothing (`type on phones quickly`), but not a name and the verb after `has` or `did`.
        return exchange.isOfNeighbors && (followsAuxiliary(texts.asked) || followsAuxiliary(texts.stored))
    }

    /// Whether a name stands after a verb that helps: `has Leeds beaten`.
    private static func followsAuxiliary(_ text: ParsedText) -> Bool {
        zip(text.words, text.words.dropFirst()).contains { first, second in
            auxiliaries.contains(first.form) && second.isCapital
        }
    }

    private static let auxiliaries: Set<String> = ["has", "have", "had", "do", "does", "did"]

    /// Whether two words have taken each other's preposition.
    private static func exchangesPrepositions(_ texts: TextComparison) -> Bool {
        var stored: [String: String] = [:]
        for role in texts.stored.roles where stored[role.stem] == nil { stored[role.stem] = role.preposition }
        let changed = texts.asked.roles.compactMap { role -> (stem: String, from: String, to: String)? in
            guard let other = stored[role.stem], other != role.preposition else { return nil }
            if other.isEmpty || role.preposition.isEmpty, !tellsRoles(texts) { return nil }
            return (role.stem, role.preposition, other)
        }
        return changed.contains { first in
            changed.contains { second in
                guard second.stem != first.stem, second.from == first.to, second.to == first.from else { return false }
                return !first.from.isEmpty && !first.to.isEmpty || areApart(first.stem, second.stem, texts)
            }
        }
    }

    /// Whether it says something that a word has no preposition: with the same content, and nothing done `by` anybody.
    private static func tellsRoles(_ texts: TextComparison) -> Bool {
        texts.lists.edition == .current && texts.hasSameContent && !texts.asked.forms.contains("by")
            && !texts.stored.forms.contains("by")
    }

    /// Whether in both texts something stands between two words, and no joining word.
    private static func areApart(_ first: String, _ second: String, _ texts: TextComparison) -> Bool {
        [texts.asked, texts.stored].allSatisfy { text in
            let places = [first, second].compactMap { stem in text.words.firstIndex { $0.stem == stem } }.sorted()
            guard places.count == 2 else { return true }
            let between = text.words[places[0]..<places[1]].dropFirst()
            return !between.isEmpty && !between.contains { texts.lists.joiningWords.contains($0.form) }
        }
    }

    /// Whether names have changed their order, with nothing else changed or with another preposition before one.
    private static func reordersNames(_ texts: TextComparison) -> Bool {
        let matches = texts.matching.second.sorted { $0.key < $1.key }
        if texts.lists.edition == .current, areCoordinated(matches, texts) { return false }
        guard matches.map(\.value).isOutOfOrder else { return false }
        if texts.lists.edition == .current, keepPrepositions(matches, texts) { return false }
        let askedNames = matches.filter { texts.asked.words[$0.key].isCapital }
        if texts.hasSameContent, askedNames.map(\.value).isOutOfOrder { return true }
        let names = askedNames.filter { texts.stored.words[$0.value].isCapital }
        guard names.map(\.value).isOutOfOrder else { return false }
        return names.contains { match in
            governor(of: match.key, in: texts.asked, texts.lists)
                != governor(of: match.value, in: texts.stored, texts.lists)
        }
    }

    /// Whether the names that changed places are joined by `and`, `or` and the like in both texts, where order says
    /// nothing.
    private static func areCoordinated(_ matches: [(key: Int, value: Int)], _ texts: TextComparison) -> Bool {
        let swapped = zip(matches, matches.dropFirst()).filter { $0.0.value > $0.1.value }
        return !swapped.isEmpty
            && swapped.allSatisfy { first, second in
                isJoined(first.key..<second.key, texts.asked, texts.lists)
                    && isJoined(second.value..<first.value, texts.stored, texts.lists)
            }
    }

    /// Whether every name kept its preposition, and one has any: `to Rome from Oslo`, `On a Mac, how do I merge PDFs`.
    private static func keepPrepositions(_ matches: [(key: Int, value: Int)], _ texts: TextComparison) -> Bool {
        let governors = matches.filter { texts.asked.words[$0.key].isCapital }.map { match in
            (
                preposition(before: match.key, in: texts.asked, texts.lists),
                preposition(before: match.value, in: texts.stored, texts.lists)
            )
        }
        return governors.contains { $0.0 != nil } && governors.allSatisfy { $0.0 == $0.1 }
    }

    /// Whether a joining word and no other preposition stands between the words at both ends of `places`.
    private static func isJoined(_ places: Range<Int>, _ text: ParsedText, _ lists: WordLists) -> Bool {
        let between = text.words[places].dropFirst()
        return between.contains { lists.joiningWords.contains($0.form) }
            && !between.contains {
                lists.governingPrepositions.contains($0.form) && !lists.joiningWords.contains($0.form)
            }
    }

    /// The nearest preposition among the two words before `place`.
    private static func preposition(before place: Int, in text: ParsedText, _ lists: WordLists) -> String? {
        text.words[max(0, place - 2)..<place].last { lists.prepositions.contains($0.form) }?.form
    }

    /// The nearest governing preposition among the three words before `place`.
    private static func governor(of place: Int, in text: ParsedText, _ lists: WordLists) -> String? {
        text.words[max(0, place - 3)..<place].last { lists.governingPrepositions.contains($0.form) }?.form
    }
}

extension [Int] {
    fileprivate var isOutOfOrder: Bool { zip(self, dropFirst()).contains { $0 > $1 } }
}
