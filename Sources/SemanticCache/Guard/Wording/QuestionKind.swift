/// What kind of answer a question wants.
enum QuestionKind: Sendable {
    case how, what, when, place, who, why
    /// How much or how many, how long, how far, how old.
    case amount
    /// It can be answered by yes or no.
    case yesOrNo
    /// It is no question, or none that can be told.
    case untold

    /// The kind that a word tells; nil when it tells none.
    ///
    /// Auxiliary verbs tell it only at the start; `how` may be about the word after it.
    init?(word: String, before next: String?, isFirst: Bool) {
        switch word {
        case "how": self = next.map(Self.measures.contains) == true ? .amount : .how
        case "what", "which": self = .what
        case "when": self = .when
        case "where": self = .place
        case "who", "whom", "whose": self = .who
        case "why": self = .why
        case "can": self = .yesOrNo
        case _ where isFirst && Self.auxiliaries.contains(word): self = .yesOrNo
        default: return nil
        }
    }

    /// Whether only one thing can be the answer: a time, a place, a person, a reason or an amount.
    var isParticular: Bool { Self.particular.contains(self) }

    /// Whether a question of this kind and one of the other want different answers over the same words.
    ///
    /// `what` and `how` are often exchangeable, and a yes or no is often meant as an explanation; a time, a place, a
    /// person and a reason are not.
    func excludes(_ other: QuestionKind) -> Bool {
        guard self != other, self != .untold, other != .untold else { return false }
        let isTold = isParticular || other.isParticular
        let pair = [self, other]
        let isExchangeable = pair.contains(.what) && (pair.contains(.who) || pair.contains(.amount))
        return isTold && !isExchangeable
    }

    private static let particular: Set<QuestionKind> = [.when, .place, .who, .why, .amount]

    private static let measures: Set<String> = [
        "many", "much", "long", "far", "old", "often", "tall", "high", "deep", "big", "large", "heavy", "wide", "fast",
        "hot", "cold", "late", "early", "loud", "strong",
    ]

    private static let auxiliaries: Set<String> = [
        "is", "are", "am", "was", "were", "do", "does", "did", "has", "have", "had", "can", "could", "will", "would",
        "should", "shall", "may", "might", "must",
    ]
}
