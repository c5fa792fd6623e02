/// A stored question near the one that is asked, as the server judges it.
struct Candidate: Sendable, Hashable {
    /// Which of the replay's requests it is.
    var request: Int
    /// Cosine similarity.
    var similarity: Double
    /// Similarity minus the verifier's penalties.
    var score: Double
    /// What this pair has to reach whatever the threshold, as texts in another language do.
    var leastSimilarity = 0.0
    /// Whether a guard refuses it.
    var isVetoed: Bool
}

/// What a semantic hit has to reach.
struct OperatingPoint: Sendable, Hashable {
    /// Least similarity; nil for the exact tier alone.
    var threshold: Double?
    /// Least score; nil where no score decides.
    var score: Double?

    /// The exact tier alone.
    static let exactOnly = OperatingPoint(threshold: nil, score: nil)

    /// Whether a candidate would be served.
    func accepts(_ candidate: Candidate) -> Bool {
        guard let threshold, !candidate.isVetoed else { return false }
        if let score, !(candidate.score >= score) { return false }
        return candidate.similarity >= max(threshold, candidate.leastSimilarity)
    }
}
