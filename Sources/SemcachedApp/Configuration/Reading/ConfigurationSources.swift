import CacheServer

/// Where a configuration is read from, so that it can be read again.
public struct ConfigurationSources: Sendable {
    /// A flag of the command line and what follows it.
    public struct Flag: Sendable, Hashable {
        /// The flag, as in `--port`.
        public let name: String
        /// What was written after it; `true` for a flag alone.
        public let value: String

        /// Creates a flag.
        public init(name: String, value: String) {
            self.name = name
            self.value = value
        }
    }

    /// The flags that set something.
    public var flags: [Flag]
    /// The environment.
    public var environment: [String: String]
    /// The file that `--config` names; nil leaves it to `SEMCACHED_CONFIG`, and without that there is none.
    public var file: String?

    /// Creates the sources.
    public init(flags: [Flag] = [], environment: [String: String] = [:], file: String? = nil) {
        self.flags = flags
        self.environment = environment
        self.file = file
    }

    /// Reads everything, blocking: the file, the environment and the flags, each stronger than what is before it, and
    /// the files that they name.
    ///
    /// - Throws: every problem there is.
    public func load() throws(ConfigurationError) -> LoadedConfiguration {
        var draft = ConfigurationDraft()
        readFile(into: &draft)
        draft.read(environment: environment)
        let problemsBeforeFlags = draft.problems.count
        for flag in flags {
            guard let setting = Settings.all.first(where: { $0.flag == flag.name }) else {
                draft.report("is no flag that sets something", origin: .flag(flag.name))
                continue
            }
            draft.apply(.text(flag.value), to: setting, origin: .flag(flag.name))
        }
        let wrongFlags = draft.problems.count - problemsBeforeFlags
        draft.applyNamespaces()
        draft.readNamedFiles()
        let keys = draft.readKeys()
        draft.check(keysAreKnown: keys != nil || draft.configuration.keysFile != nil)
        guard draft.problems.isEmpty else {
            throw ConfigurationError(problems: draft.problems, isWrongUsage: draft.problems.count == wrongFlags)
        }
        return LoadedConfiguration(
            configuration: draft.configuration,
            keys: keys,
            origins: draft.origins,
            warnings: draft.warnings
        )
    }

    private func readFile(into draft: inout ConfigurationDraft) {
        let variable = "SEMCACHED_CONFIG"
        let named = environment[variable].flatMap { $0.isEmpty ? nil : $0 }
        guard let path = file ?? named else { return }
        let origin = file == nil ? SettingOrigin.environment(variable: variable) : .flag("--config")
        do throws(FileContents.Failure) {
            let text = try FileContents.text(at: path)
            do throws(YAMLFailure) {
                draft.read(try YAMLNode(yaml: text), path: path)
            } catch {
                draft.report(
                    "column \(error.column): \(error.problem)",
                    origin: .file(path: path, line: error.line)
                )
            }
        } catch {
            draft.report("'\(path)' \(error.reason)", origin: origin)
        }
    }
}
