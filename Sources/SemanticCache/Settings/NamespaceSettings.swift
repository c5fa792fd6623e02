/// What a namespace may set for itself; the defaults are those of the service.
public struct NamespaceSettings: Sendable, Hashable {
    /// Whether lookups and stores are served at all (`enabled`).
    public var isEnabled = true
    /// Seconds that an entry lives when the caller names no time (`ttl.default`).
    public var defaultTimeToLive = 3600
    /// Seconds that an entry may live (`ttl.maximum`).
    public var maximumTimeToLive = 604_800
    /// Bytes of request and answer that an entry may have (`limits.entry_bytes`).
    public var maximumEntryBytes = 1 << 20
    /// Whether only requests with temperature 0 or a seed are cached (`cacheable.deterministic_only`).
    public var cachesDeterministicOnly = false
    /// Members of a request that do not count, besides the endpoint's own (`canonical.ignored_fields`).
    public var ignoredFields: Set<String> = []
    /// Milliseconds that a lookup may take (`lookup.deadline_ms`).
    public var lookupDeadlineMilliseconds = 250
    /// Milliseconds that a lease lasts (`lease.seconds`).
    public var leaseMilliseconds = 30_000
    /// The semantic tier's settings.
    public var semantic = SemanticSettings()

    /// Creates the defaults.
    public init() {}
}

/// The settings of every namespace and the prices of models; replaced as a whole when they are reloaded.
public struct CacheSettings: Sendable {
    /// For namespaces without settings of their own.
    public var defaults: NamespaceSettings
    /// Settings by namespace.
    public var namespaces: [String: NamespaceSettings]
    /// Prices by model.
    public var prices: [String: Price]

    /// Creates settings.
    public init(
        defaults: NamespaceSettings = NamespaceSettings(),
        namespaces: [String: NamespaceSettings] = [:],
        prices: [String: Price] = [:]
    ) {
        self.defaults = defaults
        self.namespaces = namespaces
        self.prices = prices
    }

    /// The settings that hold in `namespace`.
    public subscript(_ namespace: Namespace) -> NamespaceSettings {
        namespaces.isEmpty ? defaults : namespaces[namespace.name] ?? defaults
    }
}
