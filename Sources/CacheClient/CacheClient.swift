import CacheAPI
import NIOHTTP1

/// Asks a semcached server for answers of language models, and gives it those that it lacks.
///
/// ``cached(_:upstream:)`` does all that a gateway needs; equal requests that arrive meanwhile, here or at any other
/// gateway, wait for the one upstream call that it makes.
///
/// ```swift
/// import CacheClient
///
/// let cache = try CacheClient(url: "http://127.0.0.1:9470")
/// let request = try JSONText(
///     #"{"model": "gpt-4o", "messages": [{"role": "user", "content": "How do I reset my password?"}]}"#
/// )
/// let answer = try await cache.cached(LookupBody(namespace: "support", request: request)) {
///     try await callUpstream(request.bytes)
/// }
/// print(answer.use.hit?.tier ?? "upstream", answer.response.count)
/// await cache.shutdown()
/// ```
///
/// A cache that fails is a bypass, never an error of the lookup. Calls may be made from any task at the same time;
/// nothing is retried. Call ``shutdown()`` when done.
public final class CacheClient: Sendable {
    let configuration: CacheClientConfiguration
    private let transport: CacheTransport

    /// Creates a client; connects when the first call is made.
    ///
    /// - Throws: ``CacheClientError/misconfigured(_:)`` when the URL is not one of a server.
    public init(_ configuration: CacheClientConfiguration) throws(CacheClientError) {
        if let fault = CacheClientConfiguration.fault(inURL: configuration.url) {
            throw .misconfigured("the server's URL \(fault)")
        }
        self.configuration = configuration
        transport = CacheTransport(configuration)
    }

    /// Creates a client of the server at `url`, such as `http://127.0.0.1:9470`, that calls it with `apiKey`.
    ///
    /// - Throws: ``CacheClientError/misconfigured(_:)`` when the URL is not one of a server, or the key is not one line
    ///   of visible ASCII characters.
    public convenience init(url: String, apiKey: String? = nil) throws(CacheClientError) {
        var key: APIKey?
        if let apiKey {
            key = APIKey(apiKey)
            guard key != nil else { throw .misconfigured("the key must be one line of visible ASCII characters") }
        }
        try self.init(CacheClientConfiguration(url: url, apiKey: key))
    }

    /// Closes the connections; no call may be made afterwards.
    public func shutdown() async { await transport.shutdown() }

    /// Makes a call and reads the body of a successful answer.
    func answer<Body: Decodable & Sendable>(
        to call: CacheCall,
        as type: Body.Type
    ) async throws(CacheClientError) -> CacheAnswer<Body> {
        let reply = try await reply(to: call)
        let body = try Self.decode(type, from: reply)
        return CacheAnswer(body: body, json: reply.body, date: reply.headers.first(name: "date"))
    }

    /// Makes a call.
    func reply(to call: CacheCall) async throws(CacheClientError) -> CacheReply {
        try await transport.reply(to: call)
    }

    /// Reads the body of an answer.
    static func decode<Body: Decodable>(
        _ type: Body.Type,
        from reply: CacheReply
    ) throws(CacheClientError) -> Body {
        do {
            return try BodyDecoder.decode(type, from: reply.body)
        } catch {
            throw .unexpected(status: reply.status, detail: "its body is not \(type): \(phrase(error))")
        }
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
