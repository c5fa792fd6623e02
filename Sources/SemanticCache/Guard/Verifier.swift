/// Decides whether a stored answer may answer a text that only resembles its own.
///
/// A pure function of (asked text, stored text, similarity) and its settings: the same on every replica. Called from
/// any thread; a judgment of two parsed texts costs microseconds.
public protocol Verifier: Sendable {
    /// Names the rules and word lists: what one version served, another may refuse.
    var version: String { get }

    /// The least score of a hit under these settings.
    func leastScore(_ settings: SemanticSettings) -> Double

    /// Judges candidates for `asked`; the judgments are in the order of the candidates.
    func judge(_ candidates: [Neighbor], for asked: String, _ settings: SemanticSettings) -> [Judgment]
}

/// What the verifier makes of one candidate.
public struct Judgment: Sendable, Hashable {
    /// The candidate.
    public var neighbor: Neighbor
    /// Similarity minus penalties; what is compared with the least score of a hit.
    public var score: Double
    /// What the similarity of these two texts has to reach: the threshold, or more for texts in another language.
    public var leastSimilarity: Double
    /// The guards that refuse it; empty when none does.
    ///
    /// Guards that are switched off are not asked.
    public var vetoes: [SemanticSettings.Guard]
    /// What the candidate fails first, of `threshold`, the guards and `score`; nil when it may be served.
    public var rejection: Rejection?

    /// Why a candidate is not served.
    public enum Rejection: Sendable, Hashable {
        /// It is less similar than the threshold.
        case threshold
        /// A guard refuses it.
        case guarded(SemanticSettings.Guard)
        /// Its score is below the least score.
        case score

        /// All that there are.
        public static let all: [Rejection] =
            [.threshold] + SemanticSettings.Guard.allCases.map { .guarded($0) } + [.score]

        /// The word in answers (`rejected_by`).
        public var name: String {
            switch self {
            case .threshold: "threshold"
            case .guarded(let name): name.rawValue
            case .score: "score"
            }
        }
    }

    /// Creates a judgment.
    public init(
        neighbor: Neighbor,
        score: Double,
        leastSimilarity: Double = 0,
        vetoes: [SemanticSettings.Guard] = [],
        rejection: Rejection? = nil
    ) {
        self.neighbor = neighbor
        self.score = score
        self.leastSimilarity = leastSimilarity
        self.vetoes = vetoes
        self.rejection = rejection
    }
}
