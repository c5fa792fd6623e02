import AsyncHTTPClient
import Logging
import NIOConcurrencyHelpers
import NIOCore
import NIOHTTP1
import NIOPosix
import SemanticCache

/// Asks an OpenAI-compatible server for vectors, one request a call.
///
/// Retries nothing.
///
/// Shared by threads; answers are read and completions run on ``eventLoop``. Call ``shutdown()`` when done.
final class EmbeddingServer: Sendable {
    private struct Key {
        var key: ServerKey?
        var nextReading = NIODeadline.uptimeNanoseconds(0)
    }

    /// How often a refused key is looked up in its file.
    private static let keyReadingInterval = TimeAmount.minutes(1)
    /// The text that probes ask for.
    static let probe = "Is this server able to answer?"

    let eventLoop: any EventLoop
    private let configuration: RemoteEmbedderConfiguration
    private let clock: EngineClock
    private let logger: Logger
    private let http: HTTPClient
    private let key: NIOLockedValueBox<Key>

    /// Creates a client, which connects when the first request is made; `key` is what the configured file holds.
    init(
        _ configuration: RemoteEmbedderConfiguration,
        key: ServerKey?,
        clock: EngineClock,
        eventLoop: any EventLoop,
        logger: Logger
    ) {
        self.configuration = configuration
        self.clock = clock
        self.eventLoop = eventLoop
        self.logger = logger
        self.key = NIOLockedValueBox(Key(key: key))
        var settings = HTTPClient.Configuration()
        settings.timeout.connect = TimeAmount(configuration.connectTimeout)
        settings.redirectConfiguration = .disallow
        settings.connectionPool.retryConnectionEstablishment = false
        settings.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = max(1, configuration.maximumRequests) + 1
        settings.httpVersion = .http1Only
        http = HTTPClient(eventLoopGroupProvider: .shared(eventLoop), configuration: settings)
    }

    /// Closes the connections; what is on its way fails.
    func shutdown() async {
        // A second shutdown is the only thing that fails, and there is nothing to do about it.
        try? await http.shutdown()
    }

    /// Asks for the vectors of texts, of any number of components when `dimensions` is nil.
    ///
    /// Completes exactly once, on the event loop, within the configured time.
    func ask(
        _ texts: [String],
        dimensions: Int?,
        completion: @escaping @Sendable (Result<[[Float]], AskFailure>) -> Void
    ) {
        guard let request = begin(texts, dimensions: dimensions) else {
            return eventLoop.execute { completion(.failure(.unreachable("its URL cannot be asked"))) }
        }
        request.futureResult.hop(to: eventLoop).whenComplete { result in
            completion(self.read(result, count: texts.count, dimensions: dimensions))
        }
    }

    /// Asks for the vectors of texts; a canceled task ends the request.
    func ask(_ texts: [String], dimensions: Int?) async -> Result<[[Float]], AskFailure> {
        guard let request = begin(texts, dimensions: dimensions) else {
            return .failure(.unreachable("its URL cannot be asked"))
        }
        let result: Result<HTTPClient.Response, any Error>
        do {
            result = .success(
                try await withTaskCancellationHandler {
                    try await request.futureResult.get()
                } onCancel: {
                    request.cancel()
                }
            )
        } catch {
            result = .failure(error)
        }
        return read(result, count: texts.count, dimensions: dimensions)
    }

    private func begin(_ texts: [String], dimensions: Int?) -> HTTPClient.Task<HTTPClient.Response>? {
        var headers: HTTPHeaders = ["content-type": "application/json", "accept": "application/json"]
        headers.add(name: "user-agent", value: "semcached")
        if let key = key.withLockedValue({ $0.key }) {
            headers.add(name: "authorization", value: "Bearer \(key.secret)")
        }
        let body = HTTPClient.Body.bytes(EmbeddingsBody.bytes(texts, model: configuration.model))
        guard
            let request = try? HTTPClient.Request(
                url: configuration.url.text,
                method: .POST,
                headers: headers,
                body: body
            )
        else { return nil }
        let limit = EmbeddingsAnswer.maximumBytes(count: texts.count, dimensions: dimensions)
        return http.execute(
            request: request,
            delegate: ResponseAccumulator(request: request, maxBodySize: limit),
            eventLoop: .delegateAndChannel(on: eventLoop),
            deadline: .now() + TimeAmount(configuration.requestTimeout)
        )
    }

    private func read(
        _ result: Result<HTTPClient.Response, any Error>,
        count: Int,
        dimensions: Int?
    ) -> Result<[[Float]], AskFailure> {
        let response: HTTPClient.Response
        switch result {
        case .success(let answer): response = answer
        case .failure(is ResponseAccumulator.ResponseTooBigError): return .failure(.malformed(.tooLong))
        case .failure(let error): return .failure(.unreachable(ConnectionReason.phrase(error, configuration)))
        }
        if let failure = failure(Int(response.status.code), response.headers) { return .failure(failure) }
        do throws(AnswerDefect) {
            let body = response.body.map { Array($0.readableBytesView) } ?? []
            return .success(try EmbeddingsAnswer(body, count: count, dimensions: dimensions).vectors)
        } catch {
            return .failure(.malformed(error))
        }
    }

    private func failure(_ status: Int, _ headers: HTTPHeaders) -> AskFailure? {
        switch status {
        case 200: return nil
        case 400, 413, 422: return .refused(status)
        case 401, 403:
            readKeyAgain()
            return .unauthorized(status)
        case 429, 503:
            let wait = headers.first(name: "retry-after").flatMap { RetryAfter.wait($0, now: clock.now()) }
            return wait.map { .busy(status: status, wait: $0) } ?? .status(status)
        default: return .status(status)
        }
    }

    /// Takes what the key's file holds by now, at most once a minute.
    private func readKeyAgain() {
        guard let path = configuration.keyFile else { return }
        let isDue = key.withLockedValue { key in
            let now = NIODeadline.now()
            guard now >= key.nextReading else { return false }
            key.nextReading = now + Self.keyReadingInterval
            return true
        }
        guard isDue else { return }
        NIOThreadPool.singleton.runIfActive(eventLoop: eventLoop) {
            try ServerKey.stored(at: path)
        }.whenComplete { result in
            switch result {
            case .success(let read):
                let isNew = self.key.withLockedValue { key in
                    defer { key.key = read }
                    return key.key != read
                }
                if isNew { self.logger.info("took a new key of the embeddings server from its file") }
            case .failure(let error):
                self.logger.warning("cannot read the embeddings server's key", metadata: ["error": "\(error)"])
            }
        }
    }
}
