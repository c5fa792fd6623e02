public import Redis
public import SemanticCache

/// Reads the counts of all replicas from Redis.
public struct RedisStatsReader: StatsReader {
    /// How long after its last word a replica is shown.
    private static let replicaMilliseconds: Int64 = 10_000
    /// How long after its last word a replica is forgotten.
    private static let forgottenMilliseconds: Int64 = 86_400_000
    private static let sampledPerBucket = 8
    private static let shownFalseHits = 50

    private let client: RedisClient
    private let administration: RedisAdministration
    private let falseHits: any FalseHitLog
    private let keys: KeySpace
    private let now: @Sendable () -> Timestamp

    /// Creates a reader.
    public init(client: RedisClient, configuration: StorageConfiguration, now: @escaping @Sendable () -> Timestamp) {
        self.client = client
        self.now = now
        administration = RedisAdministration(client: client, configuration: configuration)
        falseHits = RedisFalseHitLog(client: client, configuration: configuration, now: now)
        keys = KeySpace(prefix: configuration.keyPrefix)
    }

    /// The counts of `window`, of one namespace or of all.
    public func report(namespace: Namespace?, window: StatsWindow) async throws(AdministrationError) -> StatsReport {
        let now = self.now()
        let hashes = window.hashes(StatsKeys(keys), at: now)
        let replies = try await client.replies(to: hashes.map { RedisCommand("HGETALL", $0.key) })

        var byNamespace: [String: NamespaceCounts] = [:]
        var spans: [Timestamp: NamespaceCounts] = [:]
        for (hash, reply) in zip(hashes, replies) {
            var counts: [String: NamespaceCounts] = [:]
            let parts = reply.elements ?? []
            for place in stride(from: 0, to: parts.count - 1, by: 2) {
                guard let name = parts[place].text, let value = parts[place + 1].integer else { continue }
                StatsFields.add(name, value, to: &counts)
            }
            if let namespace { counts = counts.filter { $0.key == namespace.name } }
            spans[hash.spanStart, default: NamespaceCounts()].merge(NamespaceCounts(sumOf: counts.values))
            for (name, one) in counts { byNamespace[name, default: NamespaceCounts()].merge(one) }
        }
        let entries = try await administration.count(namespace)
        return StatsReport(
            window: window,
            namespace: namespace,
            counts: NamespaceCounts(sumOf: byNamespace.values),
            entries: entries,
            bytes: try await bytes(namespace),
            series: window == .all
                ? [] : spans.sorted { $0.key < $1.key }.map { StatsPoint(at: $0.key, counts: $0.value) },
            namespaces: byNamespace,
            replicas: try await replicas(at: now),
            falseHits: try await falseHits.newest(Self.shownFalseHits, in: namespace)
        )
    }

    /// Bytes of the live values, from a sample of each bucket's; exact where a bucket has few entries.
    private func bytes(_ namespace: Namespace?) async throws(AdministrationError) -> Int {
        var sets: [[UInt8]] = []
        for bucket in Bucket.all {
            if let namespace {
                sets.append(keys.members(bucket, namespace))
            } else {
                sets += try await administration.namespaces(in: bucket).map { keys.members(bucket, $0) }
            }
        }
        let replies = try await client.replies(
            to: sets.flatMap {
                [RedisCommand("ZCARD", $0), RedisCommand("ZRANDMEMBER", $0, Array(decimal: Self.sampledPerBucket))]
            }
        )
        var samples: [(fingerprint: Fingerprint, weight: Double)] = []
        for place in sets.indices {
            let count = Double(replies[2 * place].integer ?? 0)
            let sample = (replies[2 * place + 1].elements ?? []).compactMap {
                $0.bytes.flatMap { Fingerprint(bytes: $0) }
            }
            samples += sample.map { ($0, count / Double(sample.count)) }
        }
        let lengths = try await client.replies(
            to: samples.map { RedisCommand("STRLEN", keys.entry($0.fingerprint)) }
        )
        let sum = zip(samples, lengths).reduce(0.0) { $0 + $1.0.weight * Double($1.1.integer ?? 0) }
        return Int(sum.rounded())
    }

    private func replicas(at now: Timestamp) async throws(AdministrationError) -> [ReplicaStatus] {
        let name = keys.stats("replicas")
        let parts = try await client.reply(to: RedisCommand("HGETALL", name)).elements ?? []
        var replicas: [ReplicaStatus] = []
        for place in stride(from: 0, to: parts.count - 1, by: 2) {
            guard let id = parts[place].text, let text = parts[place + 1].text, let line = ReplicaLine(id: id, text)
            else { continue }
            let silence = now.milliseconds - line.at.milliseconds
            if silence <= Self.replicaMilliseconds {
                replicas.append(line.status)
            } else if silence > Self.forgottenMilliseconds {
                _ = try await client.reply(to: RedisCommand("HDEL", name, Array(id.utf8)))
            }
        }
        return replicas.sorted { $0.id < $1.id }
    }
}

extension NamespaceCounts {
    /// The sum of several.
    init(sumOf all: some Sequence<NamespaceCounts>) {
        self.init()
        for counts in all { merge(counts) }
    }
}
