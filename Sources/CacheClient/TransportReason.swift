import AsyncHTTPClient
import Glibc
import NIOCore
import NIOPosix
import NIOSSL

/// What went wrong below HTTP, in words.
enum TransportReason {
    /// A phrase for an error of the transport; shows neither headers nor bodies.
    static func phrase(
        _ error: any Error,
        _ configuration: CacheClientConfiguration,
        _ timeout: Duration
    ) -> String {
        switch error {
        case let error as HTTPClientError: phrase(error, configuration, timeout)
        case let error as NIOConnectionError: phrase(error)
        case let error as IOError: error.reasonText
        case let error as SocketAddressError.UnknownHost: "the host name \(error.host) is not known"
        case is NIOTooManyBytesError: "its answer is longer than \(CacheTransport.maximumAnswerBytes >> 20) MiB"
        case is CancellationError: "the call was cancelled"
        case NIOSSLError.handshakeFailed:
            "the TLS handshake failed: its certificate may be untrusted, expired or for another name"
        case is NIOSSLExtraError, is NIOSSLError, is BoringSSLError: "TLS failed: \(error)"
        default: String(describing: error)
        }
    }

    private static func phrase(
        _ error: HTTPClientError,
        _ configuration: CacheClientConfiguration,
        _ timeout: Duration
    ) -> String {
        switch error {
        case .cancelled: "the call was cancelled"
        case .connectTimeout: "no connection within \(configuration.connectTimeout)"
        case .deadlineExceeded, .readTimeout: "no answer within \(timeout)"
        case .remoteConnectionClosed: "it closed the connection before it answered"
        case .tlsHandshakeTimeout: "no TLS handshake within \(configuration.connectTimeout)"
        case .invalidURL, .emptyHost, .emptyScheme: "this is not a URL of a server"
        default: error.shortDescription
        }
    }

    private static func phrase(_ error: NIOConnectionError) -> String {
        if let first = error.connectionErrors.first {
            let reason = (first.error as? IOError)?.reasonText ?? String(describing: first.error)
            return error.connectionErrors.count > 1
                ? "\(reason) (\(error.connectionErrors.count) addresses tried)" : reason
        }
        if error.dnsAError != nil || error.dnsAAAAError != nil { return "the host name \(error.host) is not known" }
        return "no connection to \(error.host):\(error.port)"
    }
}

extension IOError {
    /// The system's words for the error.
    fileprivate var reasonText: String {
        switch errnoCode {
        case ECONNREFUSED: "connection refused"
        case ECONNRESET, EPIPE: "it closed the connection"
        case ETIMEDOUT: "no answer from the host"
        case EHOSTUNREACH, ENETUNREACH: "no route to the host"
        default: String(cString: strerror(errnoCode))
        }
    }
}
