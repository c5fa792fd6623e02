import NIOCore

/// Whoever sends commands from one event loop: to a server, or to each its own of a cluster.
protocol CommandSender: AnyObject {
    /// The time for a reply where a command names no deadline of its own.
    var commandDeadline: TimeAmount { get }

    /// Sends one command; see ``RedisConnection/send(_:deadline:completion:)``.
    func send(_ command: RedisCommand, deadline: NIODeadline?, completion: @escaping RedisConnection.Completion)
}

extension CommandSender {
    /// Runs a script by its digest, and by its text when the server does not know it, within one deadline.
    func run(
        _ script: RedisScript,
        keys: [[UInt8]],
        arguments: [[UInt8]],
        deadline: NIODeadline?,
        completion: @escaping RedisConnection.Completion
    ) {
        let deadline = deadline ?? .now() + commandDeadline
        send(RedisCommand(calling: script, keys: keys, arguments: arguments), deadline: deadline) {
            [weak self] result in
            guard let self, result.saysUnknownScript else { return completion(result) }
            let command = RedisCommand(calling: script, byText: true, keys: keys, arguments: arguments)
            self.send(command, deadline: deadline, completion: completion)
        }
    }
}
