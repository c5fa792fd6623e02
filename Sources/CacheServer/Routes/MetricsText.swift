import SemanticCache

/// The Prometheus text exposition (format 0.0.4) of a process' counts.
struct MetricsText {
    private(set) var bytes: [UInt8] = []

    /// Writes counts, which are by label.
    init(
        counts: [String: NamespaceCounts],
        isRedisUp: Bool,
        index: IndexState?,
        connections: Int,
        version: String
    ) {
        let rows = counts.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
        family("semcached_lookups_total", "counter", "Lookups by outcome.")
        for (namespace, counts) in rows { lookups(namespace, counts) }
        family("semcached_lookup_duration_seconds", "histogram", "Time from a complete request to its answer.")
        for kind in [NamespaceCounts.Latency.lookupExact, .lookupSemantic, .lookupMiss] {
            var sum = Histogram()
            for (_, counts) in rows { if let one = counts.latencies[kind] { sum.merge(one) } }
            histogram("semcached_lookup_duration_seconds", kind.rawValue, sum)
        }
        family("semcached_stores_total", "counter", "Stores by outcome.")
        for (namespace, counts) in rows { stores(namespace, counts) }
        single("semcached_flushed_entries_total", "Entries flushed through this process.", rows) {
            Double($0[.flushed])
        }
        single("semcached_saved_usd_total", "Dollars that hits saved.", rows) {
            Double($0[.savedNanodollars]) / 1e9
        }
        single("semcached_saved_prompt_tokens_total", "Prompt tokens that hits saved.", rows) {
            Double($0[.savedPromptTokens])
        }
        single("semcached_saved_completion_tokens_total", "Completion tokens that hits saved.", rows) {
            Double($0[.savedCompletionTokens])
        }
        family("semcached_feedback_total", "counter", "Feedback by verdict.")
        for (namespace, counts) in rows {
            line(
                "semcached_feedback_total",
                [("namespace", namespace), ("verdict", "right")],
                Double(counts[.feedbackRight])
            )
            line(
                "semcached_feedback_total",
                [("namespace", namespace), ("verdict", "wrong")],
                Double(counts[.feedbackWrong])
            )
        }
        family("semcached_redis_up", "gauge", "Whether Redis answers this process.")
        line("semcached_redis_up", [], isRedisUp ? 1 : 0)
        family("semcached_index_entries", "gauge", "Vectors in this process' index.")
        line("semcached_index_entries", [], Double(index?.elements ?? 0))
        family("semcached_index_lag_seconds", "gauge", "How far this process' index is behind.")
        line("semcached_index_lag_seconds", [], Double(index?.lagMilliseconds ?? 0) / 1000)
        family("semcached_embed_duration_seconds", "histogram", "Time to embed a text.")
        var embedding = Histogram()
        for (_, counts) in rows { if let one = counts.latencies[.embed] { embedding.merge(one) } }
        histogram("semcached_embed_duration_seconds", nil, embedding)
        family("semcached_connections", "gauge", "Open client connections.")
        line("semcached_connections", [], Double(connections))
        family("semcached_build_info", "gauge", "Always 1; the version is a label.")
        line("semcached_build_info", [("version", version)], 1)
    }

    private mutating func lookups(_ namespace: String, _ counts: NamespaceCounts) {
        func outcome(_ name: String, _ value: Int64) {
            line("semcached_lookups_total", [("namespace", namespace), ("outcome", name)], Double(value))
        }
        outcome("hit_exact", counts[.exactHits])
        outcome("hit_semantic", counts[.semanticHits])
        outcome("hit_coalesced", counts[.coalescedHits])
        for reason in MissReason.allCases where reason == .absent || counts.misses[reason] != nil {
            outcome("miss_\(reason.rawValue)", counts.misses[reason] ?? 0)
        }
        for reason in BypassReason.allCases where reason == .redisUnavailable || counts.bypasses[reason] != nil {
            outcome("bypass_\(reason.rawValue)", counts.bypasses[reason] ?? 0)
        }
    }

    private mutating func stores(_ namespace: String, _ counts: NamespaceCounts) {
        line("semcached_stores_total", [("namespace", namespace), ("outcome", "stored")], Double(counts[.stores]))
        for reason in RefusalReason.allCases {
            guard let count = counts.refused[reason] else { continue }
            line("semcached_stores_total", [("namespace", namespace), ("outcome", reason.rawValue)], Double(count))
        }
    }

    private mutating func single(
        _ name: String,
        _ help: String,
        _ rows: [(String, NamespaceCounts)],
        _ value: (NamespaceCounts) -> Double
    ) {
        family(name, "counter", help)
        for (namespace, counts) in rows { line(name, [("namespace", namespace)], value(counts)) }
    }

    private mutating func histogram(_ name: String, _ tier: String?, _ histogram: Histogram) {
        let labels = tier.map { [("tier", $0)] } ?? []
        var seen: UInt64 = 0
        // One bound per doubling is enough for a scrape; the finer buckets stay in Redis.
        for bucket in 0..<Histogram.bucketCount {
            seen += histogram.counts.isEmpty ? 0 : histogram.counts[bucket]
            guard bucket % 4 == 3 else { continue }
            let seconds = Histogram.microseconds(ofBucket: bucket).upperBound / 1e6
            line(name + "_bucket", labels + [("le", MetricsText.number(seconds))], Double(seen))
        }
        line(name + "_bucket", labels + [("le", "+Inf")], Double(histogram.total))
        line(name + "_sum", labels, Double(histogram.sumNanoseconds) / 1e9)
        line(name + "_count", labels, Double(histogram.total))
    }

    private mutating func family(_ name: String, _ type: String, _ help: String) {
        bytes.append("# HELP \(name) \(help)\n# TYPE \(name) \(type)\n")
    }

    private mutating func line(_ name: String, _ labels: [(String, String)], _ value: Double) {
        bytes.append(name)
        if !labels.isEmpty {
            // Label values are names that were checked: they hold no quotation mark, backslash or line feed.
            bytes.append("{" + labels.map { "\($0.0)=\"\($0.1)\"" }.joined(separator: ",") + "}")
        }
        bytes.append(" \(MetricsText.number(value))\n")
    }

    private static func number(_ value: Double) -> String {
        value == value.rounded() && abs(value) < 1e15 ? String(Int64(value)) : String(value)
    }
}
