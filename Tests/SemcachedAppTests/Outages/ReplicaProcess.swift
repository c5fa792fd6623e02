import AsyncHTTPClient
import Foundation
import Glibc
import NIOCore
import NIOHTTP1
import SemanticCacheTesting

/// A `semcached serve` process with the usual deadlines, ended with this object.
final class ReplicaProcess: Sendable {
    /// The port on 127.0.0.1.
    let port: Int
    private let folder: URL
    private let process: ChildProcess

    /// Starts a daemon; returns once it is ready, or once it listens.
    static func start(redis: String, settings: String = "", waitsUntilReady: Bool = true) async throws -> ReplicaProcess
    {
        let folder = FileManager.default.temporaryDirectory.appending(path: "semcached-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let file = folder.appending(path: "semcached.yaml").path
        try ("semantic: { enabled: false }\n" + settings).write(toFile: file, atomically: true, encoding: .utf8)
        let log = folder.appending(path: "log").path
        let process = try ChildProcess(
            program,
            ["serve", "--port", "0", "--redis", redis, "--config", file],
            log: log
        )
        var port: Int?
        try await eventually("semcached listens") {
            port = servedPort(in: log)
            return port != nil || !process.isRunning
        }
        guard let port else { throw ChildProcess.Failure(description: "semcached ended: \(text(of: log))") }
        let replica = ReplicaProcess(port: port, folder: folder, process: process)
        if waitsUntilReady { try await eventually("semcached is ready") { try await replica.isReady } }
        return replica
    }

    private static let client: HTTPClient = {
        var configuration = HTTPClient.Configuration()
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 256
        // A daemon that is gone is gone.
        configuration.connectionPool.retryConnectionEstablishment = false
        return HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }()

    private static var program: String {
        let tests = Bundle.allBundles.map(\.bundlePath).first { $0.hasSuffix(".xctest") } ?? CommandLine.arguments[0]
        return URL(fileURLWithPath: tests).deletingLastPathComponent().appending(path: "semcached").path
    }

    private static func text(of file: String) -> String { (try? String(contentsOfFile: file, encoding: .utf8)) ?? "" }

    private static func servedPort(in log: String) -> Int? {
        let line = text(of: log).split(separator: "\n").first { $0.contains(#""message":"serving""#) }
        return line?.firstMatch(of: /"port":"([0-9]+)"/).flatMap { Int($0.1) }
    }

    private init(port: Int, folder: URL, process: ChildProcess) {
        self.port = port
        self.folder = folder
        self.process = process
    }

    deinit {
        process.kill()
        try? FileManager.default.removeItem(at: folder)
    }

    /// What it has logged.
    var log: String { ReplicaProcess.text(of: folder.appending(path: "log").path) }

    /// Sends a signal.
    func signal(_ number: Int32) { process.signal(number) }

    /// Waits for the process to end, and gives the status of its end: 0 when it exited with 0.
    func waitForExit() async -> Int32 {
        await withCheckedContinuation { continuation in
            Thread.detachNewThread { [process] in continuation.resume(returning: process.waitForExit()) }
        }
    }

    /// Sends a request and reads its answer whole, within ten seconds.
    func send(_ method: HTTPMethod, _ path: String, _ body: String? = nil) async throws -> Answer {
        var request = HTTPClientRequest(url: "http://127.0.0.1:\(port)\(path)")
        request.method = method
        if let body {
            request.headers.replaceOrAdd(name: "content-type", value: "application/json")
            request.body = .bytes(ByteBuffer(string: body))
        }
        let response = try await ReplicaProcess.client.execute(request, timeout: .seconds(10))
        let bytes = try await response.body.collect(upTo: 64 << 20)
        return Answer(status: Int(response.status.code), headers: response.headers, body: Array(buffer: bytes))
    }

    /// Whether it says that it is ready.
    var isReady: Bool {
        get async throws { try await send(.GET, "/readyz").status == 200 }
    }

    /// Looks a question up.
    func lookup(_ question: String, namespace: String = "default", cache: String = "{}") async throws -> Answer {
        let request = chatRequest(question)
        return try await send(
            .POST,
            "/v1/lookup",
            #"{"namespace":"\#(namespace)","request":\#(request),"cache":\#(cache)}"#
        )
    }

    /// Stores an answer with a ticket.
    func store(ticket: String, _ answer: String) async throws -> Answer {
        try await send(.POST, "/v1/store", #"{"ticket":"\#(ticket)","response":\#(chatResponse(answer))}"#)
    }

    /// Stores an answer to a question without a ticket.
    func store(_ question: String, _ answer: String) async throws -> Answer {
        let (request, response) = (chatRequest(question), chatResponse(answer))
        return try await send(.POST, "/v1/store", #"{"request":\#(request),"response":\#(response)}"#)
    }

    /// The figures of all replicas since the beginning.
    func stats() async throws -> Answer { try await send(.GET, "/v1/stats?window=all") }
}
