import CacheAPI
import NIOHTTP1

/// One HTTP request, as the routes see it: the fields that they use, already picked out.
struct HTTPCall {
    var method: HTTPMethod
    /// The path, without query.
    var path: String
    /// What follows the question mark; empty without one.
    var query: Substring
    /// The value of `Authorization`.
    var authorization: String?
    /// Whether `Accept` names `text/event-stream`.
    var acceptsEventStream = false
    /// The value of `X-Request-Id`, when it is one that may be echoed.
    var requestID: String?
    /// Where in a trace the caller says to be.
    var traceHeaders = TraceHeaders()
    /// The value of `If-None-Match`.
    var ifNoneMatch: String?
    /// The value of `Host`.
    var host: String?
    /// Whether a browser sent this on behalf of a page from elsewhere.
    var isCrossOrigin = false
    /// Whether the client waits for `100 Continue`.
    var expectsContinue = false
    /// `Content-Length`, when it is there.
    var announcedBytes: Int?
    /// Whether the connection stays open after the answer.
    var keepsAlive: Bool
    /// Whether the client takes the connection to end unless the answer says that it stays, as HTTP/1.0 has it.
    var isHTTP10: Bool
    /// Why the request is not taken, when its head alone says so.
    private(set) var flaw: (code: ProblemCode, detail: String)?
    /// The answer, when the connection has made it without asking a route.
    var refusal: HTTPAnswer?
    /// The body.
    var body: [UInt8] = []
    /// When the request was complete, on the monotonic clock, in nanoseconds.
    var arrivedAt: UInt64 = 0

    /// Picks the fields out of a request's head.
    init(_ head: HTTPRequestHead) {
        method = head.method
        isHTTP10 = head.version == .http1_0
        // The decoder reads nothing more after what may begin another protocol.
        keepsAlive = head.isKeepAlive && method != .CONNECT
        let target = HTTPCall.originForm(head.uri)
        if let mark = target.utf8.firstIndex(of: UInt8(ascii: "?")) {
            path = String(target[..<mark])
            query = target[target.utf8.index(after: mark)...]
        } else {
            path = String(target)
            query = ""
        }
        var origin: String?
        for (name, written) in head.headers {
            let value = HTTPCall.trimmed(written)
            switch name.utf8.count {
            case 4 where equalsIgnoringCase(name, "host"):
                if host != nil { flaw = (.invalidRequest, "the Host header appears twice") }
                host = value
            case 6 where equalsIgnoringCase(name, "accept"):
                acceptsEventStream = acceptsEventStream || HTTPCall.namesEventStream(value)
            case 6 where equalsIgnoringCase(name, "expect"):
                expectsContinue = !isHTTP10 && equalsIgnoringCase(value, "100-continue")
            case 6 where equalsIgnoringCase(name, "origin"): origin = value
            case 10 where equalsIgnoringCase(name, "tracestate"): traceHeaders.add(state: value)
            case 11 where equalsIgnoringCase(name, "traceparent"): traceHeaders.add(parent: value)
            case 12 where equalsIgnoringCase(name, "x-request-id"):
                if HTTPCall.mayEcho(value) { requestID = value }
            case 13 where equalsIgnoringCase(name, "authorization"):
                if authorization != nil { flaw = (.invalidRequest, "the Authorization header appears twice") }
                authorization = value
            case 13 where equalsIgnoringCase(name, "if-none-match"): ifNoneMatch = value
            case 14 where equalsIgnoringCase(name, "content-length"): announcedBytes = Int(value)
            case 7 where equalsIgnoringCase(name, "upgrade"): keepsAlive = false
            case 16 where equalsIgnoringCase(name, "content-encoding") && !equalsIgnoringCase(value, "identity"):
                flaw = (
                    .unsupportedMediaType,
                    "the body is encoded as \(value.prefix(32)); send plain JSON without Content-Encoding"
                )
            default: break
            }
        }
        if host == nil, !isHTTP10 { flaw = (.invalidRequest, "the Host header, which HTTP/1.1 requires, is missing") }
        if let origin {
            isCrossOrigin = host.map { origin != "http://\($0)" && origin != "https://\($0)" } ?? true
        }
    }

    /// Whether an `Accept` value names event streams; most are too short to.
    private static func namesEventStream(_ value: String) -> Bool {
        value.utf8.count >= 17 && value.lowercased().contains("text/event-stream")
    }

    /// What follows the authority in `http://authority/path?query`; any other target as it is (RFC 9112, section 3.2).
    private static func originForm(_ target: String) -> Substring {
        let whole = target[...]
        if target.utf8.first == UInt8(ascii: "/") { return whole }
        for (count, scheme) in [(7, "http://" as StaticString), (8, "https://")]
        where equalsIgnoringCase(String(target.prefix(count)), scheme) {
            let rest = whole.dropFirst(count)
            guard let end = rest.utf8.firstIndex(where: { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "?") }) else {
                return "/"
            }
            return rest[end...]
        }
        return whole
    }

    /// A header's value without the white space behind it, which the decoder leaves there.
    @inline(__always)
    private static func trimmed(_ value: String) -> String {
        guard let last = value.utf8.last, last == 0x20 || last == 0x09 else { return value }
        let end = value.utf8.lastIndex { $0 != 0x20 && $0 != 0x09 }
        return end.map { String(value[...$0]) } ?? ""
    }

    /// Whether a request id is 1 to 128 visible ASCII characters.
    private static func mayEcho(_ value: String) -> Bool {
        1...128 ~= value.utf8.count && value.utf8.allSatisfy { 0x21...0x7E ~= $0 }
    }
}
