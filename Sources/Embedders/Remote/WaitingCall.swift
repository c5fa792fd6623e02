import NIOCore
import SemanticCache

/// A call that waits for a vector until its deadline.
///
/// Belongs to an event loop.
final class WaitingCall {
    typealias Completion = @Sendable (Result<[Float], EmbedderError>) -> Void

    private var completion: Completion?
    private var timer: Scheduled<Void>?

    init(_ completion: @escaping Completion) { self.completion = completion }

    /// Whether nobody has been told anything yet.
    var isWaiting: Bool { completion != nil }

    /// Fails the call at `deadline`, unless it has ended before.
    func expire(at deadline: NIODeadline, on eventLoop: any EventLoop) {
        timer = eventLoop.assumeIsolated().scheduleTask(deadline: deadline) { self.end(.failure(.unavailable)) }
    }

    /// Tells the result; the first one counts.
    func end(_ result: Result<[Float], EmbedderError>) {
        guard let completion else { return }
        self.completion = nil
        timer?.cancel()
        timer = nil
        completion(result)
    }
}
