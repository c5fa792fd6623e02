/// What the words of two texts make of a candidate.
struct LexicalJudgment {
    /// The judgment.
    let judgment: Judgment

    /// Judges the candidate whose text is the stored one of `texts`.
    init(_ texts: TextComparison, _ candidate: Neighbor, _ settings: SemanticSettings, leastScore: Double) {
        let guards = SemanticSettings.Guard.allCases.filter {
            settings.guards.contains($0) && (texts.isEnglish || $0.isLanguageFree)
        }
        let vetoes = guards.filter { $0.rule.objects(to: texts) }
        let threshold = texts.isEnglish ? settings.threshold : max(settings.threshold, LexicalVerifier.foreignThreshold)
        let penalty = LexicalPenalty.of(texts, similarity: candidate.similarity)
        var judgment = Judgment(
            neighbor: candidate,
            score: candidate.similarity - penalty,
            leastSimilarity: threshold,
            vetoes: vetoes
        )
        if !(candidate.similarity >= threshold) {
            judgment.rejection = .threshold
        } else if let first = vetoes.first {
            judgment.rejection = .guarded(first)
        } else if !texts.isComparable || !(judgment.score >= leastScore) {
            judgment.rejection = .score
        }
        self.judgment = judgment
    }
}
