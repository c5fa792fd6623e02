import ArgumentParser

/// `semcachectl entries`.
struct EntriesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "entries",
        abstract: "List, show or delete entries.",
        usage: "semcachectl entries <subcommand>",
        subcommands: [EntriesList.self, EntriesGet.self, EntriesDelete.self]
    )

    @OptionGroup(title: "Server and output") var global: GlobalOptions
}

/// Which entry a command is about.
struct EntryChoice: ParsableArguments {
    @Argument(help: ArgumentHelp("The entry's id, 64 hexadecimal digits.", valueName: "id"))
    var id: String

    @Option(help: ArgumentHelp("The entry's namespace.", valueName: "name"))
    var namespace: String = "default"

    func validate() throws {
        let isID = id.utf8.count == 64 && id.utf8.allSatisfy { 0x30...0x39 ~= $0 || 0x61...0x66 ~= $0 }
        guard isID else {
            throw ValidationError("the id must be 64 lower-case hexadecimal digits, as `entries list` shows it")
        }
    }
}
