import ArgumentParser
import CacheAPI
import CacheClient
import JSONScanning

/// `semcachectl import gptcache`.
struct ImportGPTCache: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gptcache",
        abstract: "Store the questions and answers of GPTCache's SQLite database.",
        usage: """
            semcachectl import gptcache <file> (--model <name> [--system <text>] | --template <file>) \
            (--whole-questions | --dry-run)
            """,
        discussion: """
            GPTCache keeps the text of a question and of its answer, and neither the model nor the rest of the request. \
            So name the model, and the system prompt if there is one; or give as a template a request as your gateway \
            sends it, with temperature, tools and all, whose last user message (or prompt) is replaced by each question. \
            Only requests that are the same but for the question find what was stored.

            With --whole-questions you say that a question is all that was asked: that GPTCache's pre-processing was \
            get_prompt, or last_content of chats of a single turn, and that no prompt or template was taken out of it. \
            That is not recorded either, and answers to something else would be wrong ones.

            Left out are rows that are deleted, part of a session, with attachments, asked again later, without an \
            answer, empty, and not text. Answers that were cut off cannot be told from whole ones.

            EXAMPLES
              semcachectl import gptcache sqlite.db --model gpt-4o --dry-run
              semcachectl import gptcache sqlite.db --template request.json --whole-questions --namespace support
            """
    )

    @OptionGroup(title: "Server and output") var global: GlobalOptions

    @Argument(help: "The database file, sqlite.db by GPTCache's default.", completion: .file())
    var file: String

    @Option(help: ArgumentHelp("The model that answered.", valueName: "name"))
    var model: String?

    @Option(help: ArgumentHelp("The system prompt of the requests.", valueName: "text"))
    var system: String?

    @Option(help: ArgumentHelp("A request to put the questions into.", valueName: "file"), completion: .file())
    var template: String?

    @Flag(help: "Say that each question is all that was asked.")
    var wholeQuestions = false

    @Flag(help: "Count what would be stored; asks no server.")
    var dryRun = false

    @Option(help: ArgumentHelp("The namespace to store in; else default.", valueName: "name"))
    var namespace: String?

    @Option(help: ArgumentHelp("Seconds to live; else the namespace's default.", valueName: "seconds"))
    var ttl: Int?

    @Option(help: ArgumentHelp("A label to flush by; may be given again.", valueName: "tag"))
    var tag: [String] = []

    @Option(help: ArgumentHelp("What the names of the tables begin with.", valueName: "name"))
    var table: String = "gptcache"

    @Option(help: ArgumentHelp("Stores at the same time, 1 to 64.", valueName: "count"))
    var concurrency: Int = 8

    func validate() throws {
        guard (model == nil) != (template == nil) else {
            throw ValidationError("give --model or --template: GPTCache does not say which model answered")
        }
        if template != nil, system != nil { throw ValidationError("--system belongs to --model; change the template") }
        guard wholeQuestions || dryRun else {
            throw ValidationError("--whole-questions must be said (see --help), or --dry-run")
        }
        guard 1...64 ~= concurrency else { throw ValidationError("--concurrency must be from 1 to 64") }
        if let ttl, ttl < 1 { throw ValidationError("--ttl must be at least 1") }
        let isName = !table.isEmpty && table.utf8.allSatisfy { Self.nameBytes.contains($0) }
        guard isName else { throw ValidationError("--table must be made of letters, digits and underscores") }
    }

    private static let nameBytes = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_".utf8)

    func run() async throws {
        let template = try requestTemplate()
        let report =
            try await dryRun
            ? taken(template, nil) : global.withClient { client in try await taken(template, client) }
        try global.output.write(json: report.json, table: report.table)
        if report.bad > 0 { throw CommandFailure(nil) }
    }

    private func requestTemplate() throws(CommandFailure) -> RequestTemplate {
        let name = template ?? "the request"
        let bytes =
            if let template {
                try FileBytes.read(template, limit: 64 << 20)
            } else {
                RequestTemplate.text(model: model ?? "", system: system)
            }
        do {
            return try RequestTemplate(JSONDocument(bytes))
        } catch let error as JSONError {
            throw CommandFailure("\(name) is not JSON: \(TextPlace.sentence(error, in: bytes))")
        } catch {
            let message = (error as? LineFault)?.message ?? "\(error)"
            throw CommandFailure("\(name) cannot take questions: \(message)")
        }
    }

    /// Goes through the rows; without a client they are only counted.
    private func taken(_ template: RequestTemplate, _ client: CacheClient?) async throws -> ImportReport {
        let console = Console.current
        var report = ImportReport(isDryRun: client == nil)
        let rows = try GPTCacheRows(file, prefix: table)
        let count = rows.count
        var bar = ProgressBar(console)
        var done = 0
        try await forEachInOrder(
            width: concurrency,
            next: { try rows.next() },
            work: { [namespace, ttl, tag] row -> (skipped: String?, outcome: WarmStore.Outcome) in
                switch row {
                case .skipped(let reason): return (reason, .blank)
                case .pair(let question, let answer):
                    guard let client else { return (nil, .stored) }
                    var body = template.store(question, answer)
                    body.namespace = namespace
                    body.ttl = ttl
                    body.tags = tag.isEmpty ? nil : tag
                    return (nil, try await WarmStore.outcome(of: body, client))
                }
            },
            consume: { skipped, outcome in
                done += 1
                if let skipped { report.skipped[skipped, default: 0] += 1 }
                switch outcome {
                case .blank: break
                case .stored: report.stored += 1
                case .refused(let reason): report.refused[reason, default: 0] += 1
                case .bad(let fault):
                    bar.clear()
                    console.note("\(file), row \(done): \(fault)")
                    report.bad += 1
                }
                bar.draw(done, of: count, "\(NumberText.grouped(done)) rows")
            }
        )
        bar.clear()
        return report
    }
}
