import Foundation
import Glibc
import SemanticCacheTesting

/// A `semcached serve` process on a port of its own, ended with this object.
final class Daemon: Sendable {
    /// The daemon that serves all tests of a suite, see ``OneDaemon``.
    @TaskLocal static var ofSuite: Daemon?

    /// The port on 127.0.0.1.
    let port: Int
    /// The folder of its files.
    let folder: URL
    private let process: ChildProcess
    private let scheme: String

    /// What every daemon of these tests is set to: a log of all there is, and time enough on a busy machine unless the
    /// settings say otherwise.
    private static func base(_ settings: String) -> String {
        "log: { level: trace }\n" + (settings.contains("deadline_ms:") ? "" : "lookup: { deadline_ms: 20000 }\n")
    }

    /// Starts a daemon and returns once it serves, and is ready unless nobody waits for that.
    ///
    /// `settings` is further text of the configuration file, `keys` the text of the keys file; flags set the address.
    static func start(
        redis: String,
        settings: String = "",
        keys: String? = nil,
        scheme: String = "http",
        arguments: [String] = [],
        waitsUntilReady: Bool = true
    ) async throws -> Daemon {
        let folder = try Secrets.current.makeFolder()
        try write(settings: settings, keys: keys, to: folder)
        let process = try ChildProcess(
            Daemon.program,
            ["serve", "--port", "0", "--redis", redis, "--config", settingsFile(folder)] + arguments,
            log: logFile(folder)
        )
        for _ in 0..<1200 {
            if let port = servedPort(in: logFile(folder)) {
                let daemon = Daemon(port: port, folder: folder, process: process, scheme: scheme)
                guard waitsUntilReady else { return daemon }
                if await eventually({ try await daemon.get("/readyz").status == 200 }) { return daemon }
                break
            }
            guard process.isRunning else { break }
            try await Task.sleep(for: .milliseconds(25))
        }
        process.kill()
        throw ChildProcess.Failure(description: "semcached did not get ready: \(text(of: logFile(folder)))")
    }

    /// Runs a daemon that is expected to end by itself; gives its exit status and what it wrote.
    static func run(redis: String, settings: String = "", arguments: [String]) async throws -> (Int32, String) {
        let folder = try Secrets.current.makeFolder()
        try write(settings: settings, keys: nil, to: folder)
        let process = try ChildProcess(
            Daemon.program,
            ["serve", "--port", "0", "--redis", redis, "--config", settingsFile(folder)] + arguments,
            log: logFile(folder)
        )
        let ended = await eventually { !process.isRunning }
        guard ended else { throw ChildProcess.Failure(description: "semcached serves although it must not") }
        return (exitCode(of: process.waitForExit()), text(of: logFile(folder)))
    }

    /// A program that was built beside these tests.
    static func program(named name: String) -> String {
        let tests = Bundle.allBundles.map(\.bundlePath).first { $0.hasSuffix(".xctest") } ?? CommandLine.arguments[0]
        return URL(fileURLWithPath: tests).deletingLastPathComponent().appending(path: name).path
    }

    private static var program: String { program(named: "semcached") }

    private static func settingsFile(_ folder: URL) -> String { folder.appending(path: "semcached.yaml").path }
    private static func keysFile(_ folder: URL) -> String { folder.appending(path: "keys.yaml").path }
    private static func logFile(_ folder: URL) -> String { folder.appending(path: "log").path }

    private static func text(of file: String) -> String { (try? String(contentsOfFile: file, encoding: .utf8)) ?? "" }

    private static func write(settings: String, keys: String?, to folder: URL) throws {
        var text = base(settings) + settings
        if !settings.contains("semantic:") { text += "\nsemantic: { enabled: false }\n" }
        if let keys {
            try keys.write(toFile: keysFile(folder), atomically: true, encoding: .utf8)
            text += "\nauth: { keys_file: '\(keysFile(folder))' }\n"
        }
        try text.write(toFile: settingsFile(folder), atomically: true, encoding: .utf8)
    }

    private static func servedPort(in log: String) -> Int? {
        guard let line = text(of: log).split(separator: "\n").first(where: { $0.contains(#""message":"serving""#) }),
            let match = line.firstMatch(of: /"port":"([0-9]+)"/)
        else { return nil }
        return Int(match.1)
    }

    /// The exit code in the status of a process; 128 and the signal's number when a signal ended it.
    static func exitCode(of status: Int32) -> Int32 { status & 0x7F == 0 ? status >> 8 & 0xFF : 128 + status & 0x7F }

    private init(port: Int, folder: URL, process: ChildProcess, scheme: String) {
        self.port = port
        self.folder = folder
        self.process = process
        self.scheme = scheme
    }

    deinit { process.kill() }

    /// The URL of a path.
    func url(_ path: String) -> String { "\(scheme)://127.0.0.1:\(port)\(path)" }

    /// What it has logged.
    var logText: String { Daemon.text(of: Daemon.logFile(folder)) }

    /// Kills it, as a machine that fails does, and returns once it is gone.
    func kill() { process.kill() }

    /// Sends a signal.
    func signal(_ number: Int32) { process.signal(number) }

    /// Replaces its files and tells it to read them; returns once it has said `outcome` one time more.
    func reload(settings: String = "", keys: String? = nil, outcome: String = "reloaded") async throws {
        let before = logText.ranges(of: #""message":"\#(outcome)""#).count
        try Daemon.write(settings: settings, keys: keys, to: folder)
        signal(SIGHUP)
        let said = await eventually { logText.ranges(of: #""message":"\#(outcome)""#).count > before }
        guard said else { throw ChildProcess.Failure(description: "no '\(outcome)' in the log: \(logText)") }
    }

    /// Waits for the process to end, and gives its exit code.
    func waitForExit() async -> Int32 {
        let status = await withCheckedContinuation { continuation in
            Thread.detachNewThread { [process] in continuation.resume(returning: process.waitForExit()) }
        }
        return Daemon.exitCode(of: status)
    }
}
