/// The stable words by which a program tells problems apart.
public enum ProblemCode: String, Sendable, Hashable, CaseIterable, Codable {
    /// The body is not JSON that is accepted.
    case invalidJSON = "invalid_json"
    /// The body, path or query is not what the route takes.
    case invalidRequest = "invalid_request"
    /// No key, or an unknown one.
    case unauthorized
    /// The key's scopes or namespaces do not cover this.
    case forbidden
    /// The ticket was not made here, or for another namespace, or has expired.
    case invalidTicket = "invalid_ticket"
    /// No such route or entry.
    case notFound = "not_found"
    /// The route exists, with other methods.
    case methodNotAllowed = "method_not_allowed"
    /// The client was too slow to send its request.
    case requestTimeout = "request_timeout"
    /// The body is over `limits.request_bytes`.
    case payloadTooLarge = "payload_too_large"
    /// The body has a `Content-Encoding`.
    case unsupportedMediaType = "unsupported_media_type"
    /// The key is over its rate.
    case rateLimited = "rate_limited"
    /// The request line and headers are over `limits.header_bytes`.
    case headersTooLarge = "headers_too_large"
    /// A fault of semcached itself.
    case internalError = "internal"
    /// Redis does not answer.
    case redisUnavailable = "redis_unavailable"
    /// Redis is at its memory limit.
    case redisFull = "redis_full"

    /// The HTTP status.
    public var status: Int { row.status }
    /// The status' phrase (RFC 9110), as RFC 9457 wants it for the type `about:blank`.
    public var title: String { row.title }

    private var row: (status: Int, title: String) {
        switch self {
        case .invalidJSON: (400, "Bad Request")
        case .invalidRequest: (400, "Bad Request")
        case .unauthorized: (401, "Unauthorized")
        case .forbidden: (403, "Forbidden")
        case .invalidTicket: (403, "Forbidden")
        case .notFound: (404, "Not Found")
        case .methodNotAllowed: (405, "Method Not Allowed")
        case .requestTimeout: (408, "Request Timeout")
        case .payloadTooLarge: (413, "Content Too Large")
        case .unsupportedMediaType: (415, "Unsupported Media Type")
        case .rateLimited: (429, "Too Many Requests")
        case .headersTooLarge: (431, "Request Header Fields Too Large")
        case .internalError: (500, "Internal Server Error")
        case .redisUnavailable: (503, "Service Unavailable")
        case .redisFull: (503, "Service Unavailable")
        }
    }
}
