/// What is taken from the similarity of two texts before it is compared with the least score.
///
/// Equally similar texts are the less likely to ask the same the more words they share: the similarity then comes from
/// what is the same, and what differs decides. Hence the penalty on overlap.
enum LexicalPenalty {
    /// The penalty of two texts; 1, which no similarity makes up for, when they cannot be compared.
    static func of(_ texts: TextComparison, similarity: Double) -> Double {
        guard texts.isComparable else { return 1 }
        guard texts.isEnglish else { return foreign }
        let penalty = ofWords(texts)
        return texts.lists.edition == .reference ? penalty : penalty + WordingPenalty.of(texts, similarity: similarity)
    }

    /// The penalty of texts in other languages, whose small words are not known.
    private static let foreign = 0.20

    private static func ofWords(_ texts: TextComparison) -> Double {
        var penalty = 0.20 * texts.overlap
        if !texts.hasSameContent { penalty += 0.04 }
        if texts.asked.mentionsPerson != texts.stored.mentionsPerson { penalty += 0.10 }
        if texts.differsLocally {
            if EntitiesGuard.oneSided(texts) { penalty += 0.04 }
            if NumbersGuard.oneSided(texts) { penalty += 0.10 }
        }
        return penalty
    }
}
