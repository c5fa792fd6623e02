import ArgumentParser
import CacheClient

/// `semcachectl entries delete`.
struct EntriesDelete: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete",
        abstract: "Delete an entry at once, everywhere.",
        usage: "semcachectl entries delete <id> [--namespace <name>]",
        discussion: """
            EXAMPLES
              semcachectl entries delete 3f8a… --namespace support
            """
    )

    @OptionGroup(title: "Server and output") var global: GlobalOptions
    @OptionGroup var choice: EntryChoice

    func run() async throws {
        let console = Console.current
        try await global.withClient { client in
            try await client.deleteEntry(choice.id, namespace: choice.namespace)
            console.note("deleted \(choice.id)")
        }
    }
}
