/// What kind of answer a question wants.
enum QuestionKind: Sendable {
    case how, what, when, place, who, why
    /// It can be answered by yes or no.
    case yesOrNo
    /// It is no question, or none that can be told.
    case untold

    /// The kind that a word tells; nil when it tells none.
    ///
    /// Auxiliary verbs tell it only at the start.
    init?(word: String, isFirst: Bool) {
        switch word {
        case "how": self = .how
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

    /// Whether only one thing can be the answer: a time, a place, a person or a reason.
    var isParticular: Bool { Self.particular.contains(self) }

    /// Whether a question of this kind and one of the other want different answers over the same words.
    ///
    /// `what` and `how` are often exchangeable, and a yes or no is often meant as an explanation; a time, a place, a
    /// person and a reason are not.
    func excludes(_ other: QuestionKind) -> Bool {
        guard self != other, self != .untold, other != .untold else { return false }
        let isTold = isParticular || other.isParticular
        let isWhatOrWho = [self, other].allSatisfy { $0 == .what || $0 == .who }
        return isTold && !isWhatOrWho
    }

    private static let particular: Set<QuestionKind> = [.when, .place, .who, .why]

    private static let auxiliaries: Set<String> = [
        "is", "are", "am", "was", "were", "do", "does", "did", "has", "have", "had", "can", "could", "will", "would",
        "should", "shall", "may", "might", "must",
    ]
}
