import SemanticCache

/// A semantic tier that finds what a test tells it to.
final class ScriptedSearch: SemanticSearch {
    /// What every search finds.
    var finding = SemanticFinding.judged([], embedNanoseconds: 1000)
    /// Whether stored texts get a vector.
    var hasVectors = true
    /// The cosine of any two answers.
    var answerSimilarity: Double?
    /// What is judged by which rules.
    var rules: UInt64 = 1
    private(set) var queries: [SemanticQuery] = []
    private(set) var inserted: [IndexElement] = []
    private(set) var removed: [Fingerprint] = []

    func rules(for settings: SemanticSettings) -> UInt64 { rules }

    func upholds(_ judgment: Alias.Judgment, under settings: SemanticSettings) -> Bool {
        judgment.rules == rules && judgment.similarity >= settings.threshold
            && judgment.score >= (settings.minimumScore ?? 0.5)
    }

    func leastScore(_ settings: SemanticSettings) -> Double? { settings.minimumScore ?? 0.5 }

    func find(_ query: SemanticQuery, deadline: Deadline, completion: @escaping (SemanticFinding) -> Void) {
        queries.append(query)
        completion(finding)
    }

    /// Whether changes that are asked for are known.
    var knowsChanges = true
    private(set) var awaited: [ChangeToken] = []

    func await(_ change: ChangeToken, deadline: Deadline, completion: @escaping (Bool) -> Void) {
        awaited.append(change)
        completion(knowsChanges)
    }

    func part(for query: SemanticQuery, deadline: Deadline, completion: @escaping (SemanticPart?) -> Void) {
        guard hasVectors, let vector = QuantizedVector([1, 0]) else { return completion(nil) }
        completion(SemanticPart(partition: query.partition, text: query.text, vector: vector, modelID: "m"))
    }

    func similarity(
        of text: String,
        _ other: String,
        deadline: Deadline,
        completion: @escaping (Double?) -> Void
    ) { completion(answerSimilarity) }

    func insert(_ element: IndexElement, deadline _: Deadline, completion: @escaping () -> Void) {
        inserted.append(element)
        completion()
    }

    func remove(_ entry: EntryKey) { removed.append(entry.fingerprint) }

    /// Finds these entries, each with its similarity, score and what refuses it.
    func finds(_ candidates: (Fingerprint, Double, Double, Judgment.Rejection?)...) {
        let judgments = candidates.map { entry, similarity, score, rejection in
            Judgment(
                neighbor: Neighbor(entry: entry, text: "stored", similarity: similarity),
                score: score,
                rejection: rejection
            )
        }
        finding = .judged(judgments, embedNanoseconds: 1000)
    }
}
