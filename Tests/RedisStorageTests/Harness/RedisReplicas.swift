import NIOCore
import Redis
import RedisStorage
import SemanticCache
import SemanticCacheTesting
import Testing

/// Two replicas on one Redis, each with a store, a wake reader and nothing shared but Redis.
final class RedisReplicas: StoreReplicas {
    let first: HostedStore
    let second: HostedStore
    let client: RedisClient
    let administration: RedisAdministration

    private init(_ server: any TestedRedis, _ configuration: StorageConfiguration) throws {
        first = try HostedStore(server, configuration)
        second = try HostedStore(server, configuration)
        client = try redisClient(server)
        administration = RedisAdministration(client: client, configuration: configuration)
    }

    /// Runs `body` with two replicas that are up.
    static func with<Result: Sendable>(
        _ server: any TestedRedis,
        _ configuration: StorageConfiguration = .testing,
        _ body: (RedisReplicas) async throws -> Result
    ) async throws -> Result {
        let replicas = try RedisReplicas(server, configuration)
        try await replicas.first.up()
        try await replicas.second.up()
        replicas.client.start()
        try await replicas.client.waitUntilAvailable(within: .seconds(30))
        let readers = [replicas.first, replicas.second].map { store in
            Task {
                let client = try redisClient(server)
                client.start()
                let reader = WakeReader(
                    client: client,
                    waiters: store.waiters,
                    configuration: configuration,
                    logger: silent
                )
                await reader.run()
                await client.shutdown()
            }
        }
        do {
            // A reader that begins wakes everybody, which would hide that nobody else does.
            if let server = server as? RedisServer {
                try await eventually("both readers block") { try server.info("blocked_clients") == 2 }
            }
            let result = try await body(replicas)
            try await replicas.stop(readers)
            return result
        } catch {
            try? await replicas.stop(readers)
            throw error
        }
    }

    private func stop(_ readers: [Task<Void, any Error>]) async throws {
        for reader in readers { reader.cancel() }
        for reader in readers { try await reader.value }
        await client.shutdown()
        try await first.close()
        try await second.close()
    }

    private func store(_ replica: Replica) -> HostedStore { replica == .first ? first : second }

    func fetch(_ replica: Replica, _ key: EntryKey) async throws -> FetchOutcome {
        try await store(replica).fetch(key)
    }

    func acquire(_ replica: Replica, _ key: EntryKey, _ ask: FillAsk) async throws -> AcquireOutcome {
        try await store(replica).acquire(key, ask)
    }

    func commit(_ replica: Replica, _ fill: Fill) async throws -> CommitOutcome {
        try await store(replica).commit(fill)
    }

    func release(_ replica: Replica, _ key: EntryKey, _ token: FillToken) async throws -> ReleaseOutcome {
        try await store(replica).release(key, token)
    }

    func candidate(_ replica: Replica, _ key: EntryKey, _ asked: EntryKey) async throws -> CandidateOutcome {
        try await store(replica).candidate(key, asked)
    }

    func writeAlias(
        _ replica: Replica,
        _ asked: EntryKey,
        _ source: Entry,
        _ judgment: Alias.Judgment
    ) async throws -> AliasOutcome {
        try await store(replica).writeAlias(asked, source, judgment)
    }

    func block(_ replica: Replica, _ key: EntryKey, _ asked: EntryKey) async throws -> BlockOutcome {
        try await store(replica).block(key, asked)
    }

    func remove(_ key: EntryKey) async throws -> Bool { try await administration.remove(key) }

    func flush(_ selector: FlushSelector) async throws -> Int {
        try await administration.flush(selector, isDryRun: false)
    }

    func elapse(milliseconds: Int) async throws { try await Task.sleep(for: .milliseconds(milliseconds)) }

    func elapse(milliseconds: Int, callersThatWait _: Int) async throws { try await elapse(milliseconds: milliseconds) }

    func waitForWaiters(_ count: Int) async throws {
        try await eventually("\(count) wait") {
            guard first.waiters.count + second.waiters.count == count else { return false }
            // Those who registered have been told that the lease is held once nothing is in flight.
            let inFlight = try await (first.inFlight, second.inFlight)
            return inFlight == (0, 0)
        }
    }
}
