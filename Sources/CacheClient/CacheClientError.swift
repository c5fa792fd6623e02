public import CacheAPI

/// Why a call gave no answer.
public enum CacheClientError: Error, Sendable, Equatable {
    /// There is no server, or it did not answer in time; `reason` is a phrase.
    case unreachable(url: String, reason: String)
    /// The server answered with a problem; `retryAfter` is its `Retry-After` in seconds.
    case problem(Problem, retryAfter: Int? = nil)
    /// Something answered that is no semcached server, or one of another version.
    case unexpected(status: Int, detail: String)
}

extension CacheClientError: CustomStringConvertible {
    /// One sentence: what, and where.
    public var description: String {
        switch self {
        case .unreachable(let url, let reason): "the server at \(url) cannot be reached: \(reason)"
        case .problem(let problem, _): "the server refused (\(problem.status) \(problem.code)): \(problem.detail)"
        case .unexpected(let status, let detail):
            "the answer (HTTP \(status)) is not one of a semcached server: \(detail)"
        }
    }
}
