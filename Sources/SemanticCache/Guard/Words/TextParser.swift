/// Takes texts apart.
struct TextParser: Sendable {
    /// What it knows of English.
    let lists: WordLists
    /// How it weighs words.
    let rarity: WordRarity

    /// Takes a text apart; O(length), and no more than the first ``ParsedText/mostWords`` words.
    func parse(_ text: String) -> ParsedText {
        var draft = TextDraft(text, lists: lists)
        let start = lists.edition == .current ? Greeting.end(in: draft.lowercase) : 0
        var scanner = WordScanner(draft.scalars, from: start, joinsInitials: lists.edition == .current)
        while let place = scanner.next() {
            if draft.words.count == ParsedText.mostWords {
                draft.cut()
                break
            }
            draft.append(place, rarity: rarity)
        }
        return draft.finish(rarity: rarity)
    }
}
