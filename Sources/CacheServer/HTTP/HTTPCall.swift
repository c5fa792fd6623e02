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
    /// Whether a browser sent this on behalf of a page from elsewhere.
    var isCrossOrigin = false
    /// Whether the client waits for `100 Continue`.
    var expectsContinue = false
    /// `Content-Length`, when it is there.
    var announcedBytes: Int?
    /// Whether the connection stays open after the answer.
    var keepsAlive: Bool
    /// The body.
    var body: [UInt8] = []
    /// When the request was complete, on the monotonic clock, in nanoseconds.
    var arrivedAt: UInt64 = 0

    /// Picks the fields out of a request's head.
    init(_ head: HTTPRequestHead) {
        method = head.method
        keepsAlive = head.isKeepAlive
        if let mark = head.uri.utf8.firstIndex(of: UInt8(ascii: "?")) {
            path = String(head.uri[..<mark])
            query = head.uri[head.uri.utf8.index(after: mark)...]
        } else {
            path = head.uri
            query = ""
        }
        var origin: String?
        var host: String?
        for (name, value) in head.headers {
            switch name.utf8.count {
            case 4 where equalsIgnoringCase(name, "host"): host = value
            case 6 where equalsIgnoringCase(name, "accept"):
                acceptsEventStream = acceptsEventStream || HTTPCall.namesEventStream(value)
            case 6 where equalsIgnoringCase(name, "expect"):
                expectsContinue = equalsIgnoringCase(value, "100-continue")
            case 6 where equalsIgnoringCase(name, "origin"): origin = value
            case 12 where equalsIgnoringCase(name, "x-request-id"):
                if HTTPCall.mayEcho(value) { requestID = value }
            case 13 where equalsIgnoringCase(name, "authorization"): authorization = value
            case 14 where equalsIgnoringCase(name, "content-length"): announcedBytes = Int(value)
            default: break
            }
        }
        if let origin {
            isCrossOrigin = host.map { origin != "http://\($0)" && origin != "https://\($0)" } ?? true
        }
    }

    /// Whether an `Accept` value names event streams; most are too short to.
    private static func namesEventStream(_ value: String) -> Bool {
        value.utf8.count >= 17 && value.lowercased().contains("text/event-stream")
    }

    /// Whether a request id is 1 to 128 visible ASCII characters.
    private static func mayEcho(_ value: String) -> Bool {
        1...128 ~= value.utf8.count && value.utf8.allSatisfy { 0x21...0x7E ~= $0 }
    }
}
