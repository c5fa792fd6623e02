import CacheAPI

/// The figures of `GET /v1/stats` for people.
enum StatsText {
    /// Counts, latencies, namespaces and replicas, one block each.
    static func text(_ stats: StatsBody) -> String {
        var blocks = [heading(stats), counts(stats), latencies(stats.latencyMS)]
        if let similarity = similarity(stats.similarity) { blocks.append(similarity) }
        if !stats.namespaces.isEmpty, stats.namespace == nil { blocks.append(namespaces(stats.namespaces)) }
        blocks.append(stats.replicas.isEmpty ? "No replica was heard of lately." : replicas(stats.replicas))
        return blocks.joined(separator: "\n\n")
    }

    private static func heading(_ stats: StatsBody) -> String {
        let place = stats.namespace.map { "Namespace \(Table.printable($0))" } ?? "All namespaces"
        let time =
            switch stats.window {
            case "5m": "last 5 minutes"
            case "1h": "last hour"
            case "24h": "last 24 hours"
            case "7d": "last 7 days"
            case "all": "since the first lookup"
            default: Table.printable(stats.window)
            }
        return "\(place), \(time)"
    }

    private static func counts(_ stats: StatsBody) -> String {
        let counts = stats.counts
        var table = Table([("", .left), ("", .right), ("", .left)])
        func row(_ name: String, _ value: Int, _ remark: String = "") {
            table.add([name, NumberText.grouped(value), remark])
        }
        func reasons(_ values: [String: Int]) {
            for (name, value) in values.sorted(by: { ($1.value, $0.key) < ($0.value, $1.key) }) where value > 0 {
                row("  \(name)", value)
            }
        }
        row("lookups", counts.lookups)
        row("hits", counts.hits.total, counts.hitRatio == nil ? "" : "\(NumberText.percent(counts.hitRatio)) hit ratio")
        row("  exact", counts.hits.exact)
        row("  semantic", counts.hits.semantic)
        row("  coalesced", counts.hits.coalesced)
        row("misses", counts.misses)
        reasons(counts.missesByReason)
        row("bypasses", counts.bypasses)
        row("stores", counts.stores)
        row("refused stores", counts.refused.values.reduce(0, +))
        reasons(counts.refused)
        row("flushed entries", counts.flushed)
        row("feedback right", counts.feedback.right)
        row("feedback wrong", counts.feedback.wrong)
        if counts.shadow.hits > 0 {
            row("shadow hits", counts.shadow.hits, "not served: semantic.mode is shadow")
            row("  agreed", counts.shadow.agreed)
            row("  disagreed", counts.shadow.disagreed)
        }
        row("live entries", stats.entries, NumberText.bytes(stats.bytes))
        row("saved requests", counts.saved.requests, NumberText.money(counts.saved.usd))
        row("saved prompt tokens", counts.saved.promptTokens)
        row("saved completion tokens", counts.saved.completionTokens)
        return table.text
    }

    private static func latencies(_ latencies: LatenciesBody) -> String {
        var table = Table([("MILLISECONDS", .left), ("P50", .right), ("P95", .right), ("P99", .right)])
        let rows = [
            ("exact hit", latencies.lookupExact), ("semantic hit", latencies.lookupSemantic),
            ("miss", latencies.lookupMiss), ("embedding", latencies.embed),
        ]
        for (name, percentiles) in rows {
            table.add([name] + [percentiles.p50, percentiles.p95, percentiles.p99].map(NumberText.milliseconds))
        }
        return table.text
    }

    /// How similar the best candidates of lookups were, by steps of five hundredths; nil when there were none.
    private static func similarity(_ counts: [String: [String: Int]]) -> String? {
        let columns = ["served", "guarded", "below_threshold"]
        var steps: [Int: [Int]] = [:]
        for (column, name) in columns.enumerated() {
            for (hundredth, count) in counts[name] ?? [:] {
                guard let similarity = Double(hundredth) else { continue }
                let step = Int((similarity * 100).rounded()) / 5 * 5
                steps[step, default: [0, 0, 0]][column] += count
            }
        }
        guard !steps.isEmpty else { return nil }
        var table = Table([
            ("SIMILARITY FROM", .left), ("SERVED", .right), ("GUARDED", .right), ("BELOW THRESHOLD", .right),
        ])
        for (step, counts) in steps.sorted(by: { $0.key > $1.key }) {
            table.add([NumberText.decimal(Double(step) / 100, places: 2)] + counts.map(NumberText.grouped))
        }
        return table.text
    }

    private static func namespaces(_ namespaces: [String: CountsBody]) -> String {
        var table = Table([
            ("NAMESPACE", .left), ("LOOKUPS", .right), ("HIT RATIO", .right), ("HITS", .right), ("MISSES", .right),
            ("SAVED", .right),
        ])
        for (name, counts) in namespaces.sorted(by: { ($1.value.lookups, $0.key) < ($0.value.lookups, $1.key) }) {
            table.add([
                name, NumberText.grouped(counts.lookups), NumberText.percent(counts.hitRatio),
                NumberText.grouped(counts.hits.total), NumberText.grouped(counts.misses),
                NumberText.money(counts.saved.usd),
            ])
        }
        return table.text
    }

    private static func replicas(_ replicas: [ReplicaBody]) -> String {
        var table = Table([
            ("REPLICA", .left), ("VERSION", .left), ("UPTIME", .right), ("NEAR CACHE", .right), ("INDEX", .right),
            ("LAG MS", .right), ("REDIS", .left),
        ])
        for replica in replicas.sorted(by: { $0.id < $1.id }) {
            table.add([
                replica.id, replica.version, NumberText.duration(seconds: replica.uptime),
                NumberText.grouped(replica.nearCacheEntries), NumberText.grouped(replica.indexEntries),
                replica.indexLagMS.map(NumberText.grouped) ?? "-", replica.redis,
            ])
        }
        return table.text
    }
}
