import Logging
import NIOCore

/// Asks a server as long as it is healthy, and finds out by itself when it is again.
///
/// Belongs to an event loop.
final class ServerQuestions {
    private let server: EmbeddingServer
    private let dimensions: Int
    let eventLoop: any EventLoop
    private let logger: Logger
    private var health: ServerHealth
    private var probe: Scheduled<Void>?
    private var complaints: Set<AnswerDefect> = []
    private var isClosed = false
    private var randomness = SystemRandomNumberGenerator()

    init(
        server: EmbeddingServer,
        _ configuration: RemoteEmbedderConfiguration,
        dimensions: Int,
        logger: Logger
    ) {
        self.server = server
        self.dimensions = dimensions
        eventLoop = server.eventLoop
        self.logger = logger
        health = ServerHealth(configuration)
    }

    /// Whether texts may be asked for now.
    var isTaken: Bool { !isClosed && health.accepts(at: .now()) }

    /// Asks for vectors; `isAwaited` says afterwards whether anybody still waits for them.
    ///
    /// Completes exactly once, on the loop.
    func ask(
        _ texts: [String],
        isAwaited: @escaping () -> Bool,
        completion: @escaping (Result<[[Float]], AskFailure>) -> Void
    ) {
        let bound = NIOLoopBound((isAwaited, completion, self), eventLoop: eventLoop)
        server.ask(texts, dimensions: dimensions) { result in
            let (isAwaited, completion, questions) = bound.value
            // An answer that comes too late for everybody is as good as none.
            questions.note(result, helped: isAwaited())
            completion(result)
        }
    }

    /// Asks nothing any more.
    func close() {
        isClosed = true
        probe?.cancel()
        probe = nil
    }

    private func note(_ result: Result<[[Float]], AskFailure>, helped: Bool) {
        switch result {
        case .success where helped: health.succeeded()
        case .success: failed("its answers come too late")
        case .failure(.refused): break
        case .failure(.busy(let status, let wait)):
            health.pause(until: .now() + TimeAmount(wait))
            logger.warning(
                "the embeddings server asks to be left alone",
                metadata: ["status": "\(status)", "seconds": "\(wait.components.seconds)"]
            )
        case .failure(let failure):
            if case .malformed(let defect) = failure, complaints.insert(defect).inserted {
                logger.error("the embeddings server answers nonsense", metadata: ["reason": "\(defect.rawValue)"])
            }
            failed(failure.phrase)
        }
    }

    private func failed(_ reason: String) {
        guard health.failed(), !isClosed else { return }
        logger.warning("the embeddings server fails: not asking it", metadata: ["reason": "\(reason)"])
        scheduleProbe()
    }

    private func scheduleProbe() {
        guard !isClosed else { return }
        let wait = health.nextProbe(at: .now(), using: &randomness)
        probe = eventLoop.assumeIsolated().scheduleTask(in: wait) { self.sendProbe() }
    }

    private func sendProbe() {
        let bound = NIOLoopBound(self, eventLoop: eventLoop)
        server.ask([EmbeddingServer.probe], dimensions: dimensions) { result in bound.value.probed(result) }
    }

    private func probed(_ result: Result<[[Float]], AskFailure>) {
        guard !isClosed else { return }
        switch result {
        case .success:
            health.probeSucceeded()
            logger.info("the embeddings server answers again")
        case .failure(let failure):
            if case .busy(_, let wait) = failure { health.pause(until: .now() + TimeAmount(wait)) }
            scheduleProbe()
        }
    }
}

extension ServerHealth {
    /// A server about which nothing bad is known.
    init(_ configuration: RemoteEmbedderConfiguration) {
        self.init(
            failuresToOpen: configuration.failuresToOpen,
            initialBackoff: configuration.initialBackoff,
            maximumBackoff: configuration.maximumBackoff
        )
    }
}
