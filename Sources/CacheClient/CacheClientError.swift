public import CacheAPI

/// Why a call gave no answer.
public enum CacheClientError: Error, Sendable, Hashable {
    /// What the client was given cannot be used; the sentence says what, and what would be right.
    case misconfigured(String)
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
        case .misconfigured(let detail): detail
        case .unreachable(let url, let reason): "the server at \(url) cannot be reached: \(reason)"
        case .problem(let problem, _): "the server refused (\(problem.status) \(problem.code)): \(problem.detail)"
        case .unexpected(let status, let detail):
            "the answer (HTTP \(status)) is not one of a semcached server: \(detail)"
        }
    }
}

extension CacheClientError {
    /// Whether the caller has something to mend: a wrong key, namespace or body; else the cache has failed.
    var isCallers: Bool {
        let status: Int
        switch self {
        case .misconfigured: return true
        case .unreachable: return false
        case .problem(let problem, _): status = problem.status
        case .unexpected(let code, _): status = code
        }
        // 408 and 429 are about the moment.
        return 400..<500 ~= status && status != 408 && status != 429
    }
}
