import NIOCore

/// What is said on a fresh socket before commands: who we are, which database, and whether Redis is ready.
struct RedisHandshake {
    private enum Step {
        case authenticate
        case selectDatabase
        case setName
        case checkRole
        case ping
    }

    private var steps: [(step: Step, command: RedisCommand)] = []

    /// `requiresPrimary`: whether a server that says it is a replica is refused.
    init(_ configuration: RedisConfiguration, requiresPrimary: Bool = false) {
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
        if requiresPrimary { steps.append((.checkRole, RedisCommand("ROLE"))) }
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
            session.send(deadline: deadline) { result in
                guard !isDone else { return }
                let outcome = result.flatMap { RedisHandshake.judge(step, $0) }
                if case .success = outcome, step != .ping { return }
                isDone = true
                completion(outcome)
            } encode: {
                command.write(to: &$0)
            }
        }
    }

    private static func judge(_ step: Step, _ value: RedisValue) -> Result<Void, RedisError> {
        guard let error = value.serverError else {
            guard step == .checkRole, let role = value.elements?.first?.text, role != "master" else {
                return .success(())
            }
            let message = "the server that Sentinels name as the primary says that it is a \(role)"
            return .failure(RedisError(code: .notConnected, message: message))
        }
        switch (step, error.code) {
        case (.setName, _), (.checkRole, _), (.ping, "NOPERM"):
            // Not every user may; the answer shows that Redis is there all the same.
            return error.code == "NOAUTH" ? .failure(refusal(error)) : .success(())
        case (.authenticate, _), (_, "NOAUTH"):
            return .failure(refusal(error))
        case (.selectDatabase, _):
            return .failure(RedisError(code: .notConnected, message: "cannot select the database: \(error)"))
        case (.ping, _):
            return .failure(RedisError(code: .notConnected, message: "Redis is not ready: \(error)"))
        }
    }

    private static func refusal(_ error: RedisServerError) -> RedisError {
        RedisError(code: .authenticationFailed, message: "authentication failed: \(error)")
    }
}
