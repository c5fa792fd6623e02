import ArgumentParser
import CacheAPI
import CacheClient

/// `semcachectl warm`.
struct WarmCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "warm",
        abstract: "Store the entries of a JSONL file.",
        usage: "semcachectl warm <file> [--strict] [--progress-file <file>] [--concurrency <count>]",
        discussion: """
            A line is {"namespace"?, "endpoint"?, "request", "response", "ttl"?, "tags"?}, as `export` writes it. A run \
            that was interrupted goes on where it ended when the same command is given again; FILE.progress says where. \
            A bad line is reported and counted, and the rest goes on; the exit status is 1 then.

            EXAMPLES
              semcachectl warm entries.jsonl
              semcachectl warm entries.jsonl --strict --output json
              semcachectl export --namespace a | semcachectl --url http://other:9470 warm -
            """
    )

    @OptionGroup(title: "Server and output") var global: GlobalOptions

    @Argument(help: "The file, or - for standard input.", completion: .file(extensions: ["jsonl"]))
    var file: String

    @Flag(help: "Stop at the first bad line.")
    var strict = false

    @Option(
        help: ArgumentHelp("Where to keep how many lines are done; else FILE.progress.", valueName: "file"),
        completion: .file()
    )
    var progressFile: String?

    @Option(help: ArgumentHelp("Stores at the same time, 1 to 64.", valueName: "count"))
    var concurrency: Int = 8

    func validate() throws {
        guard 1...64 ~= concurrency else { throw ValidationError("--concurrency must be from 1 to 64") }
        if file == "-", progressFile != nil {
            throw ValidationError("standard input cannot be continued, so --progress-file needs a file")
        }
    }

    func run() async throws {
        let report = try await global.withClient { client in try await warm(client) }
        try global.output.write(json: report.json, table: report.table)
        if report.bad > 0 { throw CommandFailure(nil) }
    }

    private func warm(_ client: CacheClient) async throws -> WarmReport {
        let console = Console.current
        var report = WarmReport()
        var progress = file == "-" ? nil : WarmProgress(path: progressFile ?? file + ".progress")
        var done = try progress?.load() ?? 0
        var lines = try LineSource(file)
        report.skipped = done
        for number in 0..<done {
            guard try lines.next() != nil else {
                let path = progress?.path ?? ""
                let detail = "has only \(number) lines, and \(path) says that \(done) are done"
                throw CommandFailure("\(file) \(detail); delete that to start from the first line")
            }
        }
        if done > 0 { console.note("going on after line \(NumberText.grouped(done)) of \(file)") }

        let size = lines.size
        let name = FileBytes.name(file)
        var bar = ProgressBar(console)
        do {
            try await forEachInOrder(
                width: concurrency,
                next: { try lines.next() },
                work: { line in (line.end, try await WarmStore.outcome(of: line, client)) },
                consume: { end, outcome in
                    switch outcome {
                    case .blank: break
                    case .stored: report.stored += 1
                    case .refused(let reason): report.refused[reason, default: 0] += 1
                    case .bad(let fault):
                        bar.clear()
                        let message = "\(name):\(done + 1): \(fault)"
                        if strict { throw CommandFailure(message) }
                        console.note(message)
                        report.bad += 1
                    }
                    done += 1
                    try progress?.note(done)
                    bar.draw(end, of: size, "\(NumberText.grouped(done)) lines")
                }
            )
        } catch {
            bar.clear()
            if let path = progress?.path {
                try progress?.note(done, isLast: true)
                console.note(
                    "\(NumberText.grouped(done)) lines are done (\(path)); the same command goes on from there"
                )
            }
            throw error
        }
        bar.clear()
        progress?.remove()
        return report
    }
}
