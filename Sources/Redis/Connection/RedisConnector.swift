import NIOCore
import NIOPosix
import NIOSSL

/// Opens sockets to one endpoint, with TLS where it asks for it.
final class RedisConnector {
    private let configuration: RedisConfiguration
    private let eventLoop: any EventLoop
    private var tls: NIOSSLContext?

    init(configuration: RedisConfiguration, eventLoop: any EventLoop) {
        self.configuration = configuration
        self.eventLoop = eventLoop
    }

    /// A channel whose pipeline holds a ``RedisSession``; with TLS, the handshake may still be under way.
    func open(timeout: TimeAmount) -> EventLoopFuture<any Channel> {
        guard configuration.endpoint.usesTLS, tls == nil else { return open(timeout: timeout, tls: tls) }
        // Certificates are read from files: not on the event loop.
        let file = configuration.tlsCACertificateFile
        let reading = NIOThreadPool.singleton.runIfActive(eventLoop: eventLoop) {
            try RedisConnector.makeContext(authorities: file)
        }
        return reading.assumeIsolated().flatMap { context in
            self.tls = context
            return self.open(timeout: timeout, tls: context)
        }.nonisolated()
    }

    private func open(timeout: TimeAmount, tls: NIOSSLContext?) -> EventLoopFuture<any Channel> {
        let maxInFlight = configuration.maxInFlight
        let maxUnsentBytes = configuration.maxUnsentBytes
        let serverName = tlsServerName
        let bootstrap = ClientBootstrap(group: eventLoop)
            .connectTimeout(timeout)
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
                    try pipeline.addHandler(RedisSession(maxInFlight: maxInFlight))
                }
            }
        return switch configuration.endpoint.address {
        case .unix(let path):
            bootstrap.connect(unixDomainSocketPath: path)
        case .tcp(let host, let port):
            bootstrap
                .channelOption(.socketOption(.so_keepalive), value: 1)
                .channelOption(.tcpOption(.tcp_nodelay), value: 1)
                .connect(host: host, port: port)
        }
    }

    /// The name that the certificate must have; nil for an IP address, against which NIOSSL checks the peer's own.
    private var tlsServerName: String? {
        guard case .tcp(let host, _) = configuration.endpoint.address else { return nil }
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
