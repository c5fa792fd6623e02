import ArgumentParser
import CacheClient

/// `semcachectl entries get`.
struct EntriesGet: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "get",
        abstract: "Show an entry with its request and response.",
        usage: "semcachectl entries get <id> [--namespace <name>]",
        discussion: """
            EXAMPLES
              semcachectl entries get 3f8a… --namespace support
              semcachectl entries get 3f8a… --output json | jq .response
            """
    )

    @OptionGroup(title: "Server and output") var global: GlobalOptions
    @OptionGroup var choice: EntryChoice

    func run() async throws {
        try await global.withClient { client in
            let answer = try await client.entry(choice.id, namespace: choice.namespace)
            try global.output.write(json: answer.json, table: EntriesText.entry(answer.body))
        }
    }
}
