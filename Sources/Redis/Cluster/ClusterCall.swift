import NIOCore

/// A command on its way through a cluster.
final class ClusterCall {
    let command: RedisCommand
    /// Nil when any server will do.
    let slot: Int?
    let deadline: NIODeadline
    let completion: RedisConnection.Completion
    /// How often it was sent.
    var attempts = 0
    /// Whether the caller itself has a way around keys that are on their way.
    var takesTryAgain = false
    private var pauses = 0

    init(_ command: RedisCommand, deadline: NIODeadline, _ completion: @escaping RedisConnection.Completion) {
        self.command = command
        slot = command.key.map { HashSlot.of($0) }
        self.deadline = deadline
        self.completion = completion
    }

    /// The pause before the next attempt at the same server.
    func nextPause(after first: TimeAmount) -> TimeAmount {
        defer { pauses += 1 }
        return first * (1 << min(pauses, 16))
    }
}
