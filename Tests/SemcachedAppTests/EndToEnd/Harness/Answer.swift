import AsyncHTTPClient
import Foundation
import JSONScanning
import NIOCore
import NIOHTTP1
import Testing

/// An HTTP answer, read whole.
struct Answer: Sendable, CustomStringConvertible {
    let status: Int
    let headers: HTTPHeaders
    let body: [UInt8]

    /// The body's JSON; null when it is not JSON.
    var json: JSONValue { ((try? JSONDocument(body)) ?? Answer.none).root }
    /// The body as text.
    var text: String { String(decoding: body, as: UTF8.self) }

    /// A member of the body.
    subscript(name: StaticString) -> JSONValue? { json[name] }

    /// The value of a header.
    func header(_ name: String) -> String? { headers.first(name: name) }

    var description: String { "\(status) \(text)" }

    /// `STATUS code` of a problem document; the whole answer when it is none.
    var problem: String {
        guard header("content-type") == "application/problem+json", let code = string("code") else {
            return "\(status) \(text)"
        }
        return "\(status) \(code)"
    }

    /// What a problem document says is wrong; empty for other answers.
    var detail: String { string("detail") ?? "" }

    /// The answer that a hit carries, as JSON text.
    var response: String { self["response"].map { String(decoding: $0.rawBytes, as: UTF8.self) } ?? "" }

    /// What a miss says about the lease.
    var lease: String { self["lease"]?["state"]?.string ?? text }

    /// What a lookup or store answered: `hit`, `miss absent`, `stored`, `refused empty`; else the problem.
    var outcome: String {
        guard let status = string("status") else { return problem }
        return ([status] + [string("reason")].compactMap(\.self)).joined(separator: " ")
    }

    /// A string member of the body.
    func string(_ name: StaticString) -> String? { json[name]?.string }

    private static let none = {
        guard let document = try? JSONDocument(Array("null".utf8)) else { fatalError("null is JSON") }
        return document
    }()
}

extension Daemon {
    /// Lookups that wait hold their connections, so there must be enough for those that end the waiting.
    static let client: HTTPClient = {
        var configuration = HTTPClient.Configuration()
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 256
        return HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }()

    /// Sends a request; `body` is JSON text.
    func send(
        _ method: HTTPMethod,
        _ path: String,
        _ body: String? = nil,
        headers: [String: String] = [:]
    ) async throws -> Answer {
        var request = HTTPClientRequest(url: url(path))
        request.method = method
        for (name, value) in headers {
            request.headers.replaceOrAdd(name: name, value: value)
            if name == "authorization" { Secrets.current.note(value.replacing("Bearer ", with: "")) }
        }
        if let body {
            request.headers.replaceOrAdd(name: "content-type", value: "application/json")
            request.body = .bytes(ByteBuffer(string: body))
        }
        let response = try await Daemon.client.execute(request, timeout: .seconds(90))
        let bytes = try await response.body.collect(upTo: 64 << 20)
        return Answer(status: Int(response.status.code), headers: response.headers, body: Array(buffer: bytes))
    }

    /// `POST`s JSON.
    func post(_ path: String, _ body: String, headers: [String: String] = [:]) async throws -> Answer {
        try await send(.POST, path, body, headers: headers)
    }

    /// `GET`s.
    func get(_ path: String, headers: [String: String] = [:]) async throws -> Answer {
        try await send(.GET, path, headers: headers)
    }

    /// Looks a question up.
    func lookup(
        _ question: String,
        namespace: String = "default",
        cache: String = "{}",
        extra: String = "",
        headers: [String: String] = [:]
    ) async throws -> Answer {
        try await post(
            "/v1/lookup",
            #"{"namespace":"\#(namespace)","request":\#(chatRequest(question, extra: extra)),"cache":\#(cache)}"#,
            headers: headers
        )
    }

    /// Looks a question up that nobody has answered yet, and gives the ticket.
    func ticket(
        _ question: String,
        namespace: String = "default",
        cache: String = "{}"
    ) async throws -> String {
        let answer = try await lookup(question, namespace: namespace, cache: cache)
        return try #require(answer.string("ticket"), "\(answer.text)")
    }

    /// Stores an answer with a ticket.
    func store(ticket: String, _ answer: String) async throws -> Answer {
        try await post("/v1/store", #"{"ticket":"\#(ticket)","response":\#(chatResponse(answer))}"#)
    }

    /// Stores an answer to a question without a ticket.
    func store(
        _ question: String,
        _ answer: String,
        namespace: String = "default",
        model: String = "gpt-4o",
        extra: String = "",
        headers: [String: String] = [:]
    ) async throws -> Answer {
        try await post(
            "/v1/store",
            #"{"namespace":"\#(namespace)","request":\#(chatRequest(question, model: model)),"#
                + #""response":\#(chatResponse(answer))\#(extra)}"#,
            headers: headers
        )
    }
}

/// A chat request; `extra` are further members, each after a comma.
func chatRequest(_ question: String, model: String = "gpt-4o", extra: String = "") -> String {
    Secrets.current.note(question)
    return #"{"model":"\#(model)","messages":[{"role":"user","content":"\#(question)"}]\#(extra)}"#
}

/// A whole chat answer.
func chatResponse(_ text: String, finish: String = "stop") -> String {
    Secrets.current.note(text)
    return
        #"{"id":"chatcmpl-1","object":"chat.completion","created":1,"model":"gpt-4o","choices":[{"index":0,"message":{"role":"assistant","content":"\#(text)"},"finish_reason":"\#(finish)"}],"usage":{"prompt_tokens":100,"completion_tokens":20,"total_tokens":120}}"#
}
