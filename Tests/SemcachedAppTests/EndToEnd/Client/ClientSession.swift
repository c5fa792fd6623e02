import CacheClient
import Testing

extension Daemon {
    /// Runs `body` with a client of this daemon, which is closed afterwards.
    nonisolated(nonsending) func withClient<Result>(
        apiKey: String? = nil,
        _ body: nonisolated(nonsending) (CacheClient) async throws -> Result
    ) async throws -> Result {
        if let apiKey { Secrets.current.note(apiKey) }
        var configuration = CacheClientConfiguration(url: url(""), apiKey: apiKey.flatMap { APIKey($0) })
        configuration.lookupTimeout = .seconds(60)
        configuration.fillTimeout = .seconds(60)
        let client = try CacheClient(configuration)
        let result: Swift.Result<Result, any Error>
        do { result = .success(try await body(client)) } catch { result = .failure(error) }
        await client.shutdown()
        return try result.get()
    }
}

extension LookupBody {
    /// A chat request; `extra` are further members, each after a comma.
    static func chat(_ question: String, extra: String = "") throws -> LookupBody {
        LookupBody(namespace: "a", request: try JSONText(chatRequest(question, extra: extra)))
    }

    /// A chat request for a stream.
    static func stream(_ question: String) throws -> LookupBody { try chat(question, extra: #","stream":true"#) }
}

extension LookupOutcome {
    /// The hit, which there must be.
    func hit() throws -> (answer: Answer, hit: CacheHit) {
        guard case .hit(let answer, let hit) = self else { throw NotThat(outcome: "\(self)") }
        return (answer, hit)
    }

    /// The miss, which there must be.
    func miss() throws -> CacheMiss {
        guard case .miss(let miss) = self else { throw NotThat(outcome: "\(self)") }
        return miss
    }
}

/// A lookup came to something else.
struct NotThat: Error {
    var outcome: String
}

/// The error of a call; nil when it has none.
func clientError(of call: () async throws -> Void) async -> CacheClientError? {
    do {
        try await call()
        return nil
    } catch {
        return error as? CacheClientError
    }
}
