import CacheAPI

/// Answers of a server.
enum Bodies {
    static let id = String(repeating: "ab", count: 32)

    static func counts(exact: Int, semantic: Int = 0, coalesced: Int = 0, misses: Int) -> CountsBody {
        CountsBody(
            hits: HitsBody(exact: exact, semantic: semantic, coalesced: coalesced),
            misses: misses,
            bypasses: 5,
            missesByReason: ["absent": misses - 1, "too_old": 1],
            stores: 460,
            refused: ["truncated": 3],
            flushed: 0,
            feedback: FeedbackCountsBody(right: 40, wrong: 1),
            saved: SavingsBody(requests: exact, promptTokens: 812_000, completionTokens: 164_000, usd: 1234.5)
        )
    }

    static func stats(redis: String = "up", lag: Int? = nil, replicas: Int = 1) -> StatsBody {
        let none = PercentilesBody(p50: nil, p95: nil, p99: nil)
        return StatsBody(
            window: "1h",
            namespace: nil,
            counts: counts(exact: 400, semantic: 120, coalesced: 10, misses: 465),
            entries: 12_345,
            bytes: 99_999_999,
            latencyMS: LatenciesBody(
                lookupExact: PercentilesBody(p50: 0.4123, p95: 12.34, p99: 123.4),
                lookupSemantic: none,
                lookupMiss: PercentilesBody(p50: 1, p95: 2, p99: 3),
                embed: none
            ),
            series: [],
            namespaces: ["support": counts(exact: 300, misses: 100), "faq": counts(exact: 100, misses: 365)],
            replicas: (0..<replicas).map { place in
                ReplicaBody(
                    id: "replica-\(place)",
                    version: "0.1.0",
                    uptime: 93_784,
                    indexEntries: 0,
                    indexLagMS: lag,
                    nearCacheEntries: 4_096,
                    redis: redis
                )
            }
        )
    }

    static func entry(_ id: String, withBodies: Bool) throws -> EntryBody {
        EntryBody(
            entryID: id,
            namespace: "support",
            endpoint: "chat.completions",
            model: "gpt-4o",
            tags: ["docs:v2"],
            storedAt: "2026-11-21T10:00:00Z",
            age: 192,
            ttl: 3408,
            bytes: 1504,
            hits: 12,
            request: withBodies ? JSONText(valid: Array(#"{"model":"gpt-4o","n":9007199254740993}"#.utf8)) : nil,
            response: withBodies ? JSONText(valid: Array(#"{"choices":[],"x":0.10}"#.utf8)) : nil
        )
    }

    /// An entry of a list, as JSON.
    static func entryJSON() throws -> [UInt8] { try BodyEncoder.encode(try entry(id, withBodies: false)) }

    /// The answer of `/v1/explain` for a request: the fingerprint is made of its bytes.
    static func explanation(of fingerprint: String, outcome: String = #"{"status":"miss","reason":"absent"}"#) -> String
    {
        """
        {"canonical":{"model":"m"},"fingerprint":"\(fingerprint)","partition":null,\
        "semantic":{"eligible":false,"reason":"semantic.enabled is false"},"neighbors":[],"outcome":\(outcome)}
        """
    }
}
