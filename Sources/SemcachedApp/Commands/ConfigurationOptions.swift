import ArgumentParser
import FoundationEssentials

/// The flags that set something; their help is that of the table of settings.
struct ConfigurationOptions: ParsableArguments {
    @Option(help: Settings.help(for: "server.host"))
    var host: String?

    @Option(help: Settings.help(for: "server.port"))
    var port: String?

    @Option(help: Settings.help(for: "redis.url", placeholder: "url"))
    var redis: String?

    @Option(help: ArgumentHelp("The configuration file, YAML.", valueName: "file"))
    var config: String?

    @Flag(name: .customLong("allow-unauthenticated"), help: Settings.help(for: "server.allow_unauthenticated"))
    var allowsUnauthenticated = false

    @Option(name: .customLong("log-level"), help: Settings.help(for: "log.level", placeholder: "level"))
    var logLevel: String?

    /// What these flags, the environment of the process and the file give together.
    var sources: ConfigurationSources {
        let texts = [("--host", host), ("--port", port), ("--redis", redis), ("--log-level", logLevel)]
        var flags = texts.compactMap { name, value in
            value.map { ConfigurationSources.Flag(name: name, value: $0) }
        }
        if allowsUnauthenticated {
            flags.append(ConfigurationSources.Flag(name: "--allow-unauthenticated", value: "true"))
        }
        return ConfigurationSources(flags: flags, environment: ProcessInfo.processInfo.environment, file: config)
    }
}

extension ConfigurationSources {
    /// Reads everything; what is wrong goes to standard error, one sentence a line.
    ///
    /// - Throws: the exit code, 64 when only the command line is wrong, else 1.
    func loadOrExit() throws -> LoadedConfiguration {
        do throws(ConfigurationError) {
            return try load()
        } catch {
            for sentence in error.sentences { StandardStreams.write(error: "semcached: \(sentence)") }
            throw error.isWrongUsage ? ExitCode.validationFailure : ExitCode.failure
        }
    }
}

extension Settings {
    /// The help of a flag.
    fileprivate static func help(for key: String, placeholder: String? = nil) -> ArgumentHelp {
        guard let setting = byKey[key] else { return ArgumentHelp() }
        let fallback: String? =
            if case .text(let text) = setting.value(DaemonConfiguration()), setting.flag != "--allow-unauthenticated" {
                " (default: \(text))"
            } else { nil }
        return ArgumentHelp(stringLiteral: setting.help + (fallback ?? "")).named(placeholder)
    }
}

extension ArgumentHelp {
    fileprivate func named(_ placeholder: String?) -> ArgumentHelp {
        var help = self
        if let placeholder { help.valueName = placeholder }
        return help
    }
}
