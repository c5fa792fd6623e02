public import Logging
public import Redis
public import SemanticCache
public struct RedisAdministration: EntryAdministration {
    public init(client: RedisClient, configuration: StorageConfiguration, logger: Logger) {}
    public func entry(_ key: EntryKey) async throws(AdministrationError) -> EntryRecord? { nil }
    public func entries(_ query: EntryQuery) async throws(AdministrationError) -> EntryPage { EntryPage(records: [], cursor: nil) }
    public func remove(_ key: EntryKey) async throws(AdministrationError) -> Bool { false }
    public func flush(_ selector: FlushSelector, isDryRun: Bool) async throws(AdministrationError) -> Int { 0 }
}
public struct RedisStatsReader: StatsReader {
    public init(client: RedisClient, configuration: StorageConfiguration, now: @escaping @Sendable () -> Timestamp) {}
    public func report(namespace: Namespace?, window: StatsWindow) async throws(AdministrationError) -> StatsReport { throw .redisUnavailable }
}
public struct Reclaimer: Sendable {
    public init(client: RedisClient, configuration: StorageConfiguration, logger: Logger) {}
    public func run() async {}
}
public struct StatsFlusher: Sendable {
    public init(client: RedisClient, configuration: StorageConfiguration, replica: String, now: @escaping @Sendable () -> Timestamp) {}
    public func flush(_ counts: [Namespace: NamespaceCounts], status: ReplicaStatus) async {}
}
public struct DeploymentSecret: Sendable {
    public init(client: RedisClient, configuration: StorageConfiguration) {}
    public func key(preferring: [UInt8]?) async -> [UInt8]? { Array(repeating: 3, count: 32) }
}
