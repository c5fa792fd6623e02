import NIOCore
public import NIOHTTP1
import NIOPosix
import Synchronization

/// An HTTP server on loopback that hands each whole request to a test, which answers it or not.
public final class LoopbackServer: Sendable {
    /// A request, read whole.
    public struct Request: Sendable {
        /// Method, URI and headers.
        public var head: HTTPRequestHead
        /// The body.
        public var body: [UInt8]
    }

    /// Called for each request, on the connection's event loop.
    public typealias Respond = @Sendable (Request, LoopbackReply) -> Void

    /// The port on 127.0.0.1.
    public let port: Int
    private let listener: any Channel
    private let connections: Connections

    private final class Connections: Sendable {
        let open = Mutex<[ObjectIdentifier: any Channel]>([:])
    }

    /// Starts a server; port 0 takes a free one.
    public static func start(port: Int = 0, _ respond: @escaping Respond) async throws -> LoopbackServer {
        let connections = Connections()
        let listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                let id = ObjectIdentifier(channel)
                connections.open.withLock { $0[id] = channel }
                channel.closeFuture.whenComplete { _ in connections.open.withLock { $0[id] = nil } }
                return channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline()
                    try channel.pipeline.syncOperations.addHandler(Session(respond))
                }
            }
            .bind(host: "127.0.0.1", port: port)
            .get()
        return LoopbackServer(listener, connections)
    }

    private init(_ listener: any Channel, _ connections: Connections) {
        self.listener = listener
        self.connections = connections
        port = listener.localAddress?.port ?? 0
    }

    /// Stops to listen and closes all connections.
    public func stop() async {
        try? await listener.close()
        let open = connections.open.withLock { Array($0.values) }
        for channel in open { try? await channel.close() }
    }

    private final class Session: ChannelInboundHandler {
        typealias InboundIn = HTTPServerRequestPart

        private let respond: Respond
        private var head: HTTPRequestHead?
        private var body: [UInt8] = []

        init(_ respond: @escaping Respond) { self.respond = respond }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            switch unwrapInboundIn(data) {
            case .head(let head):
                self.head = head
                body = []
            case .body(let part): body += Array(part.readableBytesView)
            case .end:
                guard let head else { return }
                respond(Request(head: head, body: body), LoopbackReply(context.channel))
            }
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
    }
}

/// The way back to whoever sent a request; usable from any thread, at any time.
public struct LoopbackReply: Sendable {
    private let channel: any Channel

    init(_ channel: any Channel) { self.channel = channel }

    /// Answers; the length is added, but to an answer that has none (204).
    public func send(_ status: Int, _ headers: [(String, String)] = [], _ body: [UInt8] = []) {
        var headers = HTTPHeaders(headers)
        if status != 204 { headers.replaceOrAdd(name: "content-length", value: String(body.count)) }
        write(status, headers, body)
        channel.writeAndFlush(HTTPServerResponsePart.end(nil), promise: nil)
    }

    /// Answers with less than the promised `length`, then closes the connection.
    public func sendHalf(of length: Int, _ body: [UInt8]) {
        sendPart(of: length, body)
        hangUp()
    }

    /// Answers with less than the promised `length`, and no more.
    public func sendPart(of length: Int, _ body: [UInt8]) {
        write(200, ["content-length": String(length)], body)
        channel.flush()
    }

    /// Closes the connection.
    public func hangUp() { channel.close(promise: nil) }

    private func write(_ status: Int, _ headers: HTTPHeaders, _ body: [UInt8]) {
        let status = HTTPResponseStatus(statusCode: status)
        let head = HTTPResponseHead(version: .http1_1, status: status, headers: headers)
        channel.write(HTTPServerResponsePart.head(head), promise: nil)
        guard !body.isEmpty else { return }
        channel.write(HTTPServerResponsePart.body(.byteBuffer(ByteBuffer(bytes: body))), promise: nil)
    }
}
