/// What a semantic hit takes in a namespace, or in one without settings of its own.
public struct SemanticStatusBody: Codable, Sendable, Hashable {
    /// Whether the tier is asked.
    public var enabled: Bool
    /// `serve` or `shadow`.
    public var mode: String
    /// Least cosine similarity of a hit.
    public var threshold: Double
    /// Least score of a hit; null where no score decides.
    @ExplicitNull public var minimumScore: Double?
    /// The thresholds of namespaces that have another one, when the figures are those of all.
    public var thresholds: [String: Double]

    /// Creates a status.
    public init(
        enabled: Bool,
        mode: String,
        threshold: Double,
        minimumScore: Double?,
        thresholds: [String: Double]
    ) {
        self.enabled = enabled
        self.mode = mode
        self.threshold = threshold
        self.minimumScore = minimumScore
        self.thresholds = thresholds
    }

    enum CodingKeys: String, CodingKey {
        case enabled, mode, threshold
        case minimumScore = "min_score"
        case thresholds
    }
}
