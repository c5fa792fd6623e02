import NIOCore
import NIOPosix

/// Answers each command with chosen bytes; greets like Redis unless told otherwise.
final class FakeServer: Sendable {
    /// What is done about one command.
    enum Reaction: Sendable {
        case bytes([UInt8])
        /// Each byte in a write of its own, a tick of the loop after the other.
        case drip([UInt8])
        case silence
        /// Sends these bytes, perhaps none, and closes the connection.
        case close(after: [UInt8])
    }

    private let channel: any Channel
    var url: String { "redis://127.0.0.1:\(channel.localAddress?.port ?? 0)" }

    /// A server whose `react` gets the words of each command that is not part of the greeting.
    static func start(
        greets: Bool = true,
        _ react: @escaping @Sendable (_ words: [String]) -> Reaction
    ) async throws -> FakeServer {
        let bootstrap = ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Session(greets: greets, react: react))
                }
            }
        return FakeServer(channel: try await bootstrap.bind(host: "127.0.0.1", port: 0).get())
    }

    private init(channel: any Channel) {
        self.channel = channel
    }

    func stop() async throws {
        try await channel.close()
    }

    private final class Session: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer

        private let greets: Bool
        private let react: @Sendable ([String]) -> Reaction
        private var received: [UInt8] = []
        private var drops: ArraySlice<UInt8> = []

        init(greets: Bool, react: @escaping @Sendable ([String]) -> Reaction) {
            self.greets = greets
            self.react = react
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            received += Array(unwrapInboundIn(data).readableBytesView)
            while let words = nextCommand() {
                switch words {
                case ["CLIENT", "SETNAME", "semcached"] where greets: write(Array("+OK\r\n".utf8), context)
                case ["ROLE"] where greets, ["CLUSTER", "INFO"] where greets: write(Array("-ERR no\r\n".utf8), context)
                case ["PING"] where greets: write(Array("+PONG\r\n".utf8), context)
                default: perform(react(words), context)
                }
            }
        }

        private func perform(_ reaction: Reaction, _ context: ChannelHandlerContext) {
            switch reaction {
            case .bytes(let bytes): write(bytes, context)
            case .drip(let bytes):
                let isDripping = !drops.isEmpty
                drops += bytes
                if !isDripping { drip(context) }
            case .silence: break
            case .close(let bytes):
                write(bytes, context)
                context.close(promise: nil)
            }
        }

        private func drip(_ context: ChannelHandlerContext) {
            guard let first = drops.popFirst() else { return }
            write([first], context)
            context.eventLoop.assumeIsolated().scheduleTask(in: .microseconds(200)) { self.drip(context) }
        }

        private func write(_ bytes: [UInt8], _ context: ChannelHandlerContext) {
            context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: bytes)), promise: nil)
        }

        /// Takes one whole command off what was received; the client is trusted to send well-formed ones.
        private func nextCommand() -> [String]? {
            var rest = received[...]
            guard let count = number(&rest) else { return nil }
            var words: [String] = []
            for _ in 0..<count {
                guard let length = number(&rest), rest.count >= length + 2 else { return nil }
                words.append(String(decoding: rest.prefix(length), as: UTF8.self))
                rest = rest.dropFirst(length + 2)
            }
            received = Array(rest)
            return words
        }

        private func number(_ rest: inout ArraySlice<UInt8>) -> Int? {
            guard let end = rest.firstIndex(of: 10) else { return nil }
            defer { rest = rest[(end + 1)...] }
            return Int(String(decoding: rest[rest.startIndex + 1..<end - 1], as: UTF8.self))
        }
    }
}
