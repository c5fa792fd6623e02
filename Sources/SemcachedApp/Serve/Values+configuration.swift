import CacheServer
import Glibc
import NIOCore
import NIOSSL
import RedisStorage
import SemanticCache

extension StorageConfiguration {
    /// How entries are kept, from the settings; the near cache is divided among the event loops.
    init(_ configuration: DaemonConfiguration, eventLoops: Int) {
        self.init(
            keyPrefix: configuration.redis.keyPrefix,
            ticketMilliseconds: Int(configuration.tickets.timeToLive.components.seconds) * 1000,
            commandMilliseconds: Int(configuration.redis.commandDeadline / .milliseconds(1)),
            nearCacheBytes: configuration.nearCacheBytes / max(1, eventLoops),
            indexDelayMilliseconds: configuration.indexDelayMilliseconds
        )
    }
}

extension ServerConfiguration {
    /// How the server listens, from the settings.
    ///
    /// - Throws: when the certificate or the key cannot be read.
    init(_ configuration: DaemonConfiguration) throws {
        let limits = configuration.limits
        self.init(
            host: configuration.server.host,
            port: configuration.server.port,
            tls: try ServerConfiguration.tls(configuration.server),
            refusesForeignHosts: !configuration.server.allowsUnauthenticated,
            maximumBodyBytes: limits.requestBytes,
            maximumHeaderBytes: limits.headerBytes,
            maximumConnections: limits.connections,
            maximumPipelinedRequests: limits.pipelinedRequests,
            idleTimeout: TimeAmount(limits.idleTimeout),
            headerTimeout: TimeAmount(limits.headerTimeout),
            bodyTimeout: TimeAmount(limits.bodyTimeout),
            requestsPerSecond: limits.requestsPerSecond,
            burst: limits.burst ?? 0
        )
    }

    private static func tls(_ settings: ServerSettings) throws -> TLSConfiguration? {
        guard let certificateFile = settings.tlsCertificateFile, let keyFile = settings.tlsKeyFile else { return nil }
        let certificates: [NIOSSLCertificate]
        do {
            certificates = try NIOSSLCertificate.fromPEMFile(certificateFile)
        } catch {
            throw StartFailure(
                "server.tls.certificate_file: \(certificateFile) holds no PEM certificate that can be read"
            )
        }
        do {
            let key = try NIOSSLPrivateKey(file: keyFile, format: .pem)
            return TLSConfiguration.makeServerConfiguration(
                certificateChain: certificates.map { .certificate($0) },
                privateKey: .privateKey(key)
            )
        } catch {
            throw StartFailure("server.tls.key_file: \(keyFile) holds no PEM private key that can be read")
        }
    }
}

/// Why the daemon did not start, as a sentence for its operator.
struct StartFailure: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}

extension EngineClock {
    /// The clocks of this machine; the monotonic one is that of `NIODeadline`.
    static let system = EngineClock(
        now: {
            var time = timespec()
            clock_gettime(CLOCK_REALTIME, &time)
            return Timestamp(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
        },
        uptime: { NIODeadline.now().uptimeNanoseconds }
    )
}

/// Names this process among the replicas.
struct ReplicaIdentity: Sendable {
    /// The host's name, the process id and a random number: no two processes share it.
    let id: String
    /// The version.
    let version: String
    /// When the process started, on the monotonic clock.
    let startedAt = NIODeadline.now()

    init(version: String) {
        var name = [CChar](repeating: 0, count: 256)
        gethostname(&name, name.count - 1)
        let host = name.withUnsafeBytes { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
        id = "\(host)-\(getpid())-\(String(UInt32.random(in: .min ... .max), radix: 16))"
        self.version = version
    }

    /// Whole seconds since the process started.
    var uptime: Int { Int((NIODeadline.now() - startedAt).nanoseconds / 1_000_000_000) }
}
