import CacheAPI

/// One value of every shape, with every member set, or with every member nil that may be.
enum Samples {
    static let id = String(repeating: "ab", count: 32)
    static let json = JSONText(valid: Array(#"{"model":"m"}"#.utf8))

    static var cacheOptions: CacheOptions {
        var options = CacheOptions()
        options.noCache = true
        options.noStore = true
        options.ttl = 60
        options.sMaxage = 10
        options.semantic = false
        options.minSimilarity = 0.9
        options.lease = false
        options.waitMS = 100
        options.asksAgain = false
        options.tags = ["a"]
        options.after = "1-2-3"
        return options
    }

    static func counts(hits: Int = 3) -> CountsBody {
        CountsBody(
            hits: HitsBody(exact: hits, semantic: 0, coalesced: 0),
            misses: 1,
            bypasses: 2,
            missesByReason: ["absent": 1],
            stores: 1,
            refused: ["truncated": 1],
            flushed: 4,
            feedback: FeedbackCountsBody(right: 1, wrong: 0),
            saved: SavingsBody(requests: hits, promptTokens: 5, completionTokens: 6, usd: 0.25)
        )
    }

    static let percentiles = PercentilesBody(p50: nil, p95: 1.5, p99: 2)

    static var stats: StatsBody {
        StatsBody(
            window: "1h",
            namespace: nil,
            counts: counts(),
            entries: 7,
            bytes: 8,
            latencyMS: LatenciesBody(
                lookupExact: percentiles,
                lookupSemantic: percentiles,
                lookupMiss: percentiles,
                embed: percentiles
            ),
            semantic: semanticStatus,
            series: [point],
            namespaces: ["support": counts()],
            replicas: [replica],
            recentFeedback: [falseHit]
        )
    }

    static let point = SeriesPointBody(
        at: "2026-11-21T10:00:00Z",
        lookups: 3,
        exact: 1,
        semantic: 0,
        coalesced: 1,
        misses: 0,
        bypasses: 1
    )

    static let semanticStatus = SemanticStatusBody(
        enabled: true,
        mode: "serve",
        threshold: 0.8,
        minimumScore: nil,
        thresholds: ["support": 0.9]
    )

    static let falseHit = FalseHitBody(
        at: "2026-11-21T10:00:00Z",
        namespace: "support",
        entryID: id,
        tier: nil,
        similarity: nil,
        score: nil,
        remedy: "entry_removed"
    )

    static let replica = ReplicaBody(
        id: "r1",
        version: "0.1.0",
        uptime: 5,
        indexEntries: 0,
        indexLagMS: nil,
        nearCacheEntries: 2,
        redis: "up"
    )

    static func entry(withBodies: Bool) -> EntryBody {
        EntryBody(
            entryID: id,
            namespace: "support",
            endpoint: "chat.completions",
            model: "m",
            tags: ["a"],
            storedAt: "2026-11-21T10:00:00Z",
            age: 1,
            ttl: 2,
            bytes: 3,
            hits: 4,
            request: withBodies ? json : nil,
            response: withBodies ? json : nil
        )
    }

    static let neighbor = {
        var neighbor = NeighborBody(
            similarity: 0.9,
            score: 0.8,
            entryID: id,
            text: "t",
            guards: ["numbers": "pass"],
            rejectedBy: nil
        )
        neighbor.leastSimilarity = 0.95
        return neighbor
    }()
    static let eligibility = {
        var eligibility = EligibilityBody(eligible: false, reason: nil)
        eligibility.threshold = 0.8
        eligibility.minimumScore = 0.728
        eligibility.profiles = ["strict": 0.728, "balanced": nil]
        return eligibility
    }()
}
