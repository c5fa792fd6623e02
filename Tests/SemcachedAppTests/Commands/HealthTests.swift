import NIOCore
import NIOPosix
import Testing

@testable import SemcachedApp

@Suite struct HealthTests {
    @Test(arguments: [
        ("http://127.0.0.1:9470", "http://127.0.0.1:9470"), ("http://host/", "http://host:80"),
        ("https://host", "https://host:443"), ("http://[::1]:1", "http://[::1]:1"),
    ])
    func aURLNamesTheServer(url: String, target: String) {
        #expect(HealthTarget(url: url)?.description == target)
    }

    @Test(arguments: [
        "", "host:1", "ftp://host", "http://", "http://h:0", "http://h:x", "http://h/p", "http://u@h", "http://h:",
    ])
    func anythingElseNamesNone(url: String) {
        #expect(HealthTarget(url: url) == nil)
    }

    @Test(arguments: [
        ("HTTP/1.1 200 OK\r\n", nil),
        ("HTTP/1.1 503 Service Unavailable\r\n", "answers 'HTTP/1.1 503 Service Unavailable'"),
        ("", "closes the connection without an answer"),
    ])
    func onlyA200MeansThatTheServerLives(line: String, reason: String?) async throws {
        let server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(OneLineServer(line: line))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        let port = try #require(server.localAddress?.port)
        let target = HealthTarget(host: "127.0.0.1", port: port, usesTLS: false)
        if let reason {
            await #expect(throws: HealthFailure(reason: reason)) {
                try await HealthProbe.ask(target, within: .seconds(30))
            }
        } else {
            try await HealthProbe.ask(target, within: .seconds(30))
        }
        try await server.close().get()
        await #expect(throws: HealthFailure(reason: "cannot be reached")) {
            try await HealthProbe.ask(target, within: .seconds(30))
        }
    }
}

/// Answers the first bytes with one line and closes.
private final class OneLineServer: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let line: String

    init(line: String) { self.line = line }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let channel = context.channel
        channel.writeAndFlush(ByteBuffer(string: line)).whenComplete { _ in channel.close(promise: nil) }
    }
}
