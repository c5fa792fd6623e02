import CacheAPI
import Logging
import NIOConcurrencyHelpers
import NIOCore
import NIOHTTP1
import SemanticCache

/// Everything that one event loop of the server works with; touched on that loop only.
final class ServerLoop {
    let eventLoop: any EventLoop
    let configuration: ServerConfiguration
    let services: ServerServices
    let parts: LoopParts
    let router: Router
    let logger: Logger
    let clock: EngineClock
    let limiter: RateLimiter
    let peers: ServerPeers
    /// Traces and logs requests; nil when neither is wanted.
    let observer: RequestObserver?
    var keys: AccessKeys?
    var connections: [ObjectIdentifier: ConnectionHandler] = [:]
    /// Error answers by what went wrong.
    var problems: [ProblemCode: Int] = [:]
    /// Tickets that were not taken.
    var ticketRefusals: [TicketRefusal: Int] = [:]

    private var dateLine: [UInt8] = []
    /// Memory for the head of an answer, used again for each.
    private var scratch: [UInt8] = []
    private var dateSecond: Int64 = -1
    private var requestIDs = RequestIDs()
    private var sweep: Scheduled<Void>?
    private var refusedConnections = 0

    init(
        eventLoop: any EventLoop,
        configuration: ServerConfiguration,
        services: ServerServices,
        parts: LoopParts,
        keys: AccessKeys?,
        limiter: RateLimiter,
        peers: ServerPeers,
        clock: EngineClock,
        logger: Logger
    ) {
        self.eventLoop = eventLoop
        self.configuration = configuration
        self.services = services
        self.parts = parts
        self.keys = keys
        self.limiter = limiter
        self.peers = peers
        self.clock = clock
        self.logger = logger
        router = Router()
        observer = RequestObserver(services)
    }

    var engine: CacheEngine { parts.engine }

    /// Begins to look after timeouts, once a second.
    func start() {
        sweep = eventLoop.assumeIsolated().scheduleTask(in: .seconds(1)) { [self] in
            let now = NIODeadline.now()
            for connection in Array(connections.values) { connection.checkTimeouts(now: now) }
            if refusedConnections > 1 {
                logger.warning(
                    "refused more connections: limits.connections is reached",
                    metadata: ["count": "\(refusedConnections - 1)"]
                )
            }
            refusedConnections = 0
            start()
        }
    }

    /// Closes every connection at once, and ends what is still to be told to Redis.
    func stop() -> EventLoopFuture<Void> {
        sweep?.cancel()
        for connection in Array(connections.values) { connection.close() }
        return parts.finish()
    }

    /// Lets every connection say with its next answer that it is the last one.
    func announceEnd() {
        for connection in Array(connections.values) { connection.announceEnd() }
    }

    /// Lets every connection finish what it has begun.
    func drain() {
        for connection in Array(connections.values) { connection.drain() }
    }

    /// Logs the first refused connection of a second at once, the others with their number when it ends.
    func warnOfRefusedConnection() {
        refusedConnections += 1
        if refusedConnections == 1 { logger.warning("refused a connection: limits.connections is reached") }
    }

    /// Counts an answer at its route.
    func count(_ answer: HTTPAnswer, to exchange: Exchange) {
        let nanoseconds = clock.uptime() &- exchange.call.arrivedAt
        (exchange.route ?? router.other).answers.record(status: answer.status, nanoseconds: nanoseconds)
        if let problem = answer.problem { problems[problem, default: 0] += 1 }
    }

    /// A new request id.
    func makeRequestID() -> String {
        var bytes: [UInt8] = []
        requestIDs.appendNext(to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    func connectionEnded() { peers.connectionEnded() }

    /// Writes the bytes of an answer on the wire into `bytes`, which is empty; without a request id it makes one.
    func encode(
        _ answer: HTTPAnswer,
        to call: HTTPCall,
        requestID: String?,
        closes: Bool,
        into bytes: inout ByteBuffer
    ) {
        let now = clock.now()
        if now.milliseconds / 1000 != dateSecond {
            dateSecond = now.milliseconds / 1000
            dateLine.removeAll(keepingCapacity: true)
            dateLine.append("date: ")
            dateLine.append(httpDate: now)
            dateLine.append("\r\n")
        }
        var head = scratch
        scratch = []
        head.removeAll(keepingCapacity: true)
        head.append(StatusLine.text(for: answer.status))
        head.append(contentsOf: answer.headerLines)
        if answer.status != 204, answer.status != 304 {
            head.append("content-length: ")
            head.append(decimal: answer.bodyCount)
            head.append("\r\n")
        }
        head.append(contentsOf: dateLine)
        head.append("x-request-id: ")
        if let requestID { head.append(requestID) } else { requestIDs.appendNext(to: &head) }
        head.append("\r\n")
        if closes {
            head.append("connection: close\r\n")
        } else if call.isHTTP10 {
            head.append("connection: keep-alive\r\n")
        }
        head.append("\r\n")
        bytes.reserveCapacity(head.count + answer.bodyCount)
        bytes.writeBytes(head)
        if call.method != .HEAD {
            bytes.writeBytes(answer.body[..<answer.insertion.offset])
            bytes.writeBytes(answer.insertion.bytes)
            bytes.writeBytes(answer.body[answer.insertion.offset...])
        }
        scratch = head
    }
}

/// Makes request ids that are unlikely to meet another process' ids: 16 random hexadecimal digits and a number.
struct RequestIDs {
    private let prefix: [UInt8]
    private var count = 0

    init() {
        let random = UInt64.random(in: .min ... .max)
        let text = String(random, radix: 16)
        prefix = Array(repeatElement(UInt8(ascii: "0"), count: 16 - text.utf8.count)) + Array(text.utf8)
    }

    mutating func appendNext(to bytes: inout [UInt8]) {
        count += 1
        bytes.append(contentsOf: prefix)
        bytes.append(UInt8(ascii: "-"))
        bytes.append(decimal: count)
    }
}

/// The status lines of the statuses that are used.
enum StatusLine {
    static func text(for status: Int) -> StaticString {
        switch status {
        case 200: "HTTP/1.1 200 OK\r\n"
        case 201: "HTTP/1.1 201 Created\r\n"
        case 204: "HTTP/1.1 204 No Content\r\n"
        case 304: "HTTP/1.1 304 Not Modified\r\n"
        case 400: "HTTP/1.1 400 Bad Request\r\n"
        case 401: "HTTP/1.1 401 Unauthorized\r\n"
        case 403: "HTTP/1.1 403 Forbidden\r\n"
        case 404: "HTTP/1.1 404 Not Found\r\n"
        case 405: "HTTP/1.1 405 Method Not Allowed\r\n"
        case 408: "HTTP/1.1 408 Request Timeout\r\n"
        case 413: "HTTP/1.1 413 Content Too Large\r\n"
        case 415: "HTTP/1.1 415 Unsupported Media Type\r\n"
        case 424: "HTTP/1.1 424 Failed Dependency\r\n"
        case 429: "HTTP/1.1 429 Too Many Requests\r\n"
        case 431: "HTTP/1.1 431 Request Header Fields Too Large\r\n"
        case 503: "HTTP/1.1 503 Service Unavailable\r\n"
        default: "HTTP/1.1 500 Internal Server Error\r\n"
        }
    }
}
