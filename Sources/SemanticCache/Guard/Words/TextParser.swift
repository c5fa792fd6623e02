/// Takes texts apart.
struct TextParser: Sendable {
    /// What it knows of English.
    let lists: WordLists
    /// How it weighs words.
    let rarity: WordRarity

    /// Takes a text apart; O(length), and no more than the first ``ParsedText/mostWords`` words.
    func parse(_ text: String) -> ParsedText {
        var draft = TextDraft(text, lists: lists)
        var scanner = WordScanner(draft.scalars)
        while let place = scanner.next() {
            if draft.result.words.count == ParsedText.mostWords {
                draft.result.isTooLong = true
                break
            }
            draft.append(place, rarity: rarity)
        }
        return draft.finish()
    }
}
