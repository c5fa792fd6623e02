import CacheAPI
import DequeModule
import NIOCore
import NIOHTTP1

/// One client connection: gathers requests, hands them to the router and sends the answers in the order of the requests.
///
/// Requests of one connection are worked on at the same time (HTTP/1.1 pipelining), so an answer may have to wait for
/// one before it. Reading stops while too many answers are due or the client does not take what was written.
final class ConnectionHandler: ChannelDuplexHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundIn = Never
    typealias OutboundOut = ByteBuffer

    let loop: ServerLoop
    private(set) var isDraining = false

    private var context: ChannelHandlerContext?
    private var due: Deque<Exchange> = []
    private var current: HTTPCall?
    private var received = ByteBuffer()
    private var ignoresInput = false
    private var lingers = false
    private var isReading = false
    private var wantsRead = false
    private var needsFlush = false
    private var isSending = false
    private var partialHeadSince: NIODeadline?
    private var bodySince: NIODeadline?
    private var lastActivity = NIODeadline.now()

    init(loop: ServerLoop) { self.loop = loop }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        loop.connections[ObjectIdentifier(self)] = self
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
        loop.connections[ObjectIdentifier(self)] = nil
        loop.connectionEnded()
    }

    // Input.

    /// Notes that bytes have arrived, before they are decoded.
    func noteBytes() {
        lastActivity = .now()
        if current == nil, partialHeadSince == nil { partialHeadSince = lastActivity }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        isReading = true
        guard !ignoresInput else { return }
        switch unwrapInboundIn(data) {
        case .head(let head): begin(HTTPCall(head))
        case .body(var part):
            guard let announced = current?.announcedBytes ?? .some(0), current != nil else { return }
            if received.readableBytes + part.readableBytes > loop.configuration.maximumBodyBytes {
                refuseBody()
            } else if received.readableBytes == 0, announced <= part.readableBytes {
                received = part
            } else {
                received.writeBuffer(&part)
            }
        case .end:
            guard var call = current else { return }
            current = nil
            bodySince = nil
            call.body = Array(received.readableBytesView)
            received = ByteBuffer()
            call.arrivedAt = NIODeadline.now().uptimeNanoseconds
            dispatch(call)
        }
    }

    private func begin(_ call: HTTPCall) {
        partialHeadSince = nil
        bodySince = lastActivity
        current = call
        if let announced = call.announcedBytes, announced > loop.configuration.maximumBodyBytes {
            refuseBody()
        } else if call.expectsContinue, due.isEmpty {
            var bytes = ByteBuffer()
            bytes.writeStaticString("HTTP/1.1 100 Continue\r\n\r\n")
            context?.writeAndFlush(wrapOutboundOut(bytes), promise: nil)
        }
    }

    private func refuseBody() {
        refuse(
            .payloadTooLarge,
            "the body is larger than limits.request_bytes (\(loop.configuration.maximumBodyBytes) bytes)"
        )
    }

    /// Answers with a problem and takes no more input.
    private func refuse(_ code: ProblemCode, _ detail: String) {
        ignoresInput = true
        lingers = true
        var call = current ?? HTTPCall(HTTPRequestHead(version: .http1_1, method: .GET, uri: "/"))
        call.keepsAlive = false
        current = nil
        bodySince = nil
        partialHeadSince = nil
        received = ByteBuffer()
        let exchange = Exchange(call, on: self)
        due.append(exchange)
        exchange.respond(HTTPAnswer(code, detail))
    }

    private func dispatch(_ call: HTTPCall) {
        let exchange = Exchange(call, on: self)
        due.append(exchange)
        if !call.keepsAlive { ignoresInput = true }
        loop.router.route(exchange, in: loop)
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        isReading = false
        if needsFlush {
            needsFlush = false
            context.flush()
        }
        context.fireChannelReadComplete()
    }

    func read(context: ChannelHandlerContext) {
        if due.count >= loop.configuration.maximumPipelinedRequests || !context.channel.isWritable {
            wantsRead = true
        } else {
            context.read()
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard !ignoresInput else { return }
        switch error {
        case HTTPParserError.headerOverflow:
            refuse(
                .headersTooLarge,
                "the headers are larger than limits.header_bytes (\(loop.configuration.maximumHeaderBytes) bytes)"
            )
        case is HTTPParserError: refuse(.invalidRequest, "what was sent is not HTTP/1.1")
        default: context.close(promise: nil)
        }
    }

    // Output.

    /// An exchange has its answer: sends what is now at the head of the line.
    func answered() {
        guard let context, !isSending else { return }
        isSending = true
        defer { isSending = false }
        while let exchange = due.first, let bytes = exchange.bytes {
            due.removeFirst()
            if exchange.isLast {
                ignoresInput = true
                due.removeAll()
                context.write(wrapOutboundOut(bytes), promise: nil)
                closeAfterWrites(context)
                return
            }
            context.write(wrapOutboundOut(bytes), promise: nil)
            needsFlush = true
        }
        if needsFlush, !isReading {
            needsFlush = false
            context.flush()
        }
        resumeReading(context)
        if isDraining, due.isEmpty, current == nil { closeAfterWrites(context) }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        resumeReading(context)
        context.fireChannelWritabilityChanged()
    }

    private func resumeReading(_ context: ChannelHandlerContext) {
        guard wantsRead, due.count < loop.configuration.maximumPipelinedRequests, context.channel.isWritable else {
            return
        }
        wantsRead = false
        context.read()
    }

    /// Closes once everything that was written has been taken by the socket.
    ///
    /// A client that is still sending would lose the answer to the reset that a close causes: for it the sending half
    /// is closed first and its bytes are dropped for a while.
    private func closeAfterWrites(_ context: ChannelHandlerContext) {
        let channel = context.channel
        let lingers = self.lingers
        context.writeAndFlush(wrapOutboundOut(ByteBuffer())).assumeIsolated().whenComplete { _ in
            guard lingers else { return channel.close(promise: nil) }
            channel.close(mode: .output, promise: nil)
            channel.eventLoop.assumeIsolated().scheduleTask(in: .milliseconds(500)) { channel.close(promise: nil) }
        }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if let event = event as? ChannelEvent, event == .inputClosed {
            ignoresInput = true
            if due.isEmpty { closeAfterWrites(context) }
        }
        context.fireUserInboundEventTriggered(event)
    }

    // Time.

    /// Closes the connection when it has overrun one of its times.
    func checkTimeouts(now: NIODeadline) {
        guard let context else { return }
        let configuration = loop.configuration
        if let since = partialHeadSince, now - since > configuration.headerTimeout {
            refuse(.requestTimeout, "the headers did not arrive within limits.header_timeout")
        } else if let since = bodySince, now - since > configuration.bodyTimeout {
            refuse(.requestTimeout, "the body did not arrive within limits.body_timeout")
        } else if now - lastActivity > configuration.idleTimeout, due.isEmpty || !context.channel.isWritable {
            context.close(promise: nil)
        }
    }

    /// Says with the next answer that it is the last one of the connection.
    func announceEnd() { isDraining = true }

    /// Takes no new request and closes once the answers that are due are sent.
    func drain() {
        isDraining = true
        if due.isEmpty, current == nil, let context { closeAfterWrites(context) }
    }

    /// Closes at once.
    func close() { context?.close(promise: nil) }
}

/// Tells the connection that bytes have arrived, before the HTTP decoder sees them.
final class ArrivalHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    private let connection: ConnectionHandler

    init(_ connection: ConnectionHandler) { self.connection = connection }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        connection.noteBytes()
        context.fireChannelRead(data)
    }
}
