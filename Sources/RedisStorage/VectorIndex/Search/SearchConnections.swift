import NIOConcurrencyHelpers
import Redis

/// Connections for searches: one that searches is blocked meanwhile, so that each takes the one with the least to do.
final class SearchConnections: Sendable {
    private let clients: [RedisClient]
    private let loads: NIOLockedValueBox<[Int]>

    /// Takes clients over that somebody else runs, at least one.
    init(_ clients: [RedisClient]) {
        precondition(!clients.isEmpty, "searches need a connection")
        self.clients = clients
        loads = NIOLockedValueBox(clients.map { _ in 0 })
    }

    /// Runs `body` with the connection that has the least to do.
    func use<Result>(
        _ body: (RedisClient) async throws(CommandFailure) -> Result
    ) async throws(CommandFailure) -> Result {
        let place = loads.withLockedValue { loads in
            let place = loads.indices.min { loads[$0] < loads[$1] } ?? 0
            loads[place] += 1
            return place
        }
        defer { loads.withLockedValue { $0[place] -= 1 } }
        return try await body(clients[place])
    }
}
