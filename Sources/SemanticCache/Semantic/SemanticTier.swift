import Crypto

/// Embedder, index and verifier put together; shared by the event loops of a process.
public final class SemanticTier: Sendable {
    /// Turns texts into vectors.
    public let embedder: any Embedder
    /// Finds near ones.
    public let index: any VectorIndex
    private let verifier: any Verifier
    private let clock: EngineClock
    /// Names model and verifier: the first eight bytes of a SHA-256.
    private let judges: UInt64

    /// Puts the parts together.
    public init(embedder: any Embedder, index: any VectorIndex, verifier: any Verifier, clock: EngineClock) {
        self.embedder = embedder
        self.index = index
        self.verifier = verifier
        self.clock = clock
        judges = SHA256.hash(data: Array("\(embedder.modelID)|\(verifier.version)".utf8)).prefix(8)
            .reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// Finds and judges the stored texts nearest to the one that is asked.
    ///
    /// Completes exactly once, on any thread; late when the index is, so whoever must answer by the deadline keeps time.
    public func find(
        _ query: SemanticQuery,
        deadline: Deadline,
        completion: @escaping @Sendable (SemanticFinding) -> Void
    ) {
        let began = clock.uptime()
        embedder.embed(query.text, deadline: deadline) { [index, verifier, clock] result in
            let embedded = clock.uptime()
            switch result {
            case .failure(.textTooLong): completion(.tooLong)
            case .failure: completion(.unavailable)
            case .success(let vector):
                index.neighbors(
                    of: vector,
                    in: query.partition,
                    having: query.attributes.map(\.digest),
                    count: query.count,
                    now: clock.now()
                ) { neighbors in
                    let judgments = verifier.judge(neighbors, for: query.text, query.settings)
                    completion(.judged(judgments, embedNanoseconds: embedded &- began))
                }
            }
        }
    }

    /// Computes what is kept of a stored text; nil when its vector cannot be had.
    ///
    /// Completes exactly once, on any thread.
    public func part(
        for query: SemanticQuery,
        deadline: Deadline,
        completion: @escaping @Sendable (SemanticPart?) -> Void
    ) {
        embedder.embed(query.text, deadline: deadline) { [modelID = embedder.modelID] result in
            guard case .success(let vector) = result, let quantized = QuantizedVector(vector) else {
                return completion(nil)
            }
            completion(
                SemanticPart(
                    partition: query.partition,
                    text: query.text,
                    vector: quantized,
                    modelID: modelID,
                    attributes: query.attributes.map(\.digest)
                )
            )
        }
    }

    /// Computes the cosine of two texts, each cut where the model may stop reading; nil when it cannot be had.
    ///
    /// Completes exactly once, on any thread.
    public func similarity(
        of text: String,
        _ other: String,
        deadline: Deadline,
        completion: @escaping @Sendable (Double?) -> Void
    ) {
        // No token is shorter than a character, so that many characters are never too many tokens.
        let limit = max(1, (embedder.maximumTokens ?? 256) - 2)
        let texts = (String(text.prefix(limit)), String(other.prefix(limit)))
        embedder.embed(texts.0, deadline: deadline) { [embedder] first in
            guard case .success(let left) = first else { return completion(nil) }
            embedder.embed(texts.1, deadline: deadline) { second in
                guard case .success(let right) = second, left.count == right.count else { return completion(nil) }
                completion(Double(zip(left, right).reduce(0) { $0 + $1.0 * $1.1 }))
            }
        }
    }

    /// Names the model and the rules under which candidates are judged.
    ///
    /// Cheap: every hit through an alias asks. Guards are told apart by their places, so a change of their order is one
    /// of the verifier's version.
    public func rules(for settings: SemanticSettings) -> UInt64 {
        var choices: UInt64 = settings.profile == .strict ? 0 : 1
        for kind in SemanticSettings.Guard.allCases {
            choices = choices << 1 | (settings.guards.contains(kind) ? 1 : 0)
        }
        return judges ^ choices
    }

    /// The least score of a hit under these settings; nil where no score decides.
    public func leastScore(_ settings: SemanticSettings) -> Double? {
        let score = verifier.leastScore(settings)
        return score.isFinite ? score : nil
    }

    /// Whether what made an alias would make a semantic hit now.
    public func upholds(_ judgment: Alias.Judgment, under settings: SemanticSettings) -> Bool {
        judgment.rules == rules(for: settings) && judgment.similarity >= settings.threshold
            && judgment.score >= verifier.leastScore(settings)
    }
}
