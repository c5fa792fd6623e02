import JSONScanning
import SemanticCache
struct ProblemCode {
    var code: String; var status: Int; var title: String
    static let payloadTooLarge = ProblemCode(code: "payload_too_large", status: 413, title: "Payload too large")
    static let headersTooLarge = ProblemCode(code: "headers_too_large", status: 431, title: "x")
    static let requestTimeout = ProblemCode(code: "request_timeout", status: 408, title: "x")
    static let invalidRequest = ProblemCode(code: "invalid_request", status: 400, title: "x")
    static let invalidJSON = ProblemCode(code: "invalid_json", status: 400, title: "x")
    static let invalidTicket = ProblemCode(code: "invalid_ticket", status: 403, title: "x")
    static let redisUnavailable = ProblemCode(code: "redis_unavailable", status: 503, title: "x")
    static let redisFull = ProblemCode(code: "redis_full", status: 503, title: "x")
    static let notFound = ProblemCode(code: "not_found", status: 404, title: "x")
    static let forbidden = ProblemCode(code: "forbidden", status: 403, title: "x")
    static let unauthorized = ProblemCode(code: "unauthorized", status: 401, title: "x")
    static let methodNotAllowed = ProblemCode(code: "method_not_allowed", status: 405, title: "x")
    static let rateLimited = ProblemCode(code: "rate_limited", status: 429, title: "x")
    static let internalError = ProblemCode(code: "internal", status: 500, title: "x")
}
struct Problem { var type: String; var title: String; var status: Int; var detail: String; var code: String
  init(_ c: ProblemCode, detail: String) { type = "about:blank"; title = c.title; status = c.status; self.detail = detail; code = c.code } }
enum StreamError: Error { case truncated, errorEvent, invalidEvent(Int, String), notStreamable }
enum StreamReplay { static func events(for r: JSONValue, endpoint: Endpoint, includesUsage: Bool) throws(StreamError) -> [UInt8] { throw .notStreamable } }
enum StreamAssembly { static func response(fromEvents events: [JSONValue], endpoint: Endpoint) throws(StreamError) -> [UInt8] { throw .notStreamable } }
extension Endpoint { func assess(_ r: JSONValue) -> ResponseAssessment { ResponseAssessment(refusal: nil, usage: nil) } }
