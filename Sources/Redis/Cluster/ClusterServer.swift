import NIOCore

/// One server of a cluster: its connection, and the commands that wait for it to come up for the first time.
///
/// Belongs to its event loop.
final class ClusterServer {
    typealias Completion = RedisConnection.Completion

    private struct Waiting {
        var timer: Scheduled<Void>
        var send: () -> Void
    }

    /// Most commands that wait; a new server is up in milliseconds, or not at all.
    private static let mostWaiting = 1000

    let connection: RedisConnection
    var onStateChange: ((RedisConnectionState) -> Void)?
    private var waiting: [UInt64: Waiting] = [:]
    private var next: UInt64 = 0

    init(_ connection: RedisConnection) {
        self.connection = connection
        connection.onStateChange = { [weak self] state in
            self?.sendWaiting()
            self?.onStateChange?(state)
        }
    }

    var state: RedisConnectionState { connection.state }

    /// Sends a command, after `ASKING` if that is wanted; waits for a connection that has not failed yet.
    func send(_ command: RedisCommand, isAsking: Bool, deadline: NIODeadline, completion: @escaping Completion) {
        let send = { [connection] in
            if isAsking {
                connection.sendAsking(command, deadline: deadline, completion: completion)
            } else {
                connection.send(command, deadline: deadline, completion: completion)
            }
        }
        guard case .connecting(lastError: nil) = connection.state, waiting.count < Self.mostWaiting else {
            return send()
        }
        next += 1
        let place = next
        let timer = connection.eventLoop.assumeIsolated().scheduleTask(deadline: deadline) { [weak self] in
            // Sent now it fails, and says why.
            if let late = self?.waiting.removeValue(forKey: place) { late.send() }
        }
        waiting[place] = Waiting(timer: timer, send: send)
    }

    /// Closes the connection once nobody waits for a reply.
    func closeWhenIdle() {
        guard connection.inFlight > 0 || !waiting.isEmpty else {
            connection.close()
            return
        }
        connection.eventLoop.assumeIsolated().scheduleTask(in: .milliseconds(50)) { self.closeWhenIdle() }
    }

    private func sendWaiting() {
        if case .connecting(lastError: nil) = connection.state { return }
        let ready = waiting
        waiting = [:]
        for place in ready.keys.sorted() {
            ready[place]?.timer.cancel()
            ready[place]?.send()
        }
    }
}
