import Redis
import RedisStorage
import SemanticCache
import SemanticCacheTesting
import Testing

/// One replica's store and administration before a private Redis.
final class Deployment: Sendable {
    let configuration: StorageConfiguration
    let client: RedisClient
    let administration: RedisAdministration
    private let hosted: HostedStore

    private init(_ server: any TestedRedis, _ configuration: StorageConfiguration) throws {
        self.configuration = configuration
        client = try redisClient(server)
        administration = RedisAdministration(client: client, configuration: configuration)
        hosted = try HostedStore(server, configuration)
    }

    /// Calls `body` with a replica that is connected, and shuts it down afterwards.
    static func run(
        _ server: any TestedRedis,
        _ configuration: StorageConfiguration = .testing,
        _ body: (Deployment) async throws -> Void
    ) async throws {
        let deployment = try Deployment(server, configuration)
        deployment.client.start()
        try await deployment.client.waitUntilAvailable(within: .seconds(30))
        try await deployment.hosted.up()
        let result: Result<Void, any Error>
        do { result = .success(try await body(deployment)) } catch { result = .failure(error) }
        await deployment.client.shutdown()
        try await deployment.hosted.close()
        try result.get()
    }

    /// The number'th key of a namespace; consecutive ones are in consecutive buckets.
    static func key(_ number: Int, _ namespace: String = "support") throws -> EntryKey {
        var mixed = UInt64(number) &+ 1
        var bytes = [UInt8(truncatingIfNeeded: number)]
        for byte in namespace.utf8 { mixed = (mixed ^ UInt64(byte)) &* 0x100_0000_01B3 }
        while bytes.count < 32 {
            mixed = mixed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            bytes.append(UInt8(truncatingIfNeeded: mixed >> 56))
        }
        return EntryKey(
            namespace: try #require(Namespace(namespace)),
            fingerprint: try #require(Fingerprint(bytes: bytes))
        )
    }

    static func fill(
        _ key: EntryKey,
        model: String = "gpt-4o",
        tags: [String] = [],
        seconds: Int = 3600,
        answer: String = #"{"answer":"yes"}"#,
        claim: FillClaim? = nil,
        semantic: SemanticPart? = nil
    ) -> Fill {
        Fill(
            entry: NewEntry(
                key: key,
                endpoint: .chatCompletions,
                model: model,
                tags: tags,
                timeToLive: seconds,
                usage: TokenUsage(promptTokens: 12, completionTokens: 3),
                cost: Money(nanodollars: 1500),
                request: Array(#"{"model":"\#(model)","question":"\#(key.fingerprint)"}"#.utf8),
                response: Array(answer.utf8),
                semantic: semantic
            ),
            claim: claim
        )
    }

    var isUp: Bool {
        get async throws { try await hosted.isUp }
    }

    func fetch(_ key: EntryKey) async throws -> Entry? {
        guard case .found(let entry) = try await hosted.fetch(key) else { return nil }
        return entry
    }

    func commit(_ fill: Fill) async throws -> CommitOutcome { try await hosted.commit(fill) }

    /// Stores entries without tickets, many at once.
    func store(_ fills: [Fill]) async throws {
        for start in stride(from: 0, to: fills.count, by: 1000) {
            let some = Array(fills[start..<min(start + 1000, fills.count)])
            let outcomes: [CommitOutcome] = try await hosted.answer { store, completion in
                var outcomes: [CommitOutcome?] = Array(repeating: nil, count: some.count)
                var left = some.count
                for (place, fill) in some.enumerated() {
                    store.commit(fill, deadline: HostedStore.deadline(20_000)) { outcome in
                        outcomes[place] = outcome
                        left -= 1
                        if left == 0 { completion(outcomes.compactMap(\.self)) }
                    }
                }
            }
            for (fill, outcome) in zip(some, outcomes) {
                try #require(outcome == .stored(timeToLive: fill.entry.timeToLive, receipt: outcome.receipt))
                try #require((outcome.receipt == nil) == (fill.entry.semantic == nil))
            }
        }
    }

    /// A claim for a fill, as a lookup that missed gets it.
    func claim(_ key: EntryKey) async throws -> FillClaim {
        try #require(try await hosted.claim(key, FillAsk(leaseMilliseconds: 30_000, accepts: .nothing)))
    }

    /// Counts hits and writes them to Redis at once.
    func serve(_ entry: Entry, times: Int) async throws {
        try await hosted.on { store in for _ in 0..<times { store.countHit(of: entry) } }
        try await hosted.writeHits()
    }
}
