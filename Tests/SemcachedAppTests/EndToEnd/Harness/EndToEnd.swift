import SemanticCacheTesting
import Testing

/// Everything that runs the real daemon: one test after the other, with a look into its logs after each.
@Suite(.serialized, .keepsSecretsOutOfLogs) enum EndToEnd {}

/// Checks after each test that no daemon has logged what it must not, and removes the files of the test.
struct SecretKeeping: SuiteTrait, TestTrait, TestScoping {
    var isRecursive: Bool { true }

    func provideScope(
        for test: Test,
        testCase: Test.Case?,
        performing function: @Sendable () async throws -> Void
    ) async throws {
        guard testCase != nil else { return try await function() }
        let secrets = Secrets(within: Secrets.current)
        defer { secrets.removeFolders() }
        try await Secrets.$current.withValue(secrets) { try await function() }
        for (log, text) in secrets.leaks() {
            Issue.record("the log must not hold what was asked, answered or presented: \(text) is in \(log)")
        }
    }
}

extension Trait where Self == SecretKeeping {
    /// Checks after each test that no daemon has logged what it must not.
    static var keepsSecretsOutOfLogs: SecretKeeping { SecretKeeping() }
}

/// Runs the tests of a suite with one daemon, ``Daemon/ofSuite``: for tests that leave nothing behind that another
/// one of them would notice.
struct OneDaemon: SuiteTrait, TestScoping {
    func provideScope(
        for test: Test,
        testCase: Test.Case?,
        performing function: @Sendable () async throws -> Void
    ) async throws {
        let secrets = Secrets()
        defer { secrets.removeFolders() }
        try await Secrets.$current.withValue(secrets) {
            let redis = try await RedisServer.start()
            let daemon = try await Daemon.start(redis: redis.url)
            try await Daemon.$ofSuite.withValue(daemon) { try await function() }
        }
    }
}

extension Trait where Self == OneDaemon {
    /// Runs the tests of a suite with one daemon.
    static var oneDaemon: OneDaemon { OneDaemon() }
}
