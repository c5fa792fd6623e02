import CacheAPI
import CacheClient

/// Storing one line.
enum WarmStore {
    /// What became of a line.
    enum Outcome: Sendable {
        /// Nothing was on it.
        case blank
        /// It is stored.
        case stored
        /// It must not be cached.
        case refused(String)
        /// It is no entry; the sentence says why.
        case bad(String)
    }

    private static let maximumAttempts = 5

    /// Stores a line; tries again, as the server asks, while it is short of something.
    ///
    /// - Throws: ``CacheClientError`` for what no other line would get past.
    static func outcome(of line: LineSource.Line, _ client: CacheClient) async throws -> Outcome {
        if line.isBlank { return .blank }
        guard let bytes = line.bytes else { return .bad("the line is longer than is taken") }
        let body: StoreBody
        do throws(LineFault) {
            body = try EntryLine.parse(bytes)
        } catch {
            return .bad(error.message)
        }
        return try await outcome(of: body, client)
    }

    /// Stores an entry; tries again, as the server asks, while it is short of something.
    ///
    /// - Throws: ``CacheClientError`` for what no other entry would get past.
    static func outcome(of body: StoreBody, _ client: CacheClient) async throws -> Outcome {
        var attempt = 1
        while true {
            do throws(CacheClientError) {
                let result = try await client.store(body).body
                return result.status == "stored" ? .stored : .refused(result.reason ?? "unknown")
            } catch {
                guard case .problem(let problem, let retryAfter) = error else { throw error }
                switch ProblemCode(rawValue: problem.code) {
                case .invalidJSON, .invalidRequest, .payloadTooLarge:
                    return .bad("refused by the server: \(problem.detail)")
                case .redisUnavailable, .rateLimited:
                    guard attempt < maximumAttempts else { throw error }
                    attempt += 1
                    try await Task.sleep(for: .seconds(min(retryAfter ?? 1, 30)))
                default: throw error
                }
            }
        }
    }
}
