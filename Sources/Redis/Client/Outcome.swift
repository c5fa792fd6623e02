import NIOConcurrencyHelpers

/// A result that one task waits for; the first one given counts.
final class Outcome<Value: Sendable>: Sendable {
    private enum Phase {
        case open
        case awaited(CheckedContinuation<Result<Value, RedisError>, Never>)
        case given(Result<Value, RedisError>)
        case taken
    }

    private let phase = NIOLockedValueBox(Phase.open)

    /// Gives the result, unless one was given before.
    func give(_ result: Result<Value, RedisError>) {
        let waiter: CheckedContinuation<Result<Value, RedisError>, Never>? = phase.withLockedValue { phase in
            switch phase {
            case .open:
                phase = .given(result)
                return nil
            case .awaited(let continuation):
                phase = .taken
                return continuation
            case .given, .taken:
                return nil
            }
        }
        waiter?.resume(returning: result)
    }

    /// Waits for the result, or for the task to be canceled, which is the error `canceled`; call it once.
    func value() async throws(RedisError) -> Value {
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let given: Result<Value, RedisError>? = phase.withLockedValue { phase in
                    if case .given(let result) = phase {
                        phase = .taken
                        return result
                    }
                    phase = .awaited(continuation)
                    return nil
                }
                if let given { continuation.resume(returning: given) }
            }
        } onCancel: {
            give(.failure(RedisError(code: .canceled, message: "the task that waited for Redis was canceled")))
        }
        return try result.get()
    }
}
