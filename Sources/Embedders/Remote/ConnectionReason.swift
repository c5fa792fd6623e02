import AsyncHTTPClient
import NIOCore
import NIOPosix

/// Why there was no answer, in words without headers, bodies or addresses.
enum ConnectionReason {
    static func phrase(_ error: any Error, _ configuration: RemoteEmbedderConfiguration) -> String {
        switch error {
        case HTTPClientError.connectTimeout: "no connection within \(configuration.connectTimeout)"
        case HTTPClientError.deadlineExceeded: "no answer within \(configuration.requestTimeout)"
        case HTTPClientError.remoteConnectionClosed: "it closed the connection before it had answered"
        case let error as HTTPClientError: error.shortDescription
        case let error as NIOConnectionError where error.connectionErrors.isEmpty: "its host name is not known"
        case is NIOConnectionError, is IOError: "no connection"
        default: "\(type(of: error))"
        }
    }
}
