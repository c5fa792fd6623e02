/// Two parsed texts side by side: what one has and the other lacks.
struct TextComparison {
    /// The text that was asked.
    let asked: ParsedText
    /// The text of the candidate.
    let stored: ParsedText
    /// What is known of English.
    let lists: WordLists
    /// Which content words are the same.
    let matching: WordMatching
    /// Places of the asked text's content words that the stored text lacks.
    let unmatchedAsked: [Int]
    /// Places of the stored text's content words that the asked text lacks.
    let unmatchedStored: [Int]
    /// Share of the content, by weight, that both have; 0 when neither has content.
    let overlap: Double

    /// Compares two texts; O(words), and O(product of the unmatched).
    init(_ asked: ParsedText, _ stored: ParsedText, lists: WordLists) {
        self.asked = asked
        self.stored = stored
        self.lists = lists
        let matching = WordMatching(asked, stored, lists: lists)
        self.matching = matching
        unmatchedAsked = asked.content.filter {
            matching.second[$0] == nil && !stored.stems.contains(asked.words[$0].stem)
        }
        unmatchedStored = stored.content.filter {
            !matching.matchedInSecond.contains($0) && !asked.stems.contains(stored.words[$0].stem)
        }
        let all = asked.weight(of: asked.content) + stored.weight(of: stored.content)
        let missing = asked.weight(of: unmatchedAsked) + stored.weight(of: unmatchedStored)
        overlap = all > 0 ? 1 - missing / all : asked.content.isEmpty && stored.content.isEmpty ? 1 : 0
    }

    /// Whether both have words, and not too many.
    var isComparable: Bool {
        !asked.words.isEmpty && !stored.words.isEmpty && !asked.isTooLong && !stored.isTooLong
    }

    /// Whether both seem to be English.
    var isEnglish: Bool { asked.language == .english && stored.language == .english }

    /// Whether both have the same content.
    var hasSameContent: Bool { unmatchedAsked.isEmpty && unmatchedStored.isEmpty }

    /// Whether only one has words of its own, and `and` or `or` joins one of them to the rest.
    var addsByConjunction: Bool {
        guard unmatchedAsked.isEmpty != unmatchedStored.isEmpty else { return false }
        return unmatchedAsked.isEmpty ? stored.isJoined(unmatchedStored) : asked.isJoined(unmatchedAsked)
    }

    /// Whether only one asks for something else than it names: `another`, `other ways`.
    var asksForOthers: Bool {
        asked.forms.isDisjoint(with: lists.others) != stored.forms.isDisjoint(with: lists.others)
    }

    /// Whether they differ in a few words only, so that one of these decides.
    var differsLocally: Bool {
        overlap >= 0.5 && max(unmatchedAsked.count, unmatchedStored.count) <= 3
    }
}

extension ParsedText {
    /// Whether a conjunction stands just before one of the words at `places`, a word between at most, or just after.
    fileprivate func isJoined(_ places: [Int]) -> Bool {
        places.contains { place in
            [place - 2, place - 1, place + 1].contains { index in
                words.indices.contains(index) && (words[index].form == "and" || words[index].form == "or")
            }
        }
    }

    fileprivate func weight(of places: [Int]) -> Double {
        places.reduce(0) { $0 + words[$1].weight }
    }
}
