public import SemanticCache

/// Computes vectors in this process, on threads of its own.
///
/// Calls for a text that waits or is being computed share one computation, and the vectors of the last texts are kept.
/// When too much waits, what nobody awaits any more is dropped first, then new calls are refused.
public final class LocalEmbedder: Embedder {
    /// How much an embedder may use.
    public struct Configuration: Sendable, Hashable {
        /// Threads that compute; nil means as many as there are cores.
        public var threads: Int?
        /// Most texts that wait.
        public var queueLimit = 256
        /// Most bytes of recent texts and their vectors; 0 keeps none.
        public var recentBytes = 8 << 20

        /// Whether slips of the pen are mended before a text is embedded: for models of English in lower case.
        public var correctsSpelling = false

        /// Creates the defaults.
        public init() {}
    }

    /// The model.
    public let encoder: SentenceEncoder
    /// Names the model, its weights, vocabulary and settings, and how texts are mended.
    public let modelID: String
    private let workers: EmbeddingWorkers

    /// Starts the threads; `uptime` is the monotonic clock of the deadlines, in nanoseconds.
    public init(
        encoder: SentenceEncoder,
        configuration: Configuration = Configuration(),
        uptime: @escaping @Sendable () -> UInt64
    ) {
        self.encoder = encoder
        let corrector = configuration.correctsSpelling ? SpellingCorrector(tokenizer: encoder.tokenizer) : nil
        modelID = encoder.modelID + (corrector == nil ? "" : "-" + SpellingCorrector.version)
        workers = EmbeddingWorkers(
            count: max(1, configuration.threads ?? WorkerThread.cores),
            queue: EmbeddingQueue(limit: max(1, configuration.queueLimit), recentBytes: configuration.recentBytes),
            uptime: uptime,
            makeComputation: { LocalEmbedder.computation(encoder, corrector) }
        )
    }

    deinit { workers.close() }

    /// Components of a vector.
    public var dimensions: Int { encoder.dimensions }
    /// Most tokens of a text, special ones included.
    public var maximumTokens: Int? { encoder.maximumTokens }

    /// Computes the unit vector of a text of at most 32 KiB; a longer one is ``EmbedderError/textTooLong``.
    public func embed(
        _ text: String,
        deadline: Deadline,
        completion: @escaping @Sendable (Result<[Float], EmbedderError>) -> Void
    ) {
        guard text.utf8.count <= SentenceEncoder.byteLimit else { return completion(.failure(.textTooLong)) }
        workers.embed(text, deadline: deadline, completion)
    }

    /// Refuses what waits and what comes, and returns when the last thread has ended: a few milliseconds.
    public func shutdown() async {
        workers.close()
        await workers.end()
    }

    /// A thread's computation, with scratch memory that it keeps.
    private static func computation(
        _ encoder: SentenceEncoder,
        _ corrector: SpellingCorrector?
    ) -> EmbeddingWorkers.Computation {
        var scratch = EncoderScratch()
        return { texts in
            var results: [Result<[Float], EmbedderError>] = Array(repeating: .failure(.unavailable), count: texts.count)
            var sequences: [[Int32]] = []
            var places: [Int] = []
            for (place, text) in texts.enumerated() {
                do throws(EmbedderError) {
                    sequences.append(try encoder.tokens(of: corrector?.corrected(text) ?? text))
                    places.append(place)
                } catch {
                    results[place] = .failure(error)
                }
            }
            for (place, result) in zip(places, encoder.results(ofTokens: sequences, &scratch)) {
                results[place] = result
            }
            return results
        }
    }
}
