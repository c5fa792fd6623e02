import AsyncHTTPClient
import Crypto
public import Logging
public import NIOCore
import NIOPosix
public import SemanticCache
import Synchronization

/// Has vectors computed by an OpenAI-compatible server (`POST /v1/embeddings`).
///
/// Calls of the same text share one question, calls of about the same time one request. A text's vector is looked for
/// in memory, then in the vector cache, then asked for. While the server fails or wants to be left alone, what is not
/// known is unavailable at once. Call ``shutdown()`` when done.
public final class RemoteEmbedder: Embedder {
    /// Names server, model and dimensions, as nobody but the server knows more of the model.
    ///
    /// Whoever puts another model behind the same URL must give it another name in the settings.
    public let modelID: String
    /// Components of a vector.
    public let dimensions: Int
    /// Not known: the server refuses what is too long.
    public let maximumTokens: Int? = nil

    private let configuration: RemoteEmbedderConfiguration
    private let server: EmbeddingServer
    private let memory: VectorMemory
    private let eventLoop: any EventLoop
    private let queue: NIOLoopBoundBox<TextQueue>
    private let waiting: CallCount

    /// Creates an embedder, after the server has said how many components its vectors have.
    ///
    /// Returns without asking when the configuration has the dimensions; else asks until the server answers, and logs
    /// why it does not. Requests are made and answers read on `eventLoop`, which should serve no lookups; nil takes one
    /// of the process-wide group.
    ///
    /// - Throws: ``KeyFileError`` at once when there is no key in the key file, `CancellationError`.
    public static func connect(
        _ configuration: RemoteEmbedderConfiguration,
        cache: (any VectorCache)? = nil,
        clock: EngineClock,
        eventLoop: (any EventLoop)? = nil,
        logger: Logger
    ) async throws -> RemoteEmbedder {
        var logger = logger
        logger[metadataKey: "embedder"] = "\(configuration.url)"
        let eventLoop = eventLoop ?? MultiThreadedEventLoopGroup.singleton.next()
        let key: ServerKey? =
            if let path = configuration.keyFile {
                try await NIOThreadPool.singleton.runIfActive { try ServerKey.stored(at: path) }
            } else {
                nil
            }
        let server = EmbeddingServer(configuration, key: key, clock: clock, eventLoop: eventLoop, logger: logger)
        do {
            let dimensions =
                if let known = configuration.dimensions {
                    known
                } else {
                    try await learnDimensions(of: server, configuration, logger)
                }
            return RemoteEmbedder(configuration, dimensions: dimensions, server: server, cache: cache, logger: logger)
        } catch {
            await server.shutdown()
            throw error
        }
    }

    private init(
        _ configuration: RemoteEmbedderConfiguration,
        dimensions: Int,
        server: EmbeddingServer,
        cache: (any VectorCache)?,
        logger: Logger
    ) {
        self.configuration = configuration
        self.dimensions = dimensions
        self.server = server
        eventLoop = server.eventLoop
        let modelID = Self.modelID(configuration, dimensions: dimensions)
        self.modelID = modelID
        let memory = VectorMemory(maximumBytes: configuration.memoryBytes)
        self.memory = memory
        waiting = CallCount(limit: configuration.maximumWaiting)
        let questions = ServerQuestions(server: server, configuration, dimensions: dimensions, logger: logger)
        let recall = cache.map {
            VectorRecall(cache: $0, modelID: modelID, dimensions: dimensions, on: server.eventLoop)
        }
        let queue = TextQueue(configuration, questions: questions, recall: recall, memory: memory)
        self.queue = .makeBoxSendingValue(queue, eventLoop: eventLoop)
    }

    /// Computes the unit vector of a text.
    ///
    /// Completes by the deadline, whatever the server does. A text that the server refuses by itself, or of more bytes
    /// than are configured, is too long; one of white space alone is malformed, since servers refuse it.
    public func embed(
        _ text: String,
        deadline: Deadline,
        completion: @escaping @Sendable (Result<[Float], EmbedderError>) -> Void
    ) {
        if let known = memory.vector(of: text) { return completion(.success(known)) }
        guard text.utf8.count <= configuration.maximumTextBytes else { return completion(.failure(.textTooLong)) }
        guard text.contains(where: { !$0.isWhitespace }) else { return completion(.failure(.malformed)) }
        guard waiting.enter() else { return completion(.failure(.unavailable)) }
        eventLoop.execute { [queue, waiting] in
            queue.value.add(text, until: .uptimeNanoseconds(deadline.uptimeNanoseconds)) { result in
                waiting.leave()
                completion(result)
            }
        }
    }

    /// Fails the calls that wait and closes the connections; later calls are unavailable.
    public func shutdown() async {
        // Closing never fails: the future only waits.
        try? await eventLoop.submit { [queue] in queue.value.close() }.get()
        await server.shutdown()
    }

    private static func learnDimensions(
        of server: EmbeddingServer,
        _ configuration: RemoteEmbedderConfiguration,
        _ logger: Logger
    ) async throws -> Int {
        var health = ServerHealth(configuration)
        var generator = SystemRandomNumberGenerator()
        var lastReason = ""
        while true {
            switch await server.ask([EmbeddingServer.probe], dimensions: nil) {
            case .success(let vectors):
                try Task.checkCancellation()
                if let dimensions = vectors.first?.count { return dimensions }
            case .failure(let failure):
                try Task.checkCancellation()
                if case .busy(_, let wait) = failure { health.pause(until: .now() + TimeAmount(wait)) }
                if failure.phrase != lastReason {
                    lastReason = failure.phrase
                    logger.warning("waiting for the embeddings server", metadata: ["reason": "\(failure.phrase)"])
                }
            }
            let wait = health.nextProbe(at: .now(), using: &generator)
            try await Task.sleep(for: .nanoseconds(wait.nanoseconds))
        }
    }

    private static func modelID(_ configuration: RemoteEmbedderConfiguration, dimensions: Int) -> String {
        let id = "openai:\(configuration.url.place)|\(configuration.model)|\(dimensions)"
        guard id.utf8.count > 200 else { return id }
        let digest = SHA256.hash(data: Array(id.utf8)).prefix(16).map { byte in
            String(byte >> 4, radix: 16) + String(byte & 15, radix: 16)
        }
        return "openai:\(digest.joined())|\(dimensions)"
    }
}
