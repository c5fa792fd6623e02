import AsyncHTTPClient
import Foundation
import Glibc
import NIOCore
import NIOHTTP1
import SemanticCacheTesting

/// A `semcached serve` process on a port of its own, ended with this object.
final class Daemon: Sendable {
    /// The port on 127.0.0.1.
    let port: Int
    /// The file that its log goes to.
    let log: String
    private let process: ChildProcess
    private let scheme: String

    /// Starts a daemon and returns once it serves.
    ///
    /// - Parameter settings: the configuration file's text; the server's address is set by flags.
    static func start(
        redis: String,
        settings: String = "",
        scheme: String = "http",
        waitsUntilReady: Bool = true
    ) async throws -> Daemon {
        let folder = FileManager.default.temporaryDirectory.appending(path: "semcached-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let file = folder.appending(path: "semcached.yaml").path
        try ("semantic: { enabled: false }\n" + settings).write(toFile: file, atomically: true, encoding: .utf8)
        let log = folder.appending(path: "log").path
        let process = try ChildProcess(
            Daemon.program,
            ["serve", "--port", "0", "--redis", redis, "--config", file],
            log: log
        )
        for _ in 0..<400 {
            if let port = servedPort(in: log) {
                let daemon = Daemon(port: port, log: log, process: process, scheme: scheme)
                if waitsUntilReady { _ = await eventually { try await daemon.get("/readyz").status == 200 } }
                return daemon
            }
            guard process.isRunning else { break }
            try await Task.sleep(for: .milliseconds(25))
        }
        let text = (try? String(contentsOfFile: log, encoding: .utf8)) ?? ""
        process.kill()
        throw ChildProcess.Failure(description: "semcached did not start: \(text)")
    }

    /// The daemon that was built beside these tests.
    static var program: String {
        let tests = Bundle.allBundles.map(\.bundlePath).first { $0.hasSuffix(".xctest") } ?? CommandLine.arguments[0]
        return URL(fileURLWithPath: tests).deletingLastPathComponent().appending(path: "semcached").path
    }

    private static func servedPort(in log: String) -> Int? {
        guard let text = try? String(contentsOfFile: log, encoding: .utf8),
            let line = text.split(separator: "\n").first(where: { $0.contains(#""message":"serving""#) }),
            let match = line.firstMatch(of: /"port":"([0-9]+)"/)
        else { return nil }
        return Int(match.1)
    }

    private init(port: Int, log: String, process: ChildProcess, scheme: String) {
        self.port = port
        self.log = log
        self.process = process
        self.scheme = scheme
    }

    deinit { process.kill() }

    /// The URL of a path.
    func url(_ path: String) -> String { "\(scheme)://127.0.0.1:\(port)\(path)" }

    /// What it has logged.
    var logText: String { (try? String(contentsOfFile: log, encoding: .utf8)) ?? "" }

    /// Sends a signal.
    func signal(_ number: Int32) { process.signal(number) }

    /// Waits for the process to end, and gives its exit status.
    func waitForExit() async -> Int32 {
        await withCheckedContinuation { continuation in
            Thread.detachNewThread { [process] in continuation.resume(returning: process.waitForExit()) }
        }
    }
}
