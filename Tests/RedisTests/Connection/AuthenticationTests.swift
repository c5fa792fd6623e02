import Logging
import NIOCore
import NIOPosix
import Redis
import SemanticCacheTesting
import Synchronization
import Testing

@Suite struct AuthenticationTests {
    @Test func passwordAloneIsTheDefaultUsers() async throws {
        var options = RedisServer.Options()
        options.password = "p@ss w/ord"
        try await withRedisServer(options) { server in
            for url in [
                "redis://:p%40ss%20w%2Ford@127.0.0.1:\(server.port)",
                "redis://default:p%40ss%20w%2Ford@127.0.0.1:\(server.port)",
                "unix://:p%40ss%20w%2Ford@\(server.socketPath)",
            ] {
                let connection = try HostedConnection(url)
                try await connection.up()
                #expect(try await connection.send("ACL", "WHOAMI").value?.text == "default")
                try await connection.close()
            }
        }
    }

    @Test func userIsAuthenticatedByItsOwnPassword() async throws {
        var options = RedisServer.Options()
        options.password = "other"
        options.user = ("alice", "wonder")
        try await withRedisServer(options) { server in
            let connection = try HostedConnection(server.url)
            try await connection.up()
            #expect(try await connection.send("ACL", "WHOAMI").value?.text == "alice")
            try await connection.close()
        }
    }

    @Test(arguments: [
        (":hunter2@", "WRONGPASS"), ("alice:hunter2@", "WRONGPASS"), ("", "NOAUTH"),
    ])
    func refusalIsNamedAndNeverShowsThePassword(_ credentials: String, _ code: String) async throws {
        var options = RedisServer.Options()
        options.password = "right"
        try await withRedisServer(options) { server in
            let log = LogRecord()
            var configuration = RedisConfiguration(
                endpoint: try RedisEndpoint(url: "redis://\(credentials)127.0.0.1:\(server.port)")
            )
            configuration.maximumBackoff = .milliseconds(100)
            let connection = HostedConnection(configuration, logger: Logger(label: "test") { _ in log })
            try await connection.on { $0.start() }
            try await eventually("the breaker opens, so it keeps trying") {
                guard case .breakerOpen(let error) = try await connection.on({ $0.state }) else { return false }
                #expect(error.hasPrefix("authentication failed: \(code)"))
                #expect(!error.contains("hunter2"))
                return true
            }
            #expect(!log.text.isEmpty)
            #expect(!log.text.contains("hunter2"))
            try server.command("CONFIG", "SET", "requirepass", "hunter2")
            if credentials == ":hunter2@" {
                try await eventually("it serves with the password that the server has now") {
                    try await connection.on { $0.isAvailable }
                }
            }
            try await connection.close()
        }
    }

    @Test func passwordForAServerWithoutOneIsRefused() async throws {
        try await withRedisServer { server in
            let connection = try HostedConnection("redis://:hunter2@127.0.0.1:\(server.port)")
            try await connection.on { $0.start() }
            try await eventually("the state names it") {
                try await connection.on { $0.state.lastError }?.hasPrefix("authentication failed: ") == true
            }
            try await connection.close()
        }
    }

    @Test func userWhoMayNotPingIsServed() async throws {
        try await withRedisServer { server in
            try server.command("ACL", "SETUSER", "narrow", "on", ">pw", "~*", "-@all", "+get", "+set", "+auth")
            let connection = try HostedConnection("redis://narrow:pw@127.0.0.1:\(server.port)")
            try await connection.up()
            #expect(try await connection.send("SET", "key", "value").value == .status("OK"))
            #expect(try await connection.send("KEYS", "*").value?.serverError?.code == "NOPERM")
            try await connection.close()
        }
    }
}

/// Keeps everything that is logged, as text.
final class LogRecord: LogHandler {
    private let lines = Mutex<[String]>([])
    var text: String { lines.withLock { $0.joined(separator: "\n") } }
    var logLevel: Logger.Level {
        get { .trace }
        set {}
    }
    var metadata: Logger.Metadata {
        get { [:] }
        set { append("\(newValue)") }
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { nil }
        set { append("\(key) \(newValue.map { "\($0)" } ?? "")") }
    }

    func log(event: LogEvent) {
        append("\(event.message) \(event.metadata.map { "\($0)" } ?? "")")
    }

    private func append(_ line: String) {
        lines.withLock { $0.append(line) }
    }
}
