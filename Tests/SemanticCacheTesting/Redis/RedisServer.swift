import Foundation
import Glibc
import Synchronization

/// A private `redis-server` in a fresh folder, on a unix socket and a free port of 127.0.0.1.
///
/// The server lives as long as this object and ends with it, by its process id. Prefer ``withRedisServer``, which
/// keeps it alive for a whole test. Its commands are unrestricted: it belongs to this test alone.
public final class RedisServer: Sendable {
    /// The TCP port on 127.0.0.1.
    public let port: Int
    /// The TLS port on 127.0.0.1, if TLS is on.
    public let tlsPort: Int?
    /// The unix socket.
    public var socketPath: String { "\(directory)/redis.sock" }
    /// The folder of this server: data, log, certificates.
    public let directory: String
    /// The authority that signed the server's certificate, if TLS is on.
    public let authority: CertificateAuthority?

    let password: String?
    private let program: String
    private let arguments: [String]
    /// What it is told whenever it has started, as no argument says it.
    private let preparations: [[String]]
    private let credentials: String
    private let run = Mutex(Run())

    private struct Run {
        var process: ChildProcess?
        var isPaused = false
    }

    /// Starts a server and returns once it answers PING.
    public static func start(
        options: [String] = [],
        password: String? = nil,
        aclUser: (name: String, password: String)? = nil,
        tls: Bool = false,
        persistence: Bool = false
    ) async throws -> RedisServer {
        var all = Options()
        all.arguments = options
        all.password = password
        all.user = aclUser
        all.tlsNames = tls ? ["DNS:localhost", "IP:127.0.0.1"] : nil
        all.persistence = persistence
        return try await start(all)
    }

    /// Starts a server and returns once it answers PING.
    public static func start(_ options: Options) async throws -> RedisServer {
        // A free port can be taken by another process before redis-server binds it.
        var log = ""
        for _ in 0..<5 {
            let server = try RedisServer(options)
            try server.launch()
            if try await server.waitUntilReady() { return server }
            log = server.log
        }
        throw ChildProcess.Failure(description: "redis-server did not start: \(log)")
    }

    private init(_ options: Options) throws {
        let command = try options.program.command()
        program = command.program
        directory = try RedisServer.makeDirectory()
        port = try RedisServer.freePort()
        password = options.password
        var arguments = [
            "--port", "\(port)", "--bind", "127.0.0.1", "--unixsocket", "\(directory)/redis.sock", "--dir", directory,
            "--save", "", "--loglevel", "warning", "--hz", "50",
        ]
        arguments += options.persistence ? ["--appendonly", "yes", "--appendfsync", "always"] : ["--appendonly", "no"]
        if let password { arguments += ["--requirepass", password] }
        if let user = options.user {
            arguments += ["--user", user.name, "on", ">\(user.password)", "~*", "&*", "+@all"]
        }
        if let names = options.tlsNames {
            let authority = try CertificateAuthority(directory: directory)
            let identity = try authority.issue(names: names)
            let tlsPort = try RedisServer.freePort()
            arguments += ["--tls-port", "\(tlsPort)", "--tls-auth-clients", "no"]
            arguments += ["--tls-cert-file", identity.certificateFile, "--tls-key-file", identity.keyFile]
            arguments += ["--tls-ca-cert-file", authority.certificateFile]
            self.authority = authority
            self.tlsPort = tlsPort
        } else {
            authority = nil
            tlsPort = nil
        }
        credentials = options.credentials
        preparations = []
        self.arguments = arguments + command.arguments + options.arguments
    }

    /// A Sentinel on `port`, whose configuration has further `lines`; it is not started yet.
    ///
    /// It asks and tells the others more often than usual. Otherwise it would connect to a new primary after up to a
    /// second, having found it down before.
    init(sentinelOn port: Int, lines: [String], options: Options) throws {
        let command = try options.program.command()
        program = command.program
        directory = try RedisServer.makeDirectory()
        self.port = port
        password = options.password
        credentials = options.credentials
        authority = nil
        tlsPort = nil
        preparations = [["SENTINEL", "DEBUG", "PING-PERIOD", "200", "INFO-PERIOD", "1000", "PUBLISH-PERIOD", "500"]]
        let file = "\(directory)/sentinel.conf"
        arguments = [file, "--sentinel"]
        var lines =
            [
                "port \(port)", "bind 127.0.0.1", "unixsocket \(directory)/redis.sock", "dir \(directory)",
                "loglevel warning",
            ] + lines
        if let password { lines.append("requirepass \(password)") }
        try (lines.joined(separator: "\n") + "\n").write(toFile: file, atomically: true, encoding: .utf8)
    }

