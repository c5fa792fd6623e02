import DequeModule
import NIOCore

/// One open socket to Redis: what is to be sent, who waits for which reply, and until when.
///
/// Replies come in the order of the commands, so whoever stops waiting for one must end the session: else every later
/// reply would be taken for the one before it. All methods are called on the event loop of the channel.
final class RedisSession: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer
    typealias Completion = RedisConnection.Completion

    private struct PendingReply {
        let deadline: NIODeadline
        let sentAt: NIODeadline
        let completion: Completion
    }

    weak var connection: RedisConnection?
    /// Counts what is sent from when it is set; nil counts nothing.
    var tally: CommandTally?
    /// Why the session ended, nil while it is open.
    private(set) var ending: RedisError?
    /// How many replies were delivered.
    private(set) var replies = 0
    /// Whether a command of the user, not of the handshake, was answered.
    var answeredCommands: Bool { replies > handshakeReplies }
    /// How many replies belonged to the handshake.
    var handshakeReplies = 0
    private(set) var flushes = 0

    private let maxInFlight: Int
    private let reader = ReplyReader()
    private var context: ChannelHandlerContext?
    private var output = ByteBuffer()
    private var isWritable = true
    private var flushIsScheduled = false
    private var pending = Deque<PendingReply>()
    private var timer: Scheduled<Void>?
    private var timerDeadline = NIODeadline.distantFuture

    private static let feedSize = 4096
    private static let keptOutputCapacity = 256 * 1024

    init(maxInFlight: Int) {
        self.maxInFlight = maxInFlight
    }

    var inFlight: Int { pending.count }

    /// Whether so many more commands would be taken at this moment.
    func mayTake(_ count: Int) -> Bool {
        ending == nil && pending.count + count <= maxInFlight && isWritable && context != nil
    }

    /// Encodes one command into the output and waits for its reply.
    ///
    /// The completion is called exactly once: here when the session cannot take the command, else later.
    func send(
        deadline: NIODeadline,
        at now: NIODeadline = .now(),
        completion: @escaping Completion,
        encode: (inout ByteBuffer) -> Void
    ) {
        if let ending {
            return fail(completion, .closed(by: ending))
        }
        guard mayTake(1), let context else {
            return fail(completion, .overloaded)
        }
        encode(&output)
        pending.append(PendingReply(deadline: deadline, sentAt: now, completion: completion))
        if deadline < timerDeadline { wake(at: deadline) }
        if output.readableBytes > RedisSession.keptOutputCapacity {
            flush()
        } else if !flushIsScheduled {
            flushIsScheduled = true
            // Runs after all I/O events of this tick of the loop: their commands share one write.
            context.eventLoop.assumeIsolated().execute {
                self.flushIsScheduled = false
                self.flush()
            }
        }
    }

    /// Ends the session: closes the socket and fails everyone who waits.
    ///
    /// Those whose deadline has passed are told so, the others why the session ended.
    func end(_ error: RedisError) {
        guard ending == nil else { return }
        ending = error
        timer?.cancel()
        timer = nil
        output = ByteBuffer()
        let abandoned = pending
        pending = []
        context?.close(promise: nil)
        connection?.sessionEnded(self, error)
        for reply in abandoned {
            if error.code == .deadlineExceeded, reply.deadline <= .now() {
                fail(reply.completion, error)
            } else {
                fail(reply.completion, .closed(by: error))
            }
        }
    }

    private func fail(_ completion: Completion, _ error: RedisError) {
        tally?.failed(error.code)
        completion(.failure(error))
    }

    private func flush() {
        guard ending == nil, let context, output.readableBytes > 0 else { return }
        flushes += 1
        context.writeAndFlush(wrapOutboundOut(output), promise: nil)
        if output.capacity > RedisSession.keptOutputCapacity {
            output = ByteBuffer()
        } else {
            output.clear()
        }
    }

    private func wake(at deadline: NIODeadline) {
        timer?.cancel()
        timerDeadline = deadline
        timer = context?.eventLoop.assumeIsolated().scheduleTask(deadline: deadline) { [self] in
            checkDeadlines()
        }
    }

    private func checkDeadlines() {
        timerDeadline = .distantFuture
        guard let earliest = pending.lazy.map(\.deadline).min() else { return }
        if earliest <= .now() {
            end(RedisError(code: .deadlineExceeded, message: "Redis did not reply before the deadline"))
        } else {
            wake(at: earliest)
        }
    }

    // MARK: ChannelInboundHandler

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        output = context.channel.allocator.buffer(capacity: 16 * 1024)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        end(RedisError(code: .connectionClosed, message: "the connection to Redis was closed"))
        self.context = nil
    }

    func channelInactive(context: ChannelHandlerContext) {
        end(RedisError(code: .connectionClosed, message: "Redis closed the connection"))
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        let message = "the connection to Redis failed: \(error)"
        end(RedisError(code: .connectionClosed, message: message, underlying: error))
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        isWritable = context.channel.isWritable
        context.fireChannelWritabilityChanged()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        unwrapInboundIn(data).withUnsafeReadableBytes { bytes in
            var rest = bytes[...]
            while !rest.isEmpty, ending == nil {
                guard reader.feed(UnsafeRawBufferPointer(rebasing: rest.prefix(RedisSession.feedSize))) else {
                    return violate("out of memory")
                }
                rest = rest.dropFirst(RedisSession.feedSize)
                deliverReplies()
            }
        }
    }

    /// Delivers what is complete; each completion may send further commands or end this session.
    private func deliverReplies() {
        // One look at the clock for all replies that came together.
        let now = NIODeadline.now().uptimeNanoseconds
        while ending == nil {
            switch reader.next() {
            case .incomplete:
                if pending.isEmpty { checkNothingIsBuffered() }
                return
            case .violation(let text):
                return violate(text)
            case .value(let value):
                guard let reply = pending.popFirst() else { return violate("a reply without a command") }
                replies += 1
                let error = value.serverError
                // A completion sends commands after `now` was read.
                let nanoseconds = now &- min(now, reply.sentAt.uptimeNanoseconds)
                tally?.answered(isError: error != nil, nanoseconds: nanoseconds)
                reply.completion(.success(value))
                if let error { consider(error) }
            }
        }
    }

    /// Ends the session when an error says that this server is not the one to talk to now.
    private func consider(_ error: RedisServerError) {
        let isElsewhere = ["READONLY", "UNBLOCKED"].contains(error.code)
        guard error.code == "LOADING" || isElsewhere && connection?.mayLookElsewhere() == true else { return }
        end(RedisError(code: .notConnected, message: error.description))
    }

    /// Bytes that begin a reply while nobody waits for one are no Redis speaking.
    private func checkNothingIsBuffered() {
        if reader.isInsideReply { violate("a reply without a command") }
    }

    private func violate(_ text: String) {
        end(RedisError(code: .protocolViolation, message: "not a reply of Redis: \(text)"))
    }
}

extension RedisError {
    static let overloaded = RedisError(code: .overloaded, message: "too much is in flight on the connection to Redis")

    /// What those in flight are told when the session ended for this reason.
    fileprivate static func closed(by error: RedisError) -> RedisError {
        switch error.code {
        case .protocolViolation, .shutDown, .connectionClosed: error
        default:
            RedisError(
                code: .connectionClosed,
                message: "the connection was closed: \(error.message)",
                underlying: error
            )
        }
    }
}
