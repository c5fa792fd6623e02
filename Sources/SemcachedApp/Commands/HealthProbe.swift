import NIOCore
import NIOPosix
import NIOSSL

/// Why a server is not known to live, to be read after its URL.
struct HealthFailure: Error, Hashable {
    let reason: String
}

/// Asks `GET /healthz` over a connection of its own.
enum HealthProbe {
    /// Returns when the server answered 200.
    ///
    /// - Throws: when there is another answer, or none within `timeout`.
    static func ask(_ target: HealthTarget, within timeout: TimeAmount) async throws(HealthFailure) {
        let group = MultiThreadedEventLoopGroup.singleton
        let answer = group.any().makePromise(of: String.self)
        let connection = ClientBootstrap(group: answer.futureResult.eventLoop)
            .connectTimeout(timeout)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    if target.usesTLS {
                        var tls = TLSConfiguration.makeClientConfiguration()
                        tls.certificateVerification = .none
                        let context = try NIOSSLContext(configuration: tls)
                        try channel.pipeline.syncOperations.addHandler(
                            try NIOSSLClientHandler(context: context, serverHostname: nil)
                        )
                    }
                    try channel.pipeline.syncOperations.addHandler(
                        StatusLineHandler(host: target.host, answer: answer)
                    )
                }
            }
            .connect(host: target.host, port: target.port)
        connection.whenFailure { answer.fail($0) }
        let deadline = answer.futureResult.eventLoop.scheduleTask(in: timeout) {
            answer.fail(HealthFailure(reason: "does not answer"))
        }
        defer {
            deadline.cancel()
            connection.whenSuccess { $0.close(promise: nil) }
        }
        let line: String
        do {
            line = try await answer.futureResult.get()
        } catch let failure as HealthFailure {
            throw failure
        } catch {
            throw HealthFailure(reason: "cannot be reached")
        }
        guard line.hasPrefix("HTTP/1.1 200 ") else {
            throw HealthFailure(reason: "answers '\(line.prefix(100))'")
        }
    }
}

/// Sends the request and hears the first line of the answer.
private final class StatusLineHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let host: String
    private let answer: EventLoopPromise<String>
    private var heard = ByteBuffer()

    init(host: String, answer: EventLoopPromise<String>) {
        self.host = host
        self.answer = answer
    }

    func channelActive(context: ChannelHandlerContext) {
        let name = host.contains(":") ? "[\(host)]" : host
        let request = "GET /healthz HTTP/1.1\r\nhost: \(name)\r\nuser-agent: semcached\r\nconnection: close\r\n\r\n"
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: request)), promise: nil)
        context.fireChannelActive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var bytes = unwrapInboundIn(data)
        heard.writeBuffer(&bytes)
        if let end = heard.readableBytesView.firstIndex(of: UInt8(ascii: "\r")) {
            answer.succeed(String(decoding: heard.readableBytesView[..<end], as: UTF8.self))
        } else if heard.readableBytes > 4096 {
            answer.fail(HealthFailure(reason: "does not speak HTTP"))
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        answer.fail(error)
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        answer.fail(HealthFailure(reason: "closes the connection without an answer"))
        context.fireChannelInactive()
    }
}
