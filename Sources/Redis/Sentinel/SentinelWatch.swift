import NIOCore

/// One subscription at one Sentinel to what it says of primaries; when it ends or falls silent, it is over.
///
/// Ends with this object.
final class SentinelWatch: Sendable {
    private let configuration: RedisConfiguration
    private let primary: String
    private let eventLoop: any EventLoop
    private let channel: NIOLoopBoundBox<(any Channel)?>

    init(_ configuration: RedisConfiguration, primary: String, eventLoop: any EventLoop) {
        self.configuration = configuration
        self.primary = primary
        self.eventLoop = eventLoop
        channel = .makeEmptyBox(eventLoop: eventLoop)
    }

    deinit {
        eventLoop.execute { [channel] in channel.value?.close(promise: nil) }
    }

    /// Subscribes; called on the loop, as are the closures: `changed` for each change that is announced, `ended` last and
    /// exactly once.
    func run(changed: @escaping @Sendable (PrimaryChange) -> Void, ended: @escaping @Sendable () -> Void) {
        let connector = RedisConnector(configuration: configuration, eventLoop: eventLoop)
        let (configuration, primary) = (configuration, primary)
        let opening = connector.open(configuration.endpoint, timeout: TimeAmount(configuration.connectTimeout)) {
            ChangeListener(configuration.endpoint, primary: primary, changed: changed)
        }
        opening.assumeIsolated().whenComplete { [weak self, connector] result in
            withExtendedLifetime(connector) {}
            guard case .success(let channel) = result else { return ended() }
            channel.closeFuture.whenComplete { _ in ended() }
            if let self { self.channel.value = channel } else { channel.close(promise: nil) }
        }
    }
}

/// Subscribes to what is said of changes and reads what comes; closes a channel that is silent or says something else.
private final class ChangeListener: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private static let pingInterval = TimeAmount.seconds(1)
    /// Pings without any answer after which the Sentinel counts as gone.
    private static let patience = 3
    private static let channels = ["+switch-master", "+promoted-slave"]

    private let endpoint: RedisEndpoint
    private let primary: String
    private let changed: (PrimaryChange) -> Void
    private let reader = ReplyReader()
    private var pings: Scheduled<Void>?
    private var unanswered = 0

    init(_ endpoint: RedisEndpoint, primary: String, changed: @escaping (PrimaryChange) -> Void) {
        self.endpoint = endpoint
        self.primary = primary
        self.changed = changed
    }

    func channelActive(context: ChannelHandlerContext) {
        if let password = endpoint.password {
            send(["AUTH"] + (endpoint.user.map { [$0] } ?? []) + [password], context)
        }
        send(["SUBSCRIBE"] + Self.channels, context)
        schedulePing(context)
        context.fireChannelActive()
    }

    func channelInactive(context: ChannelHandlerContext) {
        pings?.cancel()
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        unanswered = 0
        let isFed = unwrapInboundIn(data).withUnsafeReadableBytes { reader.feed($0) }
        guard isFed else { return context.close(promise: nil) }
        while true {
            switch reader.next() {
            case .incomplete: return
            case .violation: return context.close(promise: nil)
            case .value(.error): return context.close(promise: nil)
            case .value(let value): take(value)
            }
        }
    }

    private func take(_ value: RedisValue) {
        guard let parts = value.elements, parts.count == 3, parts[0].text == "message", let channel = parts[1].text,
            let message = parts[2].text,
            let change = PrimaryChange(channel: channel, message: message, primary: primary)
        else { return }
        changed(change)
    }

    private func schedulePing(_ context: ChannelHandlerContext) {
        pings = context.eventLoop.assumeIsolated().scheduleTask(in: Self.pingInterval) { [self] in
            guard context.channel.isActive, unanswered < Self.patience else { return context.close(promise: nil) }
            unanswered += 1
            send(["PING"], context)
            schedulePing(context)
        }
    }

    private func send(_ words: [String], _ context: ChannelHandlerContext) {
        var output = context.channel.allocator.buffer(capacity: 128)
        RedisCommand(words: words).write(to: &output)
        context.writeAndFlush(wrapOutboundOut(output), promise: nil)
    }
}
