/// Two wordings side by side.
struct WordingComparison {
    /// Content words of the asked text that the stored text lacks.
    let missingInStored: [ParsedWord]
    /// Content words of the stored text that the asked text lacks.
    let missingInAsked: [ParsedWord]
    /// Share of the content, by weight, that both have; 0 when neither has content.
    let overlap: Double
    /// Words that are the same but for a slip of the pen.
    let slips: Int
    /// Whether the words that both have stand in another order.
    let isReordered: Bool
    /// Whether they want different kinds of answers.
    let wantsOtherAnswer: Bool
    /// Whether one wants a time and the other a place, a person or a reason, or the like.
    let wantsParticularOther: Bool
    /// Whether one asks for mine what the other asks for yours, as in `What is my name?`.
    let asksOfOther: Bool
    /// Whether they differ in one word of the same place, and not by a slip or a synonym.
    let exchangesOneWord: Bool
    /// Whether they are word for word the same but for slips, synonyms, articles and courtesies.
    let isRepeated: Bool
    /// Whether the things that they speak of belong to others.
    let hasOtherOwner: Bool

    /// Compares two wordings; O(product of their words).
    init(_ asked: Wording, _ stored: Wording, lists: WordLists) {
        var free = Array(stored.words.indices)
        var pairs: [(asked: Int, stored: Int)] = []
        var rest: [Int] = []
        for (index, word) in asked.words.enumerated() {
            if let found = free.firstIndex(where: { stored.words[$0].stem == word.stem }) {
                pairs.append((index, free.remove(at: found)))
            } else {
                rest.append(index)
            }
        }
        let equal = pairs.count
        rest.removeAll { index in
            guard let found = free.firstIndex(where: { Slip.separates(asked.words[index], stored.words[$0], lists) })
            else { return false }
            pairs.append((index, free.remove(at: found)))
            return true
        }
        slips = pairs.count - equal
        missingInStored = rest.map { asked.words[$0] }.filter { word in
            !stored.words.contains { $0.stem == word.stem }
        }
        missingInAsked = free.map { stored.words[$0] }.filter { word in
            !asked.words.contains { $0.stem == word.stem }
        }
        let order = pairs.sorted { $0.asked < $1.asked }.map(\.stored)
        isReordered = zip(order, order.dropFirst()).contains { $0 > $1 }
        wantsOtherAnswer = asked.kind.excludes(stored.kind)
        hasOtherOwner = asked.owners != stored.owners
        let all = asked.words.weight + stored.words.weight
        overlap = all > 0 ? 1 - (missingInStored.weight + missingInAsked.weight) / all : 0
        let differences = zip(asked.sequence, stored.sequence).count { $0 != $1 }
        let isAsLong = asked.sequence.count == stored.sequence.count
        let isAligned = isAsLong && differences == slips
        exchangesOneWord =
            isAsLong && differences == 1 + slips && missingInStored.count == 1 && missingInAsked.count == 1
        wantsParticularOther =
            asked.kind.isParticular && stored.kind.isParticular && asked.kind != stored.kind
            && !asked.kinds.contains(stored.kind) && !stored.kinds.contains(asked.kind)
        asksOfOther =
            asked.ownerAskedFor != nil && stored.ownerAskedFor != nil && asked.ownerAskedFor != stored.ownerAskedFor
        isRepeated = isAligned && asked.kind == stored.kind && !hasOtherOwner && !isReordered && !asked.words.isEmpty
    }

    /// Whether both say the same things.
    var isSame: Bool { missingInStored.isEmpty && missingInAsked.isEmpty }

    /// Whether one says a single thing more than the other.
    var narrowsByOne: Bool { missingInStored.count + missingInAsked.count == 1 }

    /// Whether nothing but small words and slips tells them apart.
    var isRestated: Bool { isSame && !isReordered && !wantsOtherAnswer && !hasOtherOwner }
}

extension [ParsedWord] {
    fileprivate var weight: Double { reduce(0) { $0 + $1.weight } }
}
