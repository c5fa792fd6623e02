import NIOCore

extension RedisConnection {
    /// Sends one command; `deadline` nil means the configured time from now.
    ///
    /// Fails at once, without sending, with `notConnected`, `breakerOpen`, `overloaded`, `shutDown`, or
    /// `deadlineExceeded` when the deadline has already passed.
    public func send(_ command: RedisCommand, deadline: NIODeadline? = nil, completion: @escaping Completion) {
        send(deadline: deadline, completion: completion) { command.write(to: &$0) }
    }

    /// Sends a command of `words` words, name included, that `write` puts straight into the output.
    ///
    /// `write` must write exactly that many. Otherwise like ``send(_:deadline:completion:)``.
    public func send(
        words: Int,
        deadline: NIODeadline? = nil,
        completion: @escaping Completion,
        write: (inout RedisCommandWriter) -> Void
    ) {
        send(deadline: deadline, completion: completion) { output in
            output.writeRESPArrayHead(words)
            var writer = RedisCommandWriter(output: output)
            // Else two would share the bytes, and the first write would copy them all.
            output = ByteBuffer()
            write(&writer)
            precondition(writer.words == words, "a command of \(words) words was written with \(writer.words)")
            output = writer.output
        }
    }

    /// Sends `MGET first second`.
    ///
    /// Otherwise like ``send(_:deadline:completion:)``.
    public func mget(
        _ first: [UInt8],
        _ second: [UInt8],
        deadline: NIODeadline? = nil,
        completion: @escaping Completion
    ) {
        send(deadline: deadline, completion: completion) { output in
            output.writeStaticString("*3\r\n$4\r\nMGET\r\n")
            output.writeRESPBulk(first)
            output.writeRESPBulk(second)
        }
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
        let deadline = deadline ?? .now() + commandDeadline
        eval("EVALSHA", script.digest, keys, arguments, deadline) { [weak self] result in
            guard let self, case .success(.error(let error)) = result, error.code == "NOSCRIPT" else {
                return completion(result)
            }
            self.eval("EVAL", script.text, keys, arguments, deadline, completion)
        }
    }

    private func eval(
        _ name: String,
        _ script: String,
        _ keys: [[UInt8]],
        _ arguments: [[UInt8]],
        _ deadline: NIODeadline,
        _ completion: @escaping Completion
    ) {
        send(deadline: deadline, completion: completion) { output in
            output.writeRESPArrayHead(3 + keys.count + arguments.count)
            output.writeRESPBulk(name)
            output.writeRESPBulk(script)
            output.writeRESPBulk(Int64(keys.count))
            for key in keys { output.writeRESPBulk(key) }
            for argument in arguments { output.writeRESPBulk(argument) }
        }
    }

    private func send(
        deadline: NIODeadline?,
        completion: @escaping Completion,
        encode: (inout ByteBuffer) -> Void
    ) {
        eventLoop.assertInEventLoop()
        guard let session = serving else {
            return completion(.failure(unavailability))
        }
        let now = NIODeadline.now()
        let deadline = deadline ?? now + commandDeadline
        guard deadline > now else {
            let message = "the deadline had passed before the command was sent"
            return completion(.failure(RedisError(code: .deadlineExceeded, message: message)))
        }
        session.send(deadline: deadline, completion: completion, encode: encode)
    }
}
