import NIOCore

extension RedisConnection: CommandSender {
    /// Sends one command; `deadline` nil means the configured time from now.
    ///
    /// Fails at once, without sending, with `notConnected`, `breakerOpen`, `overloaded`, `shutDown`, or
    /// `deadlineExceeded` when the deadline has already passed.
    public func send(_ command: RedisCommand, deadline: NIODeadline? = nil, completion: @escaping Completion) {
        send(deadline: deadline, completion: completion) { command.write(to: &$0) }
    }

    /// Sends a command to a server of a cluster that is about to get its slot.
    ///
    /// `ASKING` holds for one command: both are sent or neither is. Otherwise like ``send(_:deadline:completion:)``.
    func sendAsking(_ command: RedisCommand, deadline: NIODeadline, completion: @escaping Completion) {
        if let serving, !serving.mayTake(2) { return completion(.failure(.overloaded)) }
        if serving != nil, deadline > .now() { send(RedisCommand("ASKING"), deadline: deadline) { _ in } }
        send(command, deadline: deadline, completion: completion)
    }

    /// Sends `MGET first second`; the bytes are copied.
    ///
    /// Otherwise like ``send(_:deadline:completion:)``.
    public func mget(
        _ first: UnsafeRawBufferPointer,
        _ second: UnsafeRawBufferPointer,
        deadline: NIODeadline? = nil,
        completion: @escaping Completion
    ) {
        send(deadline: deadline, completion: completion) { output in
            output.writeStaticString("*3\r\n$4\r\nMGET\r\n")
            output.writeRESPBulk(first)
            output.writeRESPBulk(second)
        }
    }

    /// Runs a script by its digest, and by its text when the server does not know it, within one deadline.
    ///
    /// Otherwise like ``send(_:deadline:completion:)``.
    public func eval(
        _ script: RedisScript,
        keys: [[UInt8]],
        arguments: [[UInt8]],
        deadline: NIODeadline? = nil,
        completion: @escaping Completion
    ) {
        run(script, keys: keys, arguments: arguments, deadline: deadline, completion: completion)
    }

    private func send(
        deadline: NIODeadline?,
        completion: @escaping Completion,
        encode: (inout ByteBuffer) -> Void
    ) {
        eventLoop.assertInEventLoop()
        guard let session = serving else {
            tally.failed(unavailability.code)
            return completion(.failure(unavailability))
        }
        let now = NIODeadline.now()
        let deadline = deadline ?? now + commandDeadline
        guard deadline > now else {
            let message = "the deadline had passed before the command was sent"
            tally.failed(.deadlineExceeded)
            return completion(.failure(RedisError(code: .deadlineExceeded, message: message)))
        }
        session.send(deadline: deadline, at: now, completion: completion, encode: encode)
    }
}
