import ArgumentParser

/// `semcached serve`: runs the service until it is told to stop.
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Run the service.",
        discussion: """
            Settings come from flags, the environment, the configuration file and the defaults, in this order; \
            'semcached config' shows what they come to.
            """
    )

    @OptionGroup(title: "Settings")
    var options: ConfigurationOptions

    func run() async throws {
        let sources = options.sources
        let loaded = try sources.loadOrExit()
        do {
            try await Serve.run(configuration: loaded, sources: sources)
        } catch {
            StandardStreams.write(error: "semcached: \(error)")
            throw ExitCode.failure
        }
    }
}
