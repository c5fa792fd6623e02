/// Writes metrics in the Prometheus text format (exposition formats, version 0.0.4).
struct Exposition {
    /// One line of a family: its label values, in the order of the family's labels, and its number.
    typealias Sample = (labels: [String], value: Double)

    private(set) var bytes: [UInt8] = []

    init() { bytes.reserveCapacity(32 * 1024) }

    /// Writes a family of counters or gauges; without samples it is named all the same.
    mutating func add(_ family: MetricFamily, _ samples: [Sample]) {
        head(family)
        for sample in samples { line(family.name, family.labels, sample.labels, sample.value) }
    }

    /// Writes a family with one number.
    mutating func add(_ family: MetricFamily, _ value: Double) { add(family, [([], value)]) }

    /// Writes a family of histograms.
    mutating func add(_ family: MetricFamily, histograms: [(labels: [String], buckets: BucketCounts)]) {
        head(family)
        for (values, buckets) in histograms {
            var seen: UInt64 = 0
            for (bound, count) in zip(buckets.bounds, buckets.counts) {
                seen += count
                line(
                    family.name + "_bucket",
                    family.labels + ["le"],
                    values + [Exposition.number(bound)],
                    Double(seen)
                )
            }
            line(family.name + "_bucket", family.labels + ["le"], values + ["+Inf"], Double(buckets.total))
            line(family.name + "_sum", family.labels, values, buckets.sum)
            line(family.name + "_count", family.labels, values, Double(buckets.total))
        }
    }

    private mutating func head(_ family: MetricFamily) {
        bytes.append("# HELP \(family.name) \(family.help)\n# TYPE \(family.name) \(family.kind.rawValue)\n")
    }

    private mutating func line(_ name: String, _ labels: [String], _ values: [String], _ value: Double) {
        bytes.append(name)
        if !labels.isEmpty {
            let pairs = zip(labels, values).map { "\($0)=\"\(Exposition.escaped($1))\"" }
            bytes.append("{" + pairs.joined(separator: ",") + "}")
        }
        bytes.append(" \(Exposition.number(value))\n")
    }

    /// A label's value with backslash, quotation mark and line feed escaped.
    static func escaped(_ text: String) -> String {
        guard text.utf8.contains(where: { $0 == 0x5C || $0 == 0x22 || $0 == 0x0A }) else { return text }
        var escaped = ""
        for character in text.unicodeScalars {
            switch character {
            case "\\": escaped += "\\\\"
            case "\"": escaped += "\\\""
            case "\n": escaped += "\\n"
            default: escaped.unicodeScalars.append(character)
            }
        }
        return escaped
    }

    static func number(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
        return value == value.rounded() && abs(value) < 1e15 ? String(Int64(value)) : String(value)
    }
}
