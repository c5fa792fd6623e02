/// Finds stored answers to a question asked in other words.
///
/// An instance belongs to one event loop, like the store: every call is made there and every completion runs there,
/// exactly once and no later than the call's deadline, possibly before the call returns.
public protocol SemanticSearch: AnyObject {
    /// Names the model and the rules under which candidates are judged, for aliases.
    func rules(for settings: SemanticSettings) -> UInt64

    /// Whether what made an alias would make a semantic hit now.
    func upholds(_ judgment: Alias.Judgment, under settings: SemanticSettings) -> Bool

    /// The least score of a hit under these settings; nil while there is no model, or where no score decides.
    func leastScore(_ settings: SemanticSettings) -> Double?

    /// Finds and judges the stored texts nearest to the one that is asked.
    func find(_ query: SemanticQuery, deadline: Deadline, completion: @escaping (SemanticFinding) -> Void)

    /// Completes with true as soon as the index knows of a change, with false when it does not by the deadline.
    func await(_ change: ChangeToken, deadline: Deadline, completion: @escaping (Bool) -> Void)

    /// Computes what is kept of a stored text; nil when its vector cannot be had.
    func part(for query: SemanticQuery, deadline: Deadline, completion: @escaping (SemanticPart?) -> Void)

    /// Computes the cosine of two texts, each cut where the model stops reading; nil when it cannot be had.
    func similarity(of text: String, _ other: String, deadline: Deadline, completion: @escaping (Double?) -> Void)

    /// Makes an entry that Redis has taken findable, for all who share the index; completes when it is, or at the
    /// deadline.
    func insert(_ element: IndexElement, deadline: Deadline, completion: @escaping () -> Void)

    /// Forgets an entry that Redis no longer has.
    func remove(_ entry: EntryKey)
}

/// A text and what it may be compared within.
public struct SemanticQuery: Sendable, Hashable {
    /// The last user text.
    public var text: String
    /// What it is compared within.
    public var partition: Partition
    /// How candidates are judged.
    public var settings: SemanticSettings
    /// What candidates must have.
    public var attributes: [Attribute]
    /// How many candidates are judged: the best score need not be the nearest.
    public var count: Int

    /// Candidates that are judged for a lookup.
    public static let usualCount = 5

    /// Creates a query.
    public init(
        text: String,
        partition: Partition,
        settings: SemanticSettings,
        attributes: [Attribute] = [],
        count: Int = SemanticQuery.usualCount
    ) {
        self.text = text
        self.partition = partition
        self.settings = settings
        self.attributes = attributes
        self.count = count
    }
}

/// What a search found.
public enum SemanticFinding: Sendable {
    /// The nearest candidates, nearest first, each judged; `embedNanoseconds` is the time that the vector took.
    case judged([Judgment], embedNanoseconds: UInt64)
    /// The text has more tokens than the model reads.
    case tooLong
    /// The vector or the index could not be had in time.
    case unavailable
}
