import ArgumentParser
import CacheAPI

/// The program `semcached`.
public enum Program {
    /// Does what the command line says, and ends the process.
    public static func main() async { await SemcachedCommand.main() }
}

/// What the command line offers.
struct SemcachedCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "semcached",
        abstract: "A cache service for answers of language models.",
        version: Version.current,
        subcommands: [ServeCommand.self, ConfigCommand.self, HealthCommand.self],
        defaultSubcommand: ServeCommand.self
    )
}
