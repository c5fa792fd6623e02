/// Puts the service together and runs it; the wiring is written apart from the commands.
enum Serve {
    /// Runs until the process is told to stop.
    ///
    /// - Parameters:
    ///   - configuration: what was read at the start.
    ///   - sources: where SIGHUP reads it again.
    /// - Throws: why the service cannot be started or go on.
    static func run(configuration: LoadedConfiguration, sources: ConfigurationSources) async throws {
        StandardStreams.write(error: "semcached: serving is not part of this build.")
    }
}
