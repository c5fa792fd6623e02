import CacheAPI
import JSONScanning
import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// An HTTP server on loopback that answers as it is told and remembers what it was asked.
final class FakeServer: Sendable {
    struct Request: Sendable {
        var method: String
        var uri: String
        var headers: [String: String]
        var body: [UInt8]

        var path: String { String(uri.prefix { $0 != "?" }) }
        var text: String { String(decoding: body, as: UTF8.self) }
    }

    struct Answer: Sendable {
        var status = 200
        var headers: [(String, String)] = [("content-type", "application/json")]
        var body: [UInt8] = []

        /// No answer at all; the connection stays open.
        static let silence = Answer(status: 0)

        static func json(_ text: String, status: Int = 200) -> Answer {
            Answer(status: status, body: Array(text.utf8))
        }

        static func body(_ body: some Encodable, status: Int = 200) -> Answer {
            Answer(status: status, body: (try? BodyEncoder.encode(body)) ?? [])
        }

        static func problem(_ code: ProblemCode, _ detail: String, retryAfter: Int? = nil) -> Answer {
            var answer = Answer.body(Problem(code, detail: detail), status: code.status)
            if let retryAfter { answer.headers.append(("retry-after", String(retryAfter))) }
            return answer
        }
    }

    typealias Responder = @Sendable (Request) -> Answer

    let url: String
    private let channel: any Channel
    private let received: Received

    private final class Received: Sendable {
        let requests = Mutex<[Request]>([])
    }

    private init(channel: any Channel, received: Received) {
        self.channel = channel
        self.received = received
        url = "http://127.0.0.1:\(channel.localAddress?.port ?? 0)"
    }

    /// Everything that was asked so far.
    var requests: [Request] { received.requests.withLock { $0 } }

    /// Runs `body` with a server that answers with `respond`.
    static func run<Result>(
        _ respond: @escaping Responder,
        _ body: (FakeServer) async throws -> Result
    ) async throws -> Result {
        let received = Received()
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline()
                    try channel.pipeline.syncOperations.addHandler(
                        Handler { request in
                            received.requests.withLock { $0.append(request) }
                            return respond(request)
                        }
                    )
                }
            }
            .bind(host: "127.0.0.1", port: 0)
            .get()
        let server = FakeServer(channel: channel, received: received)
        do {
            let result = try await body(server)
            try await channel.close()
            return result
        } catch {
            try? await channel.close()
            throw error
        }
    }

    private final class Handler: ChannelInboundHandler {
        typealias InboundIn = HTTPServerRequestPart
        typealias OutboundOut = HTTPServerResponsePart

        private let respond: Responder
        private var head: HTTPRequestHead?
        private var body: [UInt8] = []

        init(_ respond: @escaping Responder) { self.respond = respond }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            switch unwrapInboundIn(data) {
            case .head(let head):
                self.head = head
                body = []
            case .body(let part): body += Array(part.readableBytesView)
            case .end: answer(context)
            }
        }

        private func answer(_ context: ChannelHandlerContext) {
            guard let head else { return }
            let request = Request(
                method: head.method.rawValue,
                uri: head.uri,
                headers: Dictionary(head.headers.map { ($0.name.lowercased(), $0.value) }, uniquingKeysWith: { $1 }),
                body: body
            )
            let answer = respond(request)
            if answer.status == Answer.silence.status { return }
            var headers = HTTPHeaders(answer.headers)
            if answer.status != 204 { headers.replaceOrAdd(name: "content-length", value: String(answer.body.count)) }
            let status = HTTPResponseStatus(statusCode: answer.status)
            context.write(
                wrapOutboundOut(.head(.init(version: .http1_1, status: status, headers: headers))),
                promise: nil
            )
            if !answer.body.isEmpty {
                context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: answer.body)))), promise: nil)
            }
            context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        }
    }
}
