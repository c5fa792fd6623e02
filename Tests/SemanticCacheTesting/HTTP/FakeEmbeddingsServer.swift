import JSONScanning
import NIOHTTP1
import Synchronization

/// An embeddings server on loopback that answers as it is told and remembers what it was asked.
public final class FakeEmbeddingsServer: Sendable {
    /// What was asked.
    public struct Ask: Sendable {
        /// The path.
        public var uri: String
        /// The header that presents the key.
        public var authorization: String?
        /// The texts whose vectors are wanted.
        public var texts: [String]
        /// The model that is named.
        public var model: String?
        /// How vectors shall be written.
        public var encodingFormat: String?
    }

    /// What is answered.
    public enum Reply: Sendable {
        /// A vector for each text.
        case vectors
        /// These bytes.
        case raw(String, status: Int = 200, headers: [(String, String)] = [])
        /// Nothing; the connection stays open.
        case silence
        /// A head that promises more than comes before the connection is closed.
        case half
        /// So many bytes.
        case bytes(Int)
        /// The connection is closed.
        case hangUp
    }

    /// Components of the vectors.
    public static let dimensions = 4

    private struct State {
        var asks: [Ask] = []
        var isHeld = false
        var held: [@Sendable () -> Void] = []
        var respond: @Sendable (Ask) -> Reply
        var server: LoopbackServer?
    }

    private final class Shared: Sendable {
        let state: Mutex<State>
        init(_ respond: @escaping @Sendable (Ask) -> Reply) { state = Mutex(State(respond: respond)) }
    }

    private let shared: Shared
    /// The port on 127.0.0.1.
    public let port: Int

    /// The base URL of its API.
    public var url: String { "http://127.0.0.1:\(port)/v1" }

    /// Everything that was asked so far, probes included.
    public var asks: [Ask] { shared.state.withLock { $0.asks } }

    /// From now on answers with `respond`.
    public func respond(_ respond: @escaping @Sendable (Ask) -> Reply) {
        shared.state.withLock { $0.respond = respond }
    }

    /// Keeps answers back until ``release()``.
    public func hold() { shared.state.withLock { $0.isHeld = true } }

    /// Lets the answers go that were kept back.
    public func release() {
        let held = shared.state.withLock { state in
            state.isHeld = false
            defer { state.held = [] }
            return state.held
        }
        for answer in held { answer() }
    }

    /// Goes away: connections are closed and none are taken.
    public func stop() async {
        let server = shared.state.withLock { $0.server.take() }
        await server?.stop()
    }

    /// Comes back on the same port.
    public func restart() async throws {
        let server = try await Self.listen(port: port, shared)
        shared.state.withLock { $0.server = server }
    }

    /// Runs `body` with a server.
    public static func run<Result>(
        port: Int = 0,
        _ respond: @escaping @Sendable (Ask) -> Reply = { _ in .vectors },
        _ body: (FakeEmbeddingsServer) async throws -> Result
    ) async throws -> Result {
        let shared = Shared(respond)
        let listening = try await listen(port: port, shared)
        shared.state.withLock { $0.server = listening }
        let server = FakeEmbeddingsServer(shared, port: listening.port)
        let result: Swift.Result<Result, any Error>
        do { result = .success(try await body(server)) } catch { result = .failure(error) }
        await server.stop()
        return try result.get()
    }

    private init(_ shared: Shared, port: Int) {
        self.shared = shared
        self.port = port
    }

    /// The vector of a text: another direction for each text, not of unit length.
    public static func vector(of text: String) -> [Float] {
        var sum: UInt32 = 7
        for byte in text.utf8 { sum = sum &* 31 &+ UInt32(byte) }
        return (0..<UInt32(dimensions)).map { Float((sum >> ($0 * 4)) & 15) + 1 }
    }

    /// The list that OpenAI answers, the vectors as they are.
    public static func list(_ vectors: [[Float]]) -> String {
        list(embeddings: vectors.map { "[\($0.map { "\($0)" }.joined(separator: ", "))]" })
    }

    /// The list that OpenAI answers, with these JSON values as embeddings.
    public static func list(embeddings: [String]) -> String {
        let data = embeddings.enumerated().map { index, embedding in
            #"{"object": "embedding", "index": \#(index), "embedding": \#(embedding)}"#
        }
        return #"{"object": "list", "data": [\#(data.joined(separator: ","))], "usage": {"total_tokens": 1}}"#
    }

    private static func listen(port: Int, _ shared: Shared) async throws -> LoopbackServer {
        try await LoopbackServer.start(port: port) { request, reply in
            guard let json = try? JSONDocument(request.body).root else { return reply.hangUp() }
            let ask = Ask(
                uri: request.head.uri,
                authorization: request.head.headers.first(name: "authorization"),
                texts: json["input"]?.elements.compactMap(\.string) ?? [],
                model: json["model"]?.string,
                encodingFormat: json["encoding_format"]?.string
            )
            let send: (@Sendable () -> Void)? = shared.state.withLock { state in
                state.asks.append(ask)
                let answer = state.respond(ask)
                let send: @Sendable () -> Void = { Self.send(answer, to: ask, reply) }
                guard state.isHeld else { return send }
                state.held.append(send)
                return nil
            }
            send?()
        }
    }

    private static func send(_ answer: Reply, to ask: Ask, _ reply: LoopbackReply) {
        switch answer {
        case .vectors: reply.send(200, [], Array(list(ask.texts.map(vector)).utf8))
        case .raw(let text, let status, let headers): reply.send(status, headers, Array(text.utf8))
        case .silence: break
        case .half: reply.sendHalf(of: 5000, Array(#"{"data": [{"embedding": [1, 2"#.utf8))
        case .bytes(let count): reply.send(200, [], [UInt8](repeating: 0x20, count: count))
        case .hangUp: reply.hangUp()
        }
    }
}
