import AsyncHTTPClient
import NIOCore
import NIOPosix

/// Why there was no answer, in words without headers, bodies or addresses.
enum ConnectionReason {
    static func phrase(_ error: any Error, _ configuration: RemoteEmbedderConfiguration) -> String {
        switch error {
        case let error as HTTPClientError: phrase(error, configuration)
        case let error as NIOConnectionError where error.connectionErrors.isEmpty: "its host name is not known"
        case is NIOConnectionError, is IOError: "no connection"
        default: "\(type(of: error))"
        }
    }

    private static func phrase(_ error: HTTPClientError, _ configuration: RemoteEmbedderConfiguration) -> String {
        switch error {
        case .connectTimeout: "no connection within \(configuration.connectTimeout)"
        case .deadlineExceeded: "no answer within \(configuration.requestTimeout)"
        case .remoteConnectionClosed: "it closed the connection before it had answered"
        default: error.shortDescription
        }
    }
}
