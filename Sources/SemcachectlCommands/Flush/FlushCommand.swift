import ArgumentParser
import CacheAPI
import CacheClient

/// `semcachectl flush`.
struct FlushCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "flush",
        abstract: "Flush a namespace, some of its entries, one entry, or everything.",
        usage: """
            semcachectl flush --namespace <name> [--model <name>] [--tag <tag> ...] [--dry-run] [--yes]
            semcachectl flush --namespace <name> --entry <id> [--dry-run] [--yes]
            semcachectl flush --all [--dry-run] [--yes]
            """,
        discussion: """
            When the command is done, no replica serves a flushed entry again. On a terminal it shows the number of \
            entries first and asks; elsewhere it needs --yes or --dry-run.

            EXAMPLES
              semcachectl flush --namespace support --dry-run
              semcachectl flush --namespace support --model gpt-4o --tag docs:v2 --yes
              semcachectl flush --namespace support --entry 3f8a…
              semcachectl flush --all --yes
            """
    )

    @OptionGroup(title: "Server and output") var global: GlobalOptions

    @Option(help: ArgumentHelp("The namespace.", valueName: "name"))
    var namespace: String?

    @Option(help: ArgumentHelp("Only entries of this model.", valueName: "name"))
    var model: String?

    @Option(help: ArgumentHelp("Only entries with this tag; repeat it for entries with all of them.", valueName: "tag"))
    var tag: [String] = []

    @Option(help: ArgumentHelp("Only the entry with this id.", valueName: "id"))
    var entry: String?

    @Flag(help: "Everything in every namespace.")
    var all = false

    @Flag(help: "Count only.")
    var dryRun = false

    @Flag(help: "Do not ask.")
    var yes = false

    func validate() throws {
        if all, namespace != nil || model != nil || !tag.isEmpty || entry != nil {
            throw ValidationError(
                "--all flushes everything and cannot stand beside --namespace, --model, --tag or --entry"
            )
        }
        if entry != nil, model != nil || !tag.isEmpty {
            throw ValidationError("--entry names one entry and cannot stand beside --model or --tag")
        }
        guard !all, namespace == nil else { return }
        if model != nil || !tag.isEmpty { throw ValidationError("--model and --tag need --namespace") }
        if entry != nil { throw ValidationError("--entry needs --namespace") }
        throw ValidationError("say what to flush: --namespace NAME, or --all for everything")
    }

    func run() async throws {
        let console = Console.current
        let canAsk = console.isInputTerminal && console.isErrorTerminal
        guard dryRun || yes || canAsk else {
            throw CommandFailure(
                "there is no terminal to ask on: add --yes to flush, or --dry-run to count",
                status: .usage
            )
        }
        try await global.withClient { client in
            if !dryRun, !yes {
                let count = try await flush(client, dryRun: true).body.flushed
                try confirm(count, console)
            }
            let answer = try await flush(client, dryRun: dryRun)
            try global.output.write(json: answer.json, table: Self.sentence(answer.body))
        }
    }

    private func flush(_ client: CacheClient, dryRun: Bool) async throws -> (body: FlushResultBody, json: [UInt8]) {
        if let entry {
            if dryRun {
                _ = try await client.entry(entry, namespace: namespace)
            } else {
                try await client.deleteEntry(entry, namespace: namespace)
            }
            let body = FlushResultBody(flushed: 1, dryRun: dryRun)
            return (body, try BodyEncoder.encode(body))
        }
        let body: FlushBody =
            if let namespace {
                .namespace(namespace, model: model, tags: tag.isEmpty ? nil : tag, dryRun: dryRun)
            } else {
                .all(dryRun: dryRun)
            }
        let answer = try await client.flush(body)
        return (answer.body, answer.json)
    }

    private func confirm(_ count: Int, _ console: Console) throws {
        let what = namespace.map { "in namespace \($0)" } ?? "in ALL namespaces"
        console.errors(Array("Flush \(Self.entries(count)) \(what)? [y/N] ".utf8))
        var source = try LineSource("-", maximumBytes: 1024)
        let answer = String(decoding: try source.next()?.bytes ?? [], as: UTF8.self).lowercased()
        guard ["y", "yes", "y\r", "yes\r"].contains(answer) else { throw CommandFailure("nothing was flushed") }
    }

    private static func sentence(_ result: FlushResultBody) -> String {
        result.dryRun ? "\(entries(result.flushed)) would be flushed" : "\(entries(result.flushed)) flushed"
    }

    private static func entries(_ count: Int) -> String {
        count == 1 ? "1 entry" : "\(NumberText.grouped(count)) entries"
    }
}
