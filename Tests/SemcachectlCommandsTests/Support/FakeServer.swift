import CacheAPI
import NIOHTTP1
import SemanticCacheTesting
import Synchronization

/// An HTTP server on loopback that answers as it is told and remembers what it was asked.
final class FakeServer: Sendable {
    struct Request: Sendable {
        var method: String
        var uri: String
        var headers: [String: String]
        var body: [UInt8]

        var path: String { String(uri.prefix { $0 != "?" }) }
        var text: String { String(decoding: body, as: UTF8.self) }
    }

    struct Answer: Sendable {
        var status = 200
        var headers: [(String, String)] = [("content-type", "application/json")]
        var body: [UInt8] = []

        /// No answer at all; the connection stays open.
        static let silence = Answer(status: 0)

        static func json(_ text: String, status: Int = 200) -> Answer {
            Answer(status: status, body: Array(text.utf8))
        }

        static func body(_ body: some Encodable, status: Int = 200) -> Answer {
            Answer(status: status, body: (try? BodyEncoder.encode(body)) ?? [])
        }

        static func problem(_ code: ProblemCode, _ detail: String, retryAfter: Int? = nil) -> Answer {
            var answer = Answer.body(Problem(code, detail: detail), status: code.status)
            if let retryAfter { answer.headers.append(("retry-after", String(retryAfter))) }
            return answer
        }
    }

    typealias Responder = @Sendable (Request) -> Answer

    let url: String
    private let received: Received

    private final class Received: Sendable {
        let requests = Mutex<[Request]>([])
    }

    private init(port: Int, received: Received) {
        self.received = received
        url = "http://127.0.0.1:\(port)"
    }

    /// Everything that was asked so far.
    var requests: [Request] { received.requests.withLock { $0 } }

    /// Runs `body` with a server that answers with `respond`.
    static func run<Result>(
        _ respond: @escaping Responder,
        _ body: (FakeServer) async throws -> Result
    ) async throws -> Result {
        let received = Received()
        let server = try await LoopbackServer.start { asked, reply in
            let request = Request(asked)
            received.requests.withLock { $0.append(request) }
            let answer = respond(request)
            if answer.status == Answer.silence.status { return }
            reply.send(answer.status, answer.headers, answer.body)
        }
        let result: Swift.Result<Result, any Error>
        do {
            result = .success(try await body(FakeServer(port: server.port, received: received)))
        } catch {
            result = .failure(error)
        }
        await server.stop()
        return try result.get()
    }
}

extension FakeServer.Request {
    fileprivate init(_ request: LoopbackServer.Request) {
        method = request.head.method.rawValue
        uri = request.head.uri
        headers = Dictionary(
            request.head.headers.map { ($0.name.lowercased(), $0.value) },
            uniquingKeysWith: { $1 }
        )
        body = request.body
    }
}
