import ArgumentParser
import CacheAPI
import CacheClient

/// `semcachectl entries list`.
struct EntriesList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List a page of a namespace's entries.",
        usage:
            "semcachectl entries list [--namespace <name>] [--model <name>] [--tag <tag>] [--limit <count>] [--cursor <cursor>]",
        discussion: """
            EXAMPLES
              semcachectl entries list --namespace support --model gpt-4o
              semcachectl entries list --tag docs:v2 --limit 1000 --output json
            """
    )

    @OptionGroup(title: "Server and output") var global: GlobalOptions

    @Option(help: ArgumentHelp("The namespace.", valueName: "name"))
    var namespace: String = "default"

    @Option(help: ArgumentHelp("Only entries of this model.", valueName: "name"))
    var model: String?

    @Option(help: ArgumentHelp("Only entries with this tag.", valueName: "tag"))
    var tag: String?

    @Option(help: ArgumentHelp("Entries on the page, 1 to 1000.", valueName: "count"))
    var limit: Int = 20

    @Option(help: ArgumentHelp("Where an earlier page ended.", valueName: "cursor"))
    var cursor: String?

    func validate() throws {
        guard 1...1000 ~= limit else { throw ValidationError("--limit must be from 1 to 1000") }
    }

    func run() async throws {
        let console = Console.current
        try await global.withClient { client in
            let answer = try await client.entries(
                namespace: namespace,
                model: model,
                tag: tag,
                limit: limit,
                cursor: cursor
            )
            try global.output.write(json: answer.json, table: EntriesText.page(answer.body))
            if let cursor = answer.body.cursor, global.output == .table {
                console.note("There are more: --cursor \(Table.printable(cursor))")
            }
        }
    }
}
