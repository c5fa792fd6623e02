import JSONScanning
import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// An embeddings server on loopback that answers as it is told and remembers what it was asked.
final class FakeEmbeddingsServer: Sendable {
    /// What was asked.
    struct Ask: Sendable {
        var uri: String
        var authorization: String?
        var texts: [String]
        var model: String?
        var encodingFormat: String?
    }

    /// What is answered.
    enum Reply: Sendable {
        /// A vector for each text.
        case vectors
        /// These bytes.
        case raw(String, status: Int = 200, headers: [(String, String)] = [])
        /// Nothing; the connection stays open.
        case silence
        /// A head that promises more than comes before the connection is closed.
        case half
        /// So many bytes.
        case bytes(Int)
        /// The connection is closed.
        case hangUp
    }

    static let dimensions = 4

    private struct State {
        var asks: [Ask] = []
        var isHeld = false
        var held: [@Sendable () -> Void] = []
        var respond: @Sendable (Ask) -> Reply
    }

    private final class Shared: Sendable {
        let state: Mutex<State>
        init(_ respond: @escaping @Sendable (Ask) -> Reply) { state = Mutex(State(respond: respond)) }
    }

    private let shared: Shared
    private let channel: Mutex<any Channel>
    let port: Int

    var url: String { "http://127.0.0.1:\(port)/v1" }

    /// Everything that was asked so far, probes included.
    var asks: [Ask] { shared.state.withLock { $0.asks } }

    /// From now on answers with `respond`.
    func respond(_ respond: @escaping @Sendable (Ask) -> Reply) {
        shared.state.withLock { $0.respond = respond }
    }

    /// Keeps answers back until ``release()``.
    func hold() { shared.state.withLock { $0.isHeld = true } }

    /// Lets the answers go that were kept back.
    func release() {
        let held = shared.state.withLock { state in
            state.isHeld = false
            defer { state.held = [] }
            return state.held
        }
        for answer in held { answer() }
    }

    /// Runs `body` with a server.
    static func run<Result>(
        port: Int = 0,
        _ respond: @escaping @Sendable (Ask) -> Reply = { _ in .vectors },
        _ body: (FakeEmbeddingsServer) async throws -> Result
    ) async throws -> Result {
        let shared = Shared(respond)
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline()
                    try channel.pipeline.syncOperations.addHandler(Handler(shared))
                }
            }
            .bind(host: "127.0.0.1", port: port)
            .get()
        let server = FakeEmbeddingsServer(shared, channel)
        let result: Swift.Result<Result, any Error>
        do { result = .success(try await body(server)) } catch { result = .failure(error) }
        try? await channel.close()
        return try result.get()
    }

    private init(_ shared: Shared, _ channel: any Channel) {
        self.shared = shared
        self.channel = Mutex(channel)
        port = channel.localAddress?.port ?? 0
    }

    /// The vector of a text: another direction for each text, not of unit length.
    static func vector(of text: String) -> [Float] {
        var sum: UInt32 = 7
        for byte in text.utf8 { sum = sum &* 31 &+ UInt32(byte) }
        return (0..<UInt32(dimensions)).map { Float((sum >> ($0 * 4)) & 15) + 1 }
    }

    /// The list that OpenAI answers, the vectors as they are.
    static func list(_ vectors: [[Float]]) -> String {
        list(embeddings: vectors.map { "[\($0.map { "\($0)" }.joined(separator: ", "))]" })
    }

    /// The list that OpenAI answers, with these JSON values as embeddings.
    static func list(embeddings: [String]) -> String {
        let data = embeddings.enumerated().map { index, embedding in
            #"{"object": "embedding", "index": \#(index), "embedding": \#(embedding)}"#
        }
        return #"{"object": "list", "data": [\#(data.joined(separator: ","))], "usage": {"total_tokens": 1}}"#
    }

    private final class Handler: ChannelInboundHandler {
        typealias InboundIn = HTTPServerRequestPart
        typealias OutboundOut = HTTPServerResponsePart

        private let shared: Shared
        private var head: HTTPRequestHead?
        private var body: [UInt8] = []

        init(_ shared: Shared) { self.shared = shared }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            switch unwrapInboundIn(data) {
            case .head(let head):
                self.head = head
                body = []
            case .body(let part): body += Array(part.readableBytesView)
            case .end: answer(context.channel)
            }
        }

        private func answer(_ channel: any Channel) {
            guard let head, let json = try? JSONDocument(body).root else { return channel.close(promise: nil) }
            let ask = Ask(
                uri: head.uri,
                authorization: head.headers.first(name: "authorization"),
                texts: json["input"]?.elements.compactMap(\.string) ?? [],
                model: json["model"]?.string,
                encodingFormat: json["encoding_format"]?.string
            )
            let send: (@Sendable () -> Void)? = shared.state.withLock { state in
                state.asks.append(ask)
                let reply = state.respond(ask)
                let send: @Sendable () -> Void = { Self.send(reply, to: ask, channel) }
                guard state.isHeld else { return send }
                state.held.append(send)
                return nil
            }
            send?()
        }

        private static func send(_ reply: Reply, to ask: Ask, _ channel: any Channel) {
            switch reply {
            case .vectors:
                send(FakeEmbeddingsServer.list(ask.texts.map(FakeEmbeddingsServer.vector)), 200, [], channel)
            case .raw(let text, let status, let headers): send(text, status, headers, channel)
            case .silence: break
            case .half: send(#"{"data": [{"embedding": [1, 2"#, 200, [("content-length", "5000")], channel)
            case .bytes(let count): send(String(repeating: " ", count: count), 200, [], channel)
            case .hangUp: channel.close(promise: nil)
            }
        }

        private static func send(_ text: String, _ status: Int, _ fields: [(String, String)], _ channel: any Channel) {
            var headers = HTTPHeaders(fields)
            let isHalf = headers.contains(name: "content-length")
            if !isHalf { headers.add(name: "content-length", value: String(text.utf8.count)) }
            let head = HTTPResponseHead(
                version: .http1_1,
                status: HTTPResponseStatus(statusCode: status),
                headers: headers
            )
            channel.write(HTTPServerResponsePart.head(head), promise: nil)
            channel.write(HTTPServerResponsePart.body(.byteBuffer(ByteBuffer(string: text))), promise: nil)
            guard isHalf else {
                return channel.writeAndFlush(HTTPServerResponsePart.end(nil), promise: nil)
            }
            channel.flush()
            channel.close(promise: nil)
        }
    }
}
