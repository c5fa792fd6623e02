import CacheAPI
import DequeModule
import NIOCore
import NIOHTTP1

/// One client connection: gathers requests, hands them to the router and sends the answers in the order of the requests.
///
/// Requests of one connection are worked on at the same time (HTTP/1.1 pipelining), so an answer may have to wait for
/// one before it. While too many answers are due, or the client does not take what was written, requests that have
/// arrived wait and reading stops.
final class ConnectionHandler: ChannelDuplexHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundIn = Never
    typealias OutboundOut = ByteBuffer

    private static let keptBufferCapacity = 16 * 1024

    let loop: ServerLoop
    private(set) var isDraining = false

    private var context: ChannelHandlerContext?
    private var due: Deque<Exchange> = []
    private var waiting: Deque<HTTPCall> = []
    private var current: HTTPCall?
    private var received = ByteBuffer()
    private var spareBuffer = ByteBuffer()
    private var ignoresInput = false
    private var lingers = false
    private var inputEnded = false
    private var isClosing = false
    private var isDispatching = false
    private var owesContinue = false
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
        due.removeAll()
        waiting.removeAll()
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
            owesContinue = false
            if !call.keepsAlive { ignoresInput = true }
            waiting.append(call)
            dispatchWaiting()
        }
    }

    private func begin(_ call: HTTPCall) {
        partialHeadSince = nil
        guard !isDraining else {
            ignoresInput = true
            return
        }
        bodySince = lastActivity
        current = call
        if let flaw = call.flaw {
            refuse(flaw.code, flaw.detail)
        } else if let announced = call.announcedBytes, announced > loop.configuration.maximumBodyBytes {
            refuseBody()
        } else if call.expectsContinue {
            owesContinue = true
            continueWhenDue()
        }
    }

    /// Tells a client that waits for it to send its body, once no other answer would be overtaken.
    private func continueWhenDue() {
        guard owesContinue, due.isEmpty, waiting.isEmpty else { return }
        owesContinue = false
        var bytes = ByteBuffer()
        bytes.writeStaticString("HTTP/1.1 100 Continue\r\n\r\n")
        context?.writeAndFlush(wrapOutboundOut(bytes), promise: nil)
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
        call.refusal = HTTPAnswer(code, detail)
        current = nil
        bodySince = nil
        partialHeadSince = nil
        owesContinue = false
        received = ByteBuffer()
        waiting.append(call)
        dispatchWaiting()
    }

    /// Begins to work on what waits, as far as the limits allow.
    private func dispatchWaiting() {
        guard !isDispatching, let context else { return }
        isDispatching = true
        defer { isDispatching = false }
        while hasRoom(context), var call = waiting.popFirst() {
            call.arrivedAt = NIODeadline.now().uptimeNanoseconds
            let exchange = Exchange(call, on: self)
            due.append(exchange)
            if let refusal = call.refusal { exchange.respond(refusal) } else { loop.router.route(exchange, in: loop) }
        }
    }

    private func hasRoom(_ context: ChannelHandlerContext) -> Bool {
        due.count < loop.configuration.maximumPipelinedRequests && context.channel.isWritable
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
        if ignoresInput || waiting.isEmpty && hasRoom(context) {
            context.read()
        } else {
            wantsRead = true
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
        case let error as HTTPParserError: refuse(.invalidRequest, error.sentence)
        default: context.close(promise: nil)
        }
    }

    // Output.

    /// An exchange has its answer: sends what is now at the head of the line.
    func answered() {
        guard let context, !isSending else { return }
        sendAnswers(context)
        guard !isClosing else { return }
        dispatchWaiting()
        continueWhenDue()
        resumeReading(context)
        closeIfDone()
    }

    /// An empty buffer, whose memory is that of an earlier answer when that has been sent.
    func takeSpareBuffer() -> ByteBuffer {
        var buffer = spareBuffer
        spareBuffer = ByteBuffer()
        buffer.clear()
        return buffer
    }

    private func sendAnswers(_ context: ChannelHandlerContext) {
        isSending = true
        defer { isSending = false }
        while let exchange = due.first, let bytes = exchange.bytes {
            due.removeFirst()
            context.write(wrapOutboundOut(bytes), promise: nil)
            if bytes.capacity <= Self.keptBufferCapacity { spareBuffer = bytes }
            if exchange.isLast {
                ignoresInput = true
                due.removeAll()
                waiting.removeAll()
                return closeAfterWrites(context)
            }
            needsFlush = true
        }
        if needsFlush, !isReading {
            needsFlush = false
            context.flush()
        }
    }

    /// Whether the connection ends with this exchange, as the server is about to stop.
    func isFinal(_ exchange: Exchange) -> Bool {
        isDraining && due.last === exchange && waiting.isEmpty && current == nil
    }

    /// Closes when nothing more can come: the client has closed its half, or the server is about to stop.
    private func closeIfDone() {
        guard let context, isDraining || inputEnded, due.isEmpty, waiting.isEmpty, current == nil else { return }
        closeAfterWrites(context)
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        dispatchWaiting()
        resumeReading(context)
        context.fireChannelWritabilityChanged()
    }

    private func resumeReading(_ context: ChannelHandlerContext) {
        guard wantsRead, waiting.isEmpty, hasRoom(context) else { return }
        wantsRead = false
        // The client could not send while nothing was read.
        if bodySince != nil { bodySince = .now() }
        if partialHeadSince != nil { partialHeadSince = .now() }
        context.read()
    }

    /// Closes once everything that was written has been taken by the socket.
    ///
    /// A client that is still sending would lose the answer to the reset that a close causes: for it the sending half
    /// is closed first and its bytes are dropped for a while.
    private func closeAfterWrites(_ context: ChannelHandlerContext) {
        guard !isClosing else { return }
        isClosing = true
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
            inputEnded = true
            current = nil
            closeIfDone()
        }
        context.fireUserInboundEventTriggered(event)
    }

    // Time.

    /// Closes the connection when it has overrun one of its times.
    func checkTimeouts(now: NIODeadline) {
        guard let context else { return }
        let configuration = loop.configuration
        let isReceiving = !ignoresInput && !wantsRead
        if isReceiving, let since = partialHeadSince, now - since > configuration.headerTimeout {
            refuse(.requestTimeout, "the headers did not arrive within limits.header_timeout")
        } else if isReceiving, let since = bodySince, now - since > configuration.bodyTimeout {
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
        closeIfDone()
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