    deinit {
        run.withLock { $0.process?.kill() }
        try? FileManager.default.removeItem(atPath: directory)
    }

    /// The URL of database 0 over TCP, with the credentials that the server asks for.
    public var url: String { "redis://\(credentials)127.0.0.1:\(port)/0" }
    /// The URL of database 0 over the unix socket, with the credentials that the server asks for.
    public var unixURL: String { "unix://\(credentials)\(socketPath)" }
    /// The URL of database 0 over TLS, which names the authority's file; nil when TLS is off.
    public var tlsURL: String? {
        guard let tlsPort, let authority else { return nil }
        return "rediss://\(credentials)localhost:\(tlsPort)/0?ca=\(authority.certificateFile)"
    }
    /// What the server has logged, warnings only.
    public var log: String { (try? String(contentsOfFile: "\(directory)/redis.log", encoding: .utf8)) ?? "" }
    /// The process id, nil while the server is stopped.
    public var processIdentifier: pid_t? { run.withLock { $0.process?.identifier } }
    /// Whether the server can answer: its process has not ended and is not suspended by ``pause()``.
    public var isRunning: Bool { run.withLock { !$0.isPaused && $0.process?.isRunning ?? false } }

    /// Stops the server politely and returns once it is gone.
    public func stop() async {
        guard let child = takeProcess() else { return }
        child.signal(SIGCONT)
        child.signal(SIGTERM)
        let deadline = ContinuousClock.now + .seconds(20)
        while child.isRunning, ContinuousClock.now < deadline {
            try? await Task.sleep(for: .milliseconds(5))
        }
        child.kill()
    }

    /// Kills the server with SIGKILL and returns once it is gone.
    public func kill() {
        takeProcess()?.kill()
    }

    private func takeProcess() -> ChildProcess? {
        run.withLock { run in
            run.isPaused = false
            return run.process.take()
        }
    }

    /// Suspends the server with SIGSTOP: the kernel still accepts connections and bytes, nothing answers.
    public func pause() {
        run.withLock { run in
            run.process?.signal(SIGSTOP)
            run.isPaused = true
        }
    }

    /// Lets a suspended server go on.
    public func resume() {
        run.withLock { run in
            run.process?.signal(SIGCONT)
            run.isPaused = false
        }
    }

    /// Stops the server if it runs, starts it again on the same ports and returns once it answers PING.
    public func restart() async throws {
        await stop()
        try launch()
        guard try await waitUntilReady() else {
            throw ChildProcess.Failure(description: "redis-server did not start again: \(log)")
        }
    }

    /// Starts the process, with further arguments for this run, without waiting for it to answer.
    public func launch(further: [String] = []) throws {
        let child = try ChildProcess(program, arguments + further, log: "\(directory)/redis.log")
        run.withLock { $0 = Run(process: child) }
    }

    /// Whether the server answers PING in time; false when it ended instead.
    func waitUntilReady() async throws -> Bool {
        let deadline = ContinuousClock.now + .seconds(60)
        while ContinuousClock.now < deadline {
            guard isRunning else { return false }
            if let reply = try? command("PING"), reply == .text("PONG") {
                for words in preparations { try command(words) }
                return true
            }
            try await Task.sleep(for: .milliseconds(10))
        }
        throw ChildProcess.Failure(description: "redis-server does not answer: \(log)")
    }

    private static func makeDirectory() throws -> String {
        var template = Array("/tmp/semcached-redis-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw ChildProcess.Failure(description: "cannot make a folder") }
        return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}

/// Starts a server for the time of `body` and stops it afterwards, whatever happens.
public func withRedisServer<Result>(
    _ options: RedisServer.Options = RedisServer.Options(),
    isolation: isolated (any Actor)? = #isolation,
    _ body: (RedisServer) async throws -> Result
) async throws -> Result {
    let server = try await RedisServer.start(options)
    defer { server.kill() }
    return try await body(server)
}
