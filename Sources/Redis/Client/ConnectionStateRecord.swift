import NIOConcurrencyHelpers

/// The state of a connection, readable from anywhere, and who waits for it to come up.
final class ConnectionStateRecord: Sendable {
    private struct Contents {
        var state = RedisConnectionState.idle
        var waiters: [Outcome<Void>] = []
    }

    private let contents = NIOLockedValueBox(Contents())

    var state: RedisConnectionState { contents.withLockedValue { $0.state } }

    func update(_ state: RedisConnectionState) {
        let outcome: Result<Void, RedisError>
        switch state {
        case .up: outcome = .success(())
        case .closed:
            outcome = .failure(RedisError(code: .shutDown, message: "the connection to Redis was shut down"))
        case .idle, .connecting, .breakerOpen: return contents.withLockedValue { $0.state = state }
        }
        let waiters = contents.withLockedValue { contents in
            contents.state = state
            defer { contents.waiters = [] }
            return contents.waiters
        }
        for waiter in waiters { waiter.give(outcome) }
    }

    /// Settles `waiter` once the connection is up or closed for good.
    func notify(_ waiter: Outcome<Void>) {
        contents.withLockedValue { $0.waiters.append(waiter) }
        let state = self.state
        if state == .up || state == .closed { update(state) }
    }

    /// Forgets a waiter that was settled otherwise.
    func forget(_ waiter: Outcome<Void>) {
        contents.withLockedValue { $0.waiters.removeAll { $0 === waiter } }
    }
}
