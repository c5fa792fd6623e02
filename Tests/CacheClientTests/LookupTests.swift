import NIOHTTP1
import SemanticCacheTesting
import Synchronization
import Testing

@testable import CacheClient

/// Lookups of servers and of things that are none.
@Suite struct LookupTests {
    private static func body() throws -> LookupBody {
        LookupBody(namespace: "n", request: try JSONText(#"{"model":"m"}"#))
    }

    /// Runs `body` with a client of a server that answers with `respond`; both are ended afterwards.
    private static func withClient<Result>(
        lookupTimeout: Duration = .seconds(60),
        maximumConnections: Int = 8,
        respond: @escaping LoopbackServer.Respond,
        _ body: (CacheClient, LoopbackServer) async throws -> Result
    ) async throws -> Result {
        let server = try await LoopbackServer.start(respond)
        var configuration = CacheClientConfiguration(url: "http://127.0.0.1:\(server.port)")
        configuration.lookupTimeout = lookupTimeout
        configuration.maximumConnections = maximumConnections
        let client = try CacheClient(configuration)
        let result: Swift.Result<Result, any Error>
        do { result = .success(try await body(client, server)) } catch { result = .failure(error) }
        await client.shutdown()
        await server.stop()
        return try result.get()
    }

    /// Looks up at a server that answers with `respond`.
    private static func outcome(
        lookupTimeout: Duration = .seconds(60),
        _ respond: @escaping LoopbackServer.Respond
    ) async throws -> LookupOutcome<JSONText> {
        try await withClient(lookupTimeout: lookupTimeout, respond: respond) { client, _ in
            try await client.lookup(body())
        }
    }

    private static let problemType = [("content-type", "application/problem+json")]

    private static func problem(_ code: ProblemCode) throws -> [UInt8] {
        try JSONText(encoding: Problem(code, detail: "so it is")).bytes
    }

    @Test func aServerThatIsAwayIsABypass() async throws {
        try await Self.withClient(respond: { _, _ in }) { client, server in
            await server.stop()
            guard case .bypass(let bypass) = try await client.lookup(Self.body()) else {
                Issue.record("no bypass")
                return
            }
            #expect(bypass.reason == "unreachable")
            #expect(bypass.error?.description.contains("connection refused") == true)
        }
    }

    @Test func aServerThatDoesNotAnswerInTimeIsABypass() async throws {
        let outcome = try await Self.outcome(lookupTimeout: .milliseconds(50)) { _, _ in }
        guard case .bypass(let bypass) = outcome else {
            Issue.record("no bypass: \(outcome)")
            return
        }
        #expect(bypass.reason == "unreachable")
        #expect(bypass.error?.description.contains("no answer within 0.05 seconds") == true)
    }

    @Test func anAnswerThatStopsHalfWayIsABypassInTime() async throws {
        let outcome = try await Self.outcome(lookupTimeout: .milliseconds(50)) { _, reply in
            reply.sendPart(of: 1000, Array(#"{"status":"hit""#.utf8))
        }
        guard case .bypass(let bypass) = outcome else {
            Issue.record("no bypass: \(outcome)")
            return
        }
        #expect(bypass.error?.description.contains("no answer within 0.05 seconds") == true)
    }

    @Test(arguments: [
        (500, "", "unexpected_answer"), (502, "<html>", "unexpected_answer"), (200, "{", "unexpected_answer"),
        (200, #"{"status":"hit","tier":"exact"}"#, "unexpected_answer"),
        (200, #"{"status":"new"}"#, "unexpected_answer"),
    ])
    func whatIsNoServerIsABypass(status: Int, text: String, reason: String) async throws {
        let outcome = try await Self.outcome { _, reply in reply.send(status, [], Array(text.utf8)) }
        guard case .bypass(let bypass) = outcome else {
            Issue.record("no bypass: \(outcome)")
            return
        }
        #expect(bypass.reason == reason)
        #expect(bypass.error != nil)
    }

    @Test(arguments: [ProblemCode.redisUnavailable, .rateLimited, .internalError, .requestTimeout])
    func aServerInTroubleIsABypass(code: ProblemCode) async throws {
        let problem = try Self.problem(code)
        let outcome = try await Self.outcome { _, reply in reply.send(code.status, Self.problemType, problem) }
        guard case .bypass(let bypass) = outcome else {
            Issue.record("no bypass: \(outcome)")
            return
        }
        #expect(bypass.reason == code.rawValue)
    }

    @Test(arguments: [ProblemCode.unauthorized, .forbidden, .invalidRequest, .payloadTooLarge])
    func whatTheCallerHasToMendIsAnError(code: ProblemCode) async throws {
        let problem = try Self.problem(code)
        let error = await #expect(throws: CacheClientError.self) {
            try await Self.outcome { _, reply in reply.send(code.status, Self.problemType, problem) }
        }
        #expect(error?.description == "the server refused (\(code.status) \(code.rawValue)): so it is")
    }

    @Test func theServersOwnBypassHasNoError() async throws {
        let text = #"{"status":"bypass","reason":"disabled","ticket":null}"#
        let outcome = try await Self.outcome { _, reply in reply.send(200, [], Array(text.utf8)) }
        guard case .bypass(let bypass) = outcome else {
            Issue.record("no bypass: \(outcome)")
            return
        }
        #expect(bypass == CacheBypass(reason: "disabled"))
    }

    @Test func aCancelledLookupIsABypassAtOnce() async throws {
        let asked = Asked()
        try await Self.withClient(lookupTimeout: .seconds(600), respond: { _, _ in asked.add(nil) }) { client, _ in
            let task = Task { try await client.lookup(Self.body()) }
            #expect(await eventually { asked.count == 1 })
            task.cancel()
            guard case .bypass(let bypass) = try await task.value else {
                Issue.record("no bypass")
                return
            }
            #expect(bypass.reason == "cancelled")
        }
    }

    @Test func aStoreDoesNotQueueBehindLookupsThatWait() async throws {
        let asked = Asked()
        let respond: LoopbackServer.Respond = { request, reply in
            guard request.head.uri == "/v1/store" else { return asked.add(reply) }
            reply.send(201, [], Array(#"{"status":"stored"}"#.utf8))
            asked.answer(#"{"status":"miss","reason":"absent"}"#)
        }
        try await Self.withClient(maximumConnections: 2, respond: respond) { client, _ in
            async let first = client.lookup(Self.body())
            async let second = client.lookup(Self.body())
            #expect(await eventually { asked.count == 2 })
            let miss = CacheMiss(reason: "absent", ticket: "t", lease: nil, nearest: nil)
            #expect(try await client.store(JSONText("{}"), for: miss)?.status == "stored")
            _ = try await (first, second)
        }
    }

    private static func waitingBody() throws -> LookupBody {
        var body = try body()
        var options = CacheOptions()
        options.waitMS = 30_000
        body.cache = options
        return body
    }

    /// The paths and bodies that a server was asked with.
    private final class Heard: Sendable {
        private let all = Mutex<[String]>([])

        var texts: [String] { all.withLock { $0 } }

        func note(_ request: LoopbackServer.Request) {
            all.withLock { $0.append("\(request.head.uri) \(String(decoding: request.body, as: UTF8.self))") }
        }
    }

    @Test(arguments: [("granted", 1), ("held", 2)])
    func onlyALeaseThatAnotherHoldsIsWaitedFor(state: String, lookups: Int) async throws {
        let heard = Heard()
        let miss = #"{"status":"miss","reason":"absent","ticket":"t","lease":{"state":"\#(state)","expires_in_ms":9}}"#
        try await Self.withClient { request, reply in
            heard.note(request)
            reply.send(200, [], Array(miss.utf8))
        } _: { client, _ in
            guard case .miss = try await client.lookup(Self.waitingBody()) else {
                Issue.record("no miss")
                return
            }
        }
        #expect(heard.texts.map { $0.contains("wait_ms") } == Array([false, true].prefix(lookups)))
    }

    @Test func aServerThatHangsDoesNotCostTheWait() async throws {
        try await Self.withClient(lookupTimeout: .milliseconds(50), respond: { _, _ in }) { client, _ in
            guard case .bypass(let bypass) = try await client.lookup(Self.waitingBody()) else {
                Issue.record("no bypass")
                return
            }
            #expect(bypass.error?.description.contains("no answer within 0.05 seconds") == true)
        }
    }

    @Test func theLeaseOfAnAnswerThatIsNotTakenIsGivenUp() async throws {
        let heard = Heard()
        let problem = try Self.problem(.payloadTooLarge)
        let miss = #"{"status":"miss","reason":"absent","ticket":"t","lease":{"state":"granted","expires_in_ms":9}}"#
        try await Self.withClient { request, reply in
            heard.note(request)
            switch request.head.uri {
            case "/v1/lookup": reply.send(200, [], Array(miss.utf8))
            case "/v1/store": reply.send(413, Self.problemType, problem)
            default: reply.send(204)
            }
        } _: { client, _ in
            let answer = try await client.cached(Self.body()) { Array("{}".utf8) }
            #expect(answer.use.failure?.description.contains("payload_too_large") == true)
        }
        #expect(heard.texts.last == #"/v1/release {"ticket":"t"}"#)
    }

    /// Lookups that wait.
    private final class Asked: Sendable {
        private let replies = Mutex<[LoopbackReply?]>([])

        var count: Int { replies.withLock { $0.count } }

        func add(_ reply: LoopbackReply?) { replies.withLock { $0.append(reply) } }

        func answer(_ text: String) {
            for reply in replies.withLock({ $0 }) { reply?.send(200, [], Array(text.utf8)) }
        }
    }

    /// What a client says that is created with this.
    private static func error(_ url: String, _ apiKey: String? = nil) -> CacheClientError? {
        do throws(CacheClientError) {
            _ = try CacheClient(url: url, apiKey: apiKey)
            return nil
        } catch {
            return error
        }
    }

    @Test(arguments: ["127.0.0.1:9470", "ftp://a", "http://", "http://user:word@host", "http://host?x=1"])
    func aURLThatIsNoServersIsRefused(url: String) {
        let error = Self.error(url)
        #expect(error?.description.hasPrefix("the server's URL must ") == true)
        #expect(error?.description.contains("word") == false)
    }

    @Test func aKeyThatNoHeaderCarriesIsRefused() {
        let error = Self.error("http://h", "a b")
        #expect(error == .misconfigured("the key must be one line of visible ASCII characters"))
    }
}
