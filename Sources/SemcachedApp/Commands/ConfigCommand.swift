import ArgumentParser
import FoundationEssentials
import SemanticCache

/// `semcached config`: shows and checks the settings without serving.
struct ConfigCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config",
        abstract: "Show what the settings come to, and where each value comes from.",
        discussion: "The output is a configuration file; what is secret in it is left out."
    )

    @OptionGroup(title: "Settings")
    var options: ConfigurationOptions

    @Option(
        help: ArgumentHelp("Only check this file, with the environment, and the files it names.", valueName: "file")
    )
    var check: String?

    @Flag(help: "Print the table of all settings as Markdown.")
    var reference = false

    @Flag(help: "Print the tables of what counts in a request and what does not, as Markdown.")
    var canonical = false

    func validate() throws {
        if [check != nil, reference, canonical].count(where: \.self) > 1 {
            throw ValidationError("--check, --reference and --canonical do not go together.")
        }
        if check != nil, options.config != nil { throw ValidationError("--check names the file; leave --config out.") }
    }

    func run() throws {
        if reference {
            StandardStreams.write(output: SettingsReference.markdown)
            return
        }
        if canonical {
            StandardStreams.write(output: EndpointRules.documentation)
            return
        }
        var sources = options.sources
        if let check { sources.file = check }
        let loaded = try sources.loadOrExit()
        for warning in loaded.warnings { StandardStreams.write(error: "semcached: \(warning)") }
        StandardStreams.write(output: check == nil ? EffectiveConfiguration.text(of: loaded) : "OK\n")
    }
}
