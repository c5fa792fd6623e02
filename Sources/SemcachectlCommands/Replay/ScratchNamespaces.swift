import CacheAPI
import CacheClient

extension ExplainBody {
    /// Whether its candidates are all there are: what came too late is left out.
    fileprivate var hasCandidates: Bool {
        switch outcome.reason {
        case "semantic_unavailable", "deadline", "redis_unavailable": false
        default: true
        }
    }
}

/// Namespaces of the replay's own, one for each that the log names, in which the real server compares questions.
///
/// What is stored there is flushed at the end, and expires by itself when that could not be done.
struct ScratchNamespaces {
    /// What became of a question.
    enum Storing: Sendable, Hashable {
        /// Others may find it.
        case stored
        /// The server does not cache such an answer.
        case refused(String)
    }

    /// Seconds after which what a killed replay has left is gone.
    static let timeToLive = 4 * 3600
    private static let patience = 5

    /// The first one's name; the others' begin with it.
    let name: String
    private let client: CacheClient
    private var places: [String?: Int] = [:]
    /// Those that hold something.
    private(set) var used: Set<String> = []

    /// Names namespaces that do not exist yet.
    init(_ name: String, _ client: CacheClient) {
        self.name = name
        self.client = client
    }

    /// A name that nobody uses.
    static func unusedName() -> String {
        "replay-" + (0..<8).map { _ in String(UInt8.random(in: 0..<16), radix: 16) }.joined()
    }

    /// What the server says of a question of the kind that it is best at: whether there is a semantic tier, and what a
    /// hit has to reach.
    func probe() async throws -> EligibilityBody {
        let entries = try await patiently { try await client.entries(namespace: name, limit: 1).body.entries }
        guard entries.isEmpty else {
            throw CommandFailure("the namespace \(name) holds entries; --scratch must name one that holds none")
        }
        let request = JSONText(
            valid: Array(#"{"model":"replay","temperature":0,"messages":[{"role":"user","content":"Is it on?"}]}"#.utf8)
        )
        return try await explanation(LookupBody(namespace: name, request: request))?.semantic
            ?? EligibilityBody(eligible: false, reason: "the server did not compare a question in a lookup's time")
    }

    /// The server's view of a line in its scratch namespace; nil when it does not get that done in a lookup's time.
    mutating func explanation(of line: ReplayLine) async throws -> ExplainBody? {
        var lookup = line.lookup
        lookup.namespace = namespace(of: line)
        return try await explanation(lookup)
    }

    /// Stores a line's question.
    mutating func store(_ line: ReplayLine) async throws -> Storing {
        let namespace = namespace(of: line)
        let body = StoreBody(
            namespace: namespace,
            endpoint: line.lookup.endpoint,
            request: line.lookup.request,
            response: line.storable,
            ttl: Self.timeToLive
        )
        // Before the call: whether it has stored is not known when it fails.
        used.insert(namespace)
        let result = try await patiently { try await client.store(body).body }
        return result.status == "stored" ? .stored : .refused(result.reason ?? "unknown")
    }

    /// Flushes what was stored; gives the namespaces that could not be flushed, and why.
    func flushed() async -> [(namespace: String, error: any Error)] {
        var failures: [(namespace: String, error: any Error)] = []
        for namespace in used.sorted() {
            do {
                _ = try await patiently { try await client.flush(.namespace(namespace)) }
            } catch {
                failures.append((namespace, error))
            }
        }
        return failures
    }

    private mutating func namespace(of line: ReplayLine) -> String {
        let place = places[line.lookup.namespace] ?? places.count
        places[line.lookup.namespace] = place
        return place == 0 ? name : "\(name)-\(place + 1)"
    }

    private func explanation(_ lookup: LookupBody) async throws -> ExplainBody? {
        for attempt in 1...Self.patience {
            let explanation = try await patiently { try await client.explain(lookup).body }
            if explanation.hasCandidates { return explanation }
            if attempt < Self.patience { try await Task.sleep(for: .milliseconds(50 * attempt)) }
        }
        return nil
    }

    /// Calls, and calls again while the server is short of something.
    private func patiently<Answer>(_ call: () async throws -> Answer) async throws -> Answer {
        var attempt = 1
        while true {
            do {
                return try await call()
            } catch let error as CacheClientError {
                guard case .problem(let problem, let retryAfter) = error else { throw error }
                switch ProblemCode(rawValue: problem.code) {
                case .redisUnavailable, .rateLimited:
                    guard attempt < Self.patience else { throw error }
                    attempt += 1
                    try await Task.sleep(for: .seconds(min(retryAfter ?? 1, 30)))
                case .forbidden:
                    throw CommandFailure(
                        "\(error). Asking what other wordings would hit takes a key that may read, store and flush "
                            + "(scopes read, write and admin) in the namespace \(name): --scratch names another one, "
                            + "--exact-only does without"
                    )
                default: throw error
                }
            }
        }
    }
}
