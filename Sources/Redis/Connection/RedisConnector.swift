import NIOCore
import NIOPosix
import NIOSSL

/// Opens sockets to servers, with TLS where the configuration asks for it.
final class RedisConnector {
    private let configuration: RedisConfiguration
    private let eventLoop: any EventLoop
    private var tls: NIOSSLContext?

    init(configuration: RedisConfiguration, eventLoop: any EventLoop) {
        self.configuration = configuration
        self.eventLoop = eventLoop
    }

    /// A channel to a server whose pipeline holds a ``RedisSession``; with TLS, the handshake may still be under way.
    func open(_ endpoint: RedisEndpoint, timeout: TimeAmount) -> EventLoopFuture<any Channel> {
        let maxInFlight = configuration.maxInFlight
        return open(endpoint, timeout: timeout) { RedisSession(maxInFlight: maxInFlight) }
    }

    /// A channel to a server whose pipeline ends in a handler; with TLS, the handshake may still be under way.
    func open(
        _ endpoint: RedisEndpoint,
        timeout: TimeAmount,
        handler: @escaping @Sendable () -> any ChannelHandler
    ) -> EventLoopFuture<any Channel> {
        guard endpoint.usesTLS, tls == nil else { return open(endpoint, timeout, tls, handler) }
        // Certificates are read from files: not on the event loop.
        let file = configuration.tlsCACertificateFile
        let reading = NIOThreadPool.singleton.runIfActive(eventLoop: eventLoop) {
            try RedisConnector.makeContext(authorities: file)
        }
        return reading.assumeIsolated().flatMap { context in
            self.tls = context
            return self.open(endpoint, timeout, context, handler)
        }.nonisolated()
    }

    private func open(
        _ endpoint: RedisEndpoint,
        _ timeout: TimeAmount,
        _ tls: NIOSSLContext?,
        _ handler: @escaping @Sendable () -> any ChannelHandler
    ) -> EventLoopFuture<any Channel> {
        let maxUnsentBytes = configuration.maxUnsentBytes
        let serverName = RedisConnector.tlsName(of: endpoint)
        let bootstrap = ClientBootstrap(group: eventLoop)
            .connectTimeout(max(timeout, .milliseconds(1)))
            .channelOption(
                .recvAllocator,
                value: AdaptiveRecvByteBufferAllocator(minimum: 4096, initial: 65_536, maximum: 131_072)
            )
            .channelOption(
                .writeBufferWaterMark,
                value: ChannelOptions.Types.WriteBufferWaterMark(low: maxUnsentBytes / 2, high: maxUnsentBytes)
            )
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    if let tls {
                        try pipeline.addHandler(NIOSSLClientHandler(context: tls, serverHostname: serverName))
                    }
                    try pipeline.addHandler(handler())
                }
            }
        switch endpoint.address {
        case .unix(let path):
            return bootstrap.connect(unixDomainSocketPath: path)
        case .tcp(let host, let port):
            return
                bootstrap
                .channelOption(.socketOption(.so_keepalive), value: 1)
                .channelOption(.tcpOption(.tcp_nodelay), value: 1)
                .connect(host: host, port: port)
        case .sentinel, .cluster:
            let message = "\(endpoint) is not the address of one server"
            return eventLoop.makeFailedFuture(RedisError(code: .notConnected, message: message))
        }
    }

    /// The name that the certificate must have; nil for an IP address, against which NIOSSL checks the peer's own.
    private static func tlsName(of endpoint: RedisEndpoint) -> String? {
        guard case .tcp(let host, _) = endpoint.address else { return nil }
        return (try? SocketAddress(ipAddress: host, port: 0)) == nil ? host : nil
    }

    private static func makeContext(authorities file: String?) throws -> NIOSSLContext {
        var tls = TLSConfiguration.makeClientConfiguration()
        tls.certificateVerification = .fullVerification
        if let file { tls.trustRoots = .file(file) }
        return try NIOSSLContext(configuration: tls)
    }
}

extension RedisError {
    /// An attempt to connect failed; names each address that was tried.
    init(connecting error: any Error, to endpoint: RedisEndpoint) {
        var reason = "\(error)"
        if let error = error as? NIOConnectionError {
            var reasons = error.connectionErrors.map { "\($0.target): \($0.error)" }
            reasons += [error.dnsAError, error.dnsAAAAError].compactMap { $0.map { "\($0)" } }
            reason = reasons.joined(separator: "; ")
        }
        self.init(code: .notConnected, message: "cannot connect to \(endpoint): \(reason)", underlying: error)
    }
}
