import CacheAPI
import NIOCore
import SemanticCache

extension Exchange {
    /// Answers with what `work` returns; for routes that are not on the path of a lookup.
    func respond(in loop: ServerLoop, _ work: @escaping @Sendable () async throws(Refusal) -> HTTPAnswer) {
        loop.eventLoop.makeFutureWithTask {
            do throws(Refusal) { return try await work() } catch { return error.answer }
        }
        .assumeIsolated()
        .whenComplete { result in
            switch result {
            case .success(let answer): self.respond(answer)
            case .failure: self.respond(HTTPAnswer(.internalError, "the request could not be worked on"))
            }
        }
    }
}

/// Runs `work`, turning an administration error into an answer.
func administering<Value>(
    _ work: () async throws(AdministrationError) -> Value
) async throws(Refusal) -> Value {
    do throws(AdministrationError) { return try await work() } catch { throw Refusal(error) }
}
