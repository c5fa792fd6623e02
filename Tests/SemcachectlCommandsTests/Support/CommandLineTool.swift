import Foundation
import Synchronization

@testable import SemcachectlCommands

/// Runs semcachectl in this process and catches what it writes.
struct CommandLineTool {
    struct Outcome: Sendable {
        var status: Int32
        var output: String
        var errors: String
    }

    private final class Written: Sendable {
        let output = Mutex<[UInt8]>([])
        let errors = Mutex<[UInt8]>([])
    }

    var environment: [String: String] = [:]
    /// Standard input; nil for one without a line.
    var input: String = ""
    var isTerminal = false
    var now: Double = 1_795_255_200
    /// Bytes of standard output after which its reader is gone.
    var outputLimit = Int.max

    func run(_ arguments: String...) async throws -> Outcome { try await run(arguments) }

    func run(_ arguments: [String]) async throws -> Outcome {
        let written = Written()
        let pipe = Pipe()
        try pipe.fileHandleForWriting.write(contentsOf: Data(input.utf8))
        try pipe.fileHandleForWriting.close()
        let limit = outputLimit
        let now = self.now
        let console = Console(
            environment: environment,
            inputDescriptor: pipe.fileHandleForReading.fileDescriptor,
            isInputTerminal: isTerminal,
            isOutputTerminal: isTerminal,
            isErrorTerminal: isTerminal,
            now: { now },
            output: { bytes throws(OutputError) in
                let count = written.output.withLock { output in
                    output += bytes
                    return output.count
                }
                if count > limit { throw .readerIsGone }
            },
            errors: { bytes in written.errors.withLock { $0 += bytes } }
        )
        let status = await Console.$current.withValue(console) { await CommandRun.status(of: arguments) }
        try pipe.fileHandleForReading.close()
        return Outcome(
            status: status,
            output: String(decoding: written.output.withLock { $0 }, as: UTF8.self),
            errors: String(decoding: written.errors.withLock { $0 }, as: UTF8.self)
        )
    }

    /// A URL on loopback where nothing listens: that of a server that was stopped.
    static func deadURL() async throws -> String {
        try await FakeServer.run({ _ in .json("{}") }, { $0.url })
    }
}

/// A folder for the files of one test.
struct TemporaryFolder: ~Copyable {
    let url: URL

    init() throws {
        url = FileManager.default.temporaryDirectory.appending(path: "semcachectl-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    func path(_ name: String) -> String { url.appending(path: name).path }

    func write(_ text: String, to name: String) throws -> String {
        try Data(text.utf8).write(to: url.appending(path: name))
        return path(name)
    }
}
