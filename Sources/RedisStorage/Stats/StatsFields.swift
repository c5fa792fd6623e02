import SemanticCache

/// The names of counts in Redis: `<namespace>|<counter>`.
enum StatsFields {
    /// The fields that are not zero.
    static func fields(of counts: [Namespace: NamespaceCounts]) -> [(name: String, value: Int64)] {
        counts.flatMap { namespace, counts in
            fields(of: counts).map { ("\(namespace.name)|\($0.name)", $0.value) }
        }
    }

    private static func fields(of counts: NamespaceCounts) -> [(name: String, value: Int64)] {
        var fields: [(name: String, value: Int64)] = []
        for counter in NamespaceCounts.Counter.allCases { fields.append((counter.rawValue, counts[counter])) }
        for (reason, value) in counts.misses { fields.append(("miss.\(reason.rawValue)", value)) }
        for (reason, value) in counts.bypasses { fields.append(("bypass.\(reason.rawValue)", value)) }
        for (reason, value) in counts.refused { fields.append(("refused.\(reason.rawValue)", value)) }
        for (kind, histogram) in counts.latencies {
            for (bucket, count) in histogram.counts.enumerated() {
                fields.append(("latency.\(kind.rawValue).\(bucket)", Int64(count)))
            }
            fields.append(("latency.\(kind.rawValue).sum", Int64(clamping: histogram.sumNanoseconds)))
        }
        for (verdict, histogram) in counts.similarities {
            for (bucket, count) in histogram.counts {
                fields.append(("similarity.\(verdict.rawValue).\(bucket)", count))
            }
        }
        return fields.filter { $0.value != 0 }
    }

    /// Adds one field as it is in Redis; fields of other versions are ignored.
    static func add(_ name: String, _ value: Int64, to counts: inout [String: NamespaceCounts]) {
        guard let bar = name.firstIndex(of: "|") else { return }
        counts[String(name[..<bar]), default: NamespaceCounts()].add(name[name.index(after: bar)...], value)
    }
}

extension NamespaceCounts {
    fileprivate mutating func add(_ name: Substring, _ value: Int64) {
        if let counter = Counter(rawValue: String(name)) {
            self[counter] += value
            return
        }
        let parts = name.split(separator: ".", maxSplits: 2).map(String.init)
        guard parts.count >= 2 else { return }
        switch parts[0] {
        case "miss": if let reason = MissReason(rawValue: parts[1]) { misses[reason, default: 0] += value }
        case "bypass": if let reason = BypassReason(rawValue: parts[1]) { bypasses[reason, default: 0] += value }
        case "refused": if let reason = RefusalReason(rawValue: parts[1]) { refused[reason, default: 0] += value }
        case "latency" where parts.count == 3:
            guard let kind = Latency(rawValue: parts[1]), value > 0 else { return }
            if parts[2] == "sum" {
                latencies[kind, default: Histogram()].add(sumNanoseconds: UInt64(value))
            } else if let bucket = Int(parts[2]) {
                latencies[kind, default: Histogram()].add(UInt64(value), toBucket: bucket)
            }
        case "similarity" where parts.count == 3:
            guard let verdict = CandidateVerdict(rawValue: parts[1]), let bucket = Int(parts[2]) else { return }
            similarities[verdict, default: SimilarityHistogram()].add(value, at: bucket)
        default: break
        }
    }
}
