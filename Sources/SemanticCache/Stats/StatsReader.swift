/// Reads the counts of all replicas together.
public protocol StatsReader: Sendable {
    /// The counts of `window`, of one namespace or of all (nil).
    func report(namespace: Namespace?, window: StatsWindow) async throws(AdministrationError) -> StatsReport
}

/// How far back a report looks.
public enum StatsWindow: String, Sendable, Hashable, CaseIterable {
    /// Five minutes.
    case fiveMinutes = "5m"
    /// One hour.
    case hour = "1h"
    /// One day.
    case day = "24h"
    /// One week.
    case week = "7d"
    /// Since the first lookup.
    case all
}

/// The counts of all replicas over a window.
public struct StatsReport: Sendable {
    /// The window.
    public var window: StatsWindow
    /// The namespace asked for, nil for all.
    public var namespace: Namespace?
    /// The counts.
    public var counts: NamespaceCounts
    /// Live entries now.
    public var entries: Int
    /// Bytes of the live entries' values now, estimated from what was stored.
    public var bytes: Int
    /// The counts over time, oldest first.
    public var series: [StatsPoint]
    /// The counts by namespace.
    public var namespaces: [String: NamespaceCounts]
    /// The replicas that were heard of lately.
    public var replicas: [ReplicaStatus]
    /// The false hits of late, newest first and at most 50, whatever the window.
    public var falseHits: [FalseHit]

    /// Creates a report.
    public init(
        window: StatsWindow,
        namespace: Namespace?,
        counts: NamespaceCounts,
        entries: Int,
        bytes: Int,
        series: [StatsPoint],
        namespaces: [String: NamespaceCounts],
        replicas: [ReplicaStatus],
        falseHits: [FalseHit]
    ) {
        self.window = window
        self.namespace = namespace
        self.counts = counts
        self.entries = entries
        self.bytes = bytes
        self.series = series
        self.namespaces = namespaces
        self.replicas = replicas
        self.falseHits = falseHits
    }
}

/// The counts of one span of a series.
public struct StatsPoint: Sendable {
    /// When the span begins.
    public var at: Timestamp
    /// The counts.
    public var counts: NamespaceCounts

    /// Creates a point.
    public init(at: Timestamp, counts: NamespaceCounts) {
        self.at = at
        self.counts = counts
    }
}

/// What a replica last said of itself.
public struct ReplicaStatus: Sendable, Hashable {
    /// Names the replica's process.
    public var id: String
    /// Its version.
    public var version: String
    /// Seconds since it started.
    public var uptime: Int
    /// Entries whose decoded form it holds.
    public var nearCacheEntries: Int
    /// Vectors in its index.
    public var indexEntries: Int
    /// Milliseconds that its index is behind; nil without an index.
    public var indexLagMilliseconds: Int?

    /// Creates a status.
    public init(
        id: String,
        version: String,
        uptime: Int,
        nearCacheEntries: Int,
        indexEntries: Int = 0,
        indexLagMilliseconds: Int? = nil
    ) {
        self.id = id
        self.version = version
        self.uptime = uptime
        self.nearCacheEntries = nearCacheEntries
        self.indexEntries = indexEntries
        self.indexLagMilliseconds = indexLagMilliseconds
    }
}
