import Foundation
import SemanticCacheTesting

/// Runs the real `semcachectl`, built beside the tests, against a daemon.
struct AdminTool {
    /// What a run came to.
    struct Outcome: Sendable, CustomStringConvertible {
        var status: Int32
        var output: String
        var errors: String

        var description: String { "\(status)\n\(output)\n\(errors)" }
    }

    /// The server.
    var url: String
    /// Variables besides PATH.
    var environment: [String: String] = [:]
    /// What runs.
    var program = "semcachectl"

    /// Runs a command to its end; `input` is its standard input.
    func run(_ arguments: String..., input: String = "") async throws -> Outcome {
        try await run(arguments, input: input)
    }

    /// Runs a command to its end; `input` is its standard input.
    func run(_ arguments: [String], input: String = "") async throws -> Outcome {
        let folder = try Secrets.current.makeFolder()
        let files = ["in", "out", "err"].map { folder.appending(path: $0) }
        try Data(input.utf8).write(to: files[0])
        for file in files[1...] { try Data().write(to: file) }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: Daemon.program(named: program))
        process.arguments = arguments
        process.environment = ["PATH": "/usr/bin:/bin", "SEMCACHED_URL": url].merging(environment) { $1 }
        process.standardInput = try FileHandle(forReadingFrom: files[0])
        process.standardOutput = try FileHandle(forWritingTo: files[1])
        process.standardError = try FileHandle(forWritingTo: files[2])
        let ended = AsyncStream<Int32>.makeStream()
        process.terminationHandler = { process in
            ended.continuation.yield(process.terminationStatus)
            ended.continuation.finish()
        }
        try process.run()
        var status: Int32 = -1
        for await code in ended.stream { status = code }
        return Outcome(
            status: status,
            output: try String(contentsOf: files[1], encoding: .utf8),
            errors: try String(contentsOf: files[2], encoding: .utf8)
        )
    }
}
