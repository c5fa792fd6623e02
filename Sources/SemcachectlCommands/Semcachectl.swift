import ArgumentParser
import CacheAPI

/// The root of the command tree.
struct Semcachectl: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "semcachectl",
        abstract: "Administers a semcached server.",
        usage: "semcachectl [<server and output options>] <subcommand>",
        discussion: """
            Data is written to standard output, everything else to standard error. Exit status: 0 done, 1 refused or \
            failed, 64 wrong usage, 69 server unreachable.

            EXAMPLES
              semcachectl stats --window 24h
              semcachectl flush --namespace support --tag docs:v2 --dry-run
              semcachectl --url https://cache.example:9470 --api-key-file key.txt doctor
              semcachectl --generate-completion-script bash > semcachectl.bash
            """,
        version: Version.current,
        groupedSubcommands: [
            CommandGroup(
                name: "Watching",
                subcommands: [StatsCommand.self, DoctorCommand.self, LookupCommand.self, ExplainCommand.self]
            ),
            CommandGroup(
                name: "Entries",
                subcommands: [
                    EntriesCommand.self, FlushCommand.self, WarmCommand.self, ExportCommand.self, ImportCommand.self,
                ]
            ),
            CommandGroup(name: "Planning", subcommands: [ReplayCommand.self, KeysCommand.self]),
        ]
    )

    @OptionGroup(title: "Server and output") var global: GlobalOptions
}
