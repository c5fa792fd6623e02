import Glibc
import NIOCore
import NIOPosix
import Synchronization

/// A TCP relay on a port of its own to a server on another one, which can be made faulty and pointed elsewhere.
final class FaultyProxy: Sendable {
    /// What is wrong with the way to the server.
    enum Fault: Sendable {
        case none
        /// Replies come later by this.
        case delay(TimeAmount)
        /// Connections through which anything is sent meanwhile are never heard of again; new ones are accepted.
        case silence
        /// One in so many pieces of a reply is sent in part, and then the connection is reset.
        case cuts(oneIn: Int)
    }

    private let setting: Setting
    private let listener: any Channel

    /// Starts a relay to `port` on 127.0.0.1.
    static func start(to port: Int) async throws -> FaultyProxy {
        let setting = Setting(port)
        let listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { front in
                // Nothing is read from a channel before this future completes.
                let port = setting.port.withLock { $0 }
                return ClientBootstrap(group: front.eventLoop).connect(host: "127.0.0.1", port: port).flatMapThrowing {
                    back in
                    let link = Link()
                    let toServer = Relay(to: back, link, setting, carriesReplies: false)
                    try front.pipeline.syncOperations.addHandler(toServer)
                    let toClient = Relay(to: front, link, setting, carriesReplies: true)
                    try back.pipeline.syncOperations.addHandler(toClient)
                }
            }
            .bind(host: "127.0.0.1", port: 0)
            .get()
        return FaultyProxy(listener: listener, setting: setting)
    }

    private init(listener: any Channel, setting: Setting) {
        self.listener = listener
        self.setting = setting
    }

    deinit { listener.close(promise: nil) }

    /// The URL of database 0 of a Redis server behind it.
    var url: String { "redis://127.0.0.1:\(listener.localAddress?.port ?? 0)/0" }

    /// What is wrong from now on.
    func set(_ fault: Fault) { setting.fault.withLock { $0 = fault } }

    /// Leads new connections to another server from now on, as an address that moves does; those that are open stay.
    func point(to port: Int) { setting.port.withLock { $0 = port } }

    private final class Setting: Sendable {
        let fault = Mutex(Fault.none)
        let port: Mutex<Int>

        init(_ port: Int) { self.port = Mutex(port) }
    }

    /// Both directions of a connection; touched on its event loop only.
    private final class Link {
        var isDead = false
    }

    private final class Relay: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer

        private let partner: any Channel
        private let link: Link
        private let setting: Setting
        private let carriesReplies: Bool
        /// Until when what was delayed is under way: later pieces must not overtake it.
        private var busyUntil = NIODeadline.uptimeNanoseconds(0)

        init(to partner: any Channel, _ link: Link, _ setting: Setting, carriesReplies: Bool) {
            self.partner = partner
            self.link = link
            self.setting = setting
            self.carriesReplies = carriesReplies
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            guard !link.isDead else { return }
            var bytes = unwrapInboundIn(data)
            switch setting.fault.withLock({ $0 }) {
            case .silence: link.isDead = true
            case .delay(let time) where carriesReplies: send(bytes, after: time)
            case .cuts(let oneIn) where carriesReplies && Int.random(in: 1...oneIn) == 1:
                link.isDead = true
                if let part = bytes.readSlice(length: .random(in: 0...bytes.readableBytes)) {
                    partner.writeAndFlush(part, promise: nil)
                }
                // With this option a close is a reset.
                _ = (partner as? any SocketOptionProvider)?.setSoLinger(linger(l_onoff: 1, l_linger: 0))
                partner.close(promise: nil)
                context.close(promise: nil)
            case .none, .delay, .cuts: send(bytes, after: .zero)
            }
        }

        private func send(_ bytes: ByteBuffer, after time: TimeAmount) {
            let now = NIODeadline.now()
            busyUntil = max(busyUntil, now + time)
            if busyUntil <= now { return partner.writeAndFlush(bytes, promise: nil) }
            partner.eventLoop.scheduleTask(deadline: busyUntil) { [partner] in
                partner.writeAndFlush(bytes, promise: nil)
            }
        }

        func channelInactive(context: ChannelHandlerContext) {
            partner.close(promise: nil)
            context.fireChannelInactive()
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
    }
}
