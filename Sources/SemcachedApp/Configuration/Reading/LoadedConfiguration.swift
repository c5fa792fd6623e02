public import CacheServer

/// A configuration without a problem, and what is known about it.
public struct LoadedConfiguration: Sendable {
    /// The values.
    public let configuration: DaemonConfiguration
    /// The keys that callers may present; nil asks nobody for one.
    public let keys: AccessKeys?
    /// Where each value comes from.
    public let origins: ConfigurationOrigins
    /// What the daemon starts with all the same, but its operator should know; whole sentences.
    public let warnings: [String]
}
