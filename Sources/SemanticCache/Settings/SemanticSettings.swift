/// The semantic tier's settings.
public struct SemanticSettings: Sendable, Hashable {
    /// What becomes of a semantic hit.
    public enum Mode: String, Sendable, CaseIterable {
        /// It is served.
        case serve
        /// It is counted, and the caller is told of a miss.
        case shadow
    }

    /// How sure the verifier has to be.
    public enum Profile: String, Sendable, CaseIterable {
        /// Fewer hits, fewer of them false.
        case strict
        /// More hits, more of them false.
        case balanced
    }

    /// What can refuse a candidate that is near enough.
    public enum Guard: String, Sendable, CaseIterable {
        /// Numbers differ.
        case numbers
        /// A word stands against its antonym.
        case antonym
        /// One text negates, the other does not.
        case negation
        /// A word stands against itself with a negating prefix.
        case prefix
        /// Names differ.
        case entities
        /// Weekdays or months differ.
        case calendar
        /// The same words stand in different roles.
        case role
    }

    /// Whether the tier is asked (`semantic.enabled`).
    public var isEnabled = true
    /// What becomes of a hit (`semantic.mode`).
    public var mode = Mode.serve
    /// How sure the verifier has to be (`semantic.profile`).
    public var profile = Profile.strict
    /// Least cosine similarity of a hit (`semantic.threshold`).
    public var threshold = 0.80
    /// Least score of a hit; nil leaves it to the profile (`semantic.min_score`).
    public var minimumScore: Double?
    /// The guards that are asked (`semantic.guards.<name>`).
    public var guards = Set(Guard.allCases)
    /// Whether answers name the stored question to every key (`semantic.show_matched`).
    public var showsMatched = false

    /// Creates the defaults.
    public init() {}
}
