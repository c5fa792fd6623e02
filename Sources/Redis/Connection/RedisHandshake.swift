import NIOCore

/// What is said on a fresh socket before commands: who we are, which database, and whether Redis is ready.
struct RedisHandshake {
    /// What the server must be.
    enum Expectation {
        /// Anything.
        case nothing
        /// A server for itself, neither a Sentinel nor one of a cluster: the URL names it as such.
        case singleServer
        /// One that says that it is a primary.
        case primary
    }

    private enum Step {
        case authenticate
        case selectDatabase
        case setName
        case checkRole
        case checkCluster
        case ping
    }

    private var steps: [(step: Step, command: RedisCommand)] = []

    private let expectation: Expectation

    init(_ configuration: RedisConfiguration, expects expectation: Expectation = .nothing) {
        self.expectation = expectation
        let endpoint = configuration.endpoint
        if let password = endpoint.password {
            steps.append(
                (.authenticate, RedisCommand(words: ["AUTH"] + (endpoint.user.map { [$0] } ?? []) + [password]))
            )
        }
        if endpoint.database != 0 {
            steps.append((.selectDatabase, RedisCommand(words: ["SELECT", "\(endpoint.database)"])))
        }
        steps.append((.setName, RedisCommand(words: ["CLIENT", "SETNAME", configuration.clientName])))
        if expectation != .nothing { steps.append((.checkRole, RedisCommand("ROLE"))) }
        if expectation == .singleServer {
            steps.append((.checkCluster, RedisCommand(words: ["CLUSTER", "INFO"])))
        }
        steps.append((.ping, RedisCommand("PING")))
    }

    /// Sends all steps at once and calls `completion` once: at the first that fails, or when PING was answered.
    func run(
        on session: RedisSession,
        deadline: NIODeadline,
        completion: @escaping (Result<Void, RedisError>) -> Void
    ) {
        var isDone = false
        for (step, command) in steps {
            session.send(deadline: deadline) { [expectation] result in
                guard !isDone else { return }
                let outcome = result.flatMap { RedisHandshake.judge(step, $0, expectation) }
                if case .success = outcome, step != .ping { return }
                isDone = true
                completion(outcome)
            } encode: {
                command.write(to: &$0)
            }
        }
    }

    private static func judge(
        _ step: Step,
        _ value: RedisValue,
        _ expectation: Expectation
    ) -> Result<Void, RedisError> {
        guard let error = value.serverError else {
            guard let objection = objection(step, value, expectation) else { return .success(()) }
            return .failure(RedisError(code: .notConnected, message: objection))
        }
        switch (step, error.code) {
        case (.setName, _), (.checkRole, _), (.checkCluster, _), (.ping, "NOPERM"):
            // Not every user may, nor is every server one of a cluster; the answer shows that Redis is there.
            return error.code == "NOAUTH" ? .failure(refusal(error)) : .success(())
        case (.authenticate, _), (_, "NOAUTH"):
            return .failure(refusal(error))
        case (.selectDatabase, _):
            return .failure(RedisError(code: .notConnected, message: "cannot select the database: \(error)"))
        case (.ping, _):
            return .failure(RedisError(code: .notConnected, message: "Redis is not ready: \(error)"))
        }
    }

    /// Why the server is not the one that is wanted, and what URL to write for it.
    private static func objection(_ step: Step, _ value: RedisValue, _ expectation: Expectation) -> String? {
        switch (step, expectation, value.elements?.first?.text) {
        case (.checkRole, .singleServer, "sentinel"):
            "the server is a Sentinel; write redis-sentinel://host:port/name, with the name of the primary, "
                + "in place of redis://"
        case (.checkRole, .primary, let role?) where role != "master":
            "the server that Sentinels name as the primary says that it is a \(role)"
        case (.checkCluster, .singleServer, _) where value.text?.hasPrefix("cluster_") == true:
            "the server belongs to a cluster; write redis-cluster:// in place of redis://"
        default: nil
        }
    }

    private static func refusal(_ error: RedisServerError) -> RedisError {
        RedisError(code: .authenticationFailed, message: "authentication failed: \(error)")
    }
}
