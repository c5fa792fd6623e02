import ArgumentParser

/// `semcachectl keys`.
struct KeysCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keys",
        abstract: "Make keys, and digests for the keys file; asks no server.",
        usage: "semcachectl keys <subcommand>",
        subcommands: [KeysNew.self, KeysHash.self]
    )

    @OptionGroup(title: "Server and output") var global: GlobalOptions
}
