import AsyncHTTPClient
import CacheAPI
import NIOCore
import NIOHTTP1
import NIOSSL

/// Calls a semcached server.
///
/// Every method throws ``CacheClientError`` and nothing else. Nothing is retried. Call ``shutdown()`` when done.
public final class CacheClient: Sendable {
    /// The longest body that is read.
    static let maximumAnswerBytes = 256 << 20

    private let configuration: CacheClientConfiguration
    private let base: String
    private let http: HTTPClient

    /// Creates a client; connects when the first call is made.
    public init(_ configuration: CacheClientConfiguration) {
        self.configuration = configuration
        base = configuration.url.hasSuffix("/") ? String(configuration.url.dropLast()) : configuration.url
        var settings = HTTPClient.Configuration()
        settings.timeout.connect = TimeAmount(configuration.connectTimeout)
        settings.redirectConfiguration = .disallow
        settings.connectionPool.retryConnectionEstablishment = false
        settings.httpVersion = .http1Only
        if let file = configuration.certificateAuthorityFile {
            var tls = TLSConfiguration.makeClientConfiguration()
            tls.trustRoots = .file(file)
            settings.tlsConfiguration = tls
        }
        http = HTTPClient(eventLoopGroupProvider: .singleton, configuration: settings)
    }

    /// Closes the connections.
    public func shutdown() async {
        // A second shutdown is the only thing that fails, and there is nothing to do about it.
        try? await http.shutdown()
    }

    /// Sends a call and reads the body of a successful answer.
    func call<Answer: Decodable & Sendable>(
        _ method: HTTPMethod,
        _ path: String,
        query: [(name: String, value: String?)] = [],
        body: (any Encodable)? = nil,
        accepting statuses: Set<Int> = [200, 201],
        as type: Answer.Type
    ) async throws(CacheClientError) -> CacheAnswer<Answer> {
        let answer = try await send(method, path, query: query, body: body, accepting: statuses)
        do {
            let body = try BodyDecoder.decode(Answer.self, from: answer.body)
            return CacheAnswer(body: body, json: answer.body, date: answer.headers.first(name: "date"))
        } catch {
            throw .unexpected(status: answer.status, detail: "its body is not \(Answer.self): \(Self.phrase(error))")
        }
    }

    /// Sends a call and returns the bytes of a successful answer.
    func send(
        _ method: HTTPMethod,
        _ path: String,
        query: [(name: String, value: String?)] = [],
        body: (any Encodable)? = nil,
        accepting statuses: Set<Int> = [200, 201, 204]
    ) async throws(CacheClientError) -> (status: Int, headers: HTTPHeaders, body: [UInt8]) {
        var request = HTTPClientRequest(url: base + path + QueryText.query(query))
        request.method = method
        request.headers.add(name: "accept", value: "application/json")
        request.headers.add(name: "user-agent", value: "semcached-client/\(Version.current)")
        if let key = configuration.apiKey {
            request.headers.add(name: "authorization", value: "Bearer \(key.secret)")
        }
        if let body {
            guard let bytes = try? BodyEncoder.encode(body) else {
                throw .unexpected(status: 0, detail: "the body to send has a number that JSON cannot carry")
            }
            request.headers.add(name: "content-type", value: "application/json")
            request.body = .bytes(ByteBuffer(bytes: bytes))
        }

        let response: HTTPClientResponse
        let bytes: [UInt8]
        do {
            response = try await http.execute(request, timeout: TimeAmount(configuration.answerTimeout))
            bytes = Array(try await response.body.collect(upTo: Self.maximumAnswerBytes).readableBytesView)
        } catch {
            throw .unreachable(url: base, reason: TransportReason.phrase(error, configuration))
        }
        let status = Int(response.status.code)
        guard statuses.contains(status) else { throw refusal(status, response.headers, bytes) }
        return (status, response.headers, bytes)
    }

    private func refusal(_ status: Int, _ headers: HTTPHeaders, _ bytes: [UInt8]) -> CacheClientError {
        if let problem = try? BodyDecoder.decode(Problem.self, from: bytes) {
            return .problem(problem, retryAfter: headers.first(name: "retry-after").flatMap { Int($0) })
        }
        return .unexpected(status: status, detail: bytes.isEmpty ? "it has no body" : "it is not a problem document")
    }

    private static func phrase(_ error: any Error) -> String {
        guard let error = error as? DecodingError else { return String(describing: error) }
        switch error {
        case .typeMismatch(_, let context), .valueNotFound(_, let context), .dataCorrupted(let context):
            return "\(path(context.codingPath)) \(context.debugDescription)"
        case .keyNotFound(let key, let context): return "\(path(context.codingPath + [key])) is missing"
        @unknown default: return "it has another shape"
        }
    }

    private static func path(_ keys: [any CodingKey]) -> String {
        keys.reduce(into: "$") { $0 += ".\($1.stringValue)" }
    }
}
