public import CacheServer
public import SemanticCache

/// What SIGHUP takes over.
public struct ConfigurationReload: Sendable {
    /// The settings of every namespace and the prices.
    public let cache: CacheSettings
    /// The keys that callers may present; nil asks nobody for one.
    public let keys: AccessKeys?
    /// The settings whose changed values wait for the next start.
    public let waitingForRestart: [String]
    /// What the operator should know; whole sentences.
    public let warnings: [String]
}

extension ConfigurationSources {
    /// Reads everything again, blocking.
    ///
    /// - Parameter current: what the daemon started with.
    /// - Returns: what changes at once, and what waits.
    /// - Throws: every problem there is; the daemon then goes on with what it has.
    public func reload(after current: LoadedConfiguration) throws(ConfigurationError) -> ConfigurationReload {
        let loaded = try load()
        if current.keys != nil, loaded.keys == nil {
            let problem = ConfigurationError.Problem(
                key: "auth.keys_file",
                origin: .fallback,
                reason: "is no longer set; only a new start stops asking callers for a key"
            )
            throw ConfigurationError(problems: [problem])
        }
        let waiting = Settings.all.filter { setting in
            !setting.isReloadable
                && setting.value(loaded.configuration) != setting.value(current.configuration)
        }
        return ConfigurationReload(
            cache: loaded.configuration.cache,
            keys: loaded.keys,
            waitingForRestart: waiting.map(\.key),
            warnings: loaded.warnings
        )
    }
}
