import AsyncHTTPClient
import CacheAPI
import NIOCore
import NIOHTTP1
import NIOSSL

/// One call: what is sent, how long it may take, and which statuses are its success.
struct CacheCall {
    var method: HTTPMethod
    var path: String
    var query: [(name: String, value: String?)] = []
    var body: (any Encodable)?
    var accept = "application/json"
    var statuses: Set<Int> = [200, 201]
    /// The connection and the whole answer included.
    var timeout: Duration
    /// Whether it is a lookup, which may wait for another caller's fill.
    var mayWait = false
    /// Whether it is sent and answered even when the task is cancelled.
    var outlastsCancellation = false
}

/// An answer, read whole.
struct CacheReply: Sendable {
    var status: Int
    var headers: HTTPHeaders
    var body: [UInt8]
}

/// The connections to a server.
///
/// Lookups have connections of their own: those that wait hold theirs, and a store that ends the waiting must not queue
/// behind them.
struct CacheTransport: Sendable {
    /// The longest body that is read.
    static let maximumAnswerBytes = 256 << 20

    private let configuration: CacheClientConfiguration
    private let base: String
    private let lookups: HTTPClient
    private let others: HTTPClient

    /// Prepares connections, which are opened when they are needed.
    init(_ configuration: CacheClientConfiguration) {
        self.configuration = configuration
        base = configuration.url.hasSuffix("/") ? String(configuration.url.dropLast()) : configuration.url
        var settings = HTTPClient.Configuration()
        settings.timeout.connect = TimeAmount(configuration.connectTimeout)
        settings.redirectConfiguration = .disallow
        settings.connectionPool.retryConnectionEstablishment = false
        settings.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = configuration.maximumConnections
        settings.httpVersion = .http1Only
        if let file = configuration.certificateAuthorityFile {
            var tls = TLSConfiguration.makeClientConfiguration()
            tls.trustRoots = .file(file)
            settings.tlsConfiguration = tls
        }
        lookups = HTTPClient(eventLoopGroupProvider: .singleton, configuration: settings)
        others = HTTPClient(eventLoopGroupProvider: .singleton, configuration: settings)
    }

    /// Closes the connections.
    func shutdown() async {
        // A second shutdown is the only thing that fails, and there is nothing to do about it.
        try? await lookups.shutdown()
        try? await others.shutdown()
    }

    /// Makes a call.
    func reply(to call: CacheCall) async throws(CacheClientError) -> CacheReply {
        var request = HTTPClientRequest(url: base + call.path + QueryText.query(call.query))
        request.method = call.method
        request.headers = ["accept": call.accept, "user-agent": "semcached-client/\(Version.current)"]
        if let key = configuration.apiKey { request.headers.add(name: "authorization", value: "Bearer \(key.secret)") }
        if let body = call.body {
            guard let bytes = try? BodyEncoder.encode(body) else {
                throw .misconfigured("the body to send has a number that JSON cannot carry")
            }
            request.headers.add(name: "content-type", value: "application/json")
            request.body = .bytes(ByteBuffer(bytes: bytes))
        }
        let http = call.mayWait ? lookups : others
        let timeout = call.timeout
        let reply: CacheReply
        do {
            if call.outlastsCancellation {
                // Calls of a cancelled task are cancelled, so this one has a task of its own, which ends here.
                reply = try await Task { [request] in try await Self.exchange(request, http, timeout) }.value
            } else {
                reply = try await Self.exchange(request, http, timeout)
            }
        } catch {
            throw .unreachable(url: base, reason: TransportReason.phrase(error, configuration, timeout))
        }
        guard call.statuses.contains(reply.status) else { throw Self.refusal(reply) }
        return reply
    }

    private static func exchange(
        _ request: HTTPClientRequest,
        _ http: HTTPClient,
        _ timeout: Duration
    ) async throws -> CacheReply {
        let deadline = ContinuousClock.now + timeout
        let response = try await http.execute(request, timeout: TimeAmount(timeout))
        // The timeout of the client ends with the answer's head.
        let body = try await withThrowingTaskGroup(of: ByteBuffer.self) { group in
            group.addTask { try await response.body.collect(upTo: maximumAnswerBytes) }
            group.addTask {
                try await Task.sleep(until: deadline, clock: .continuous)
                throw HTTPClientError.deadlineExceeded
            }
            defer { group.cancelAll() }
            return try await group.next() ?? ByteBuffer()
        }
        return CacheReply(
            status: Int(response.status.code),
            headers: response.headers,
            body: Array(body.readableBytesView)
        )
    }

    private static func refusal(_ reply: CacheReply) -> CacheClientError {
        if let problem = try? BodyDecoder.decode(Problem.self, from: reply.body) {
            return .problem(problem, retryAfter: reply.headers.first(name: "retry-after").flatMap { Int($0) })
        }
        let detail = reply.body.isEmpty ? "it has no body" : "it is not a problem document"
        return .unexpected(status: reply.status, detail: detail)
    }
}
