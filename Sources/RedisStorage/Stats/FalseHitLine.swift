import SemanticCache

/// A false hit as it is kept in Redis: seven fields, a space between them, `-` for what is not known.
struct FalseHitLine: Sendable {
    var falseHit: FalseHit

    init(_ falseHit: FalseHit) { self.falseHit = falseHit }

    /// Reads a line; nil when it is not one.
    init?(_ text: String) {
        let fields = text.split(separator: " ").map(String.init)
        guard fields.count == 7, let at = Int64(fields[0]), let namespace = Namespace(fields[1]),
            let entry = Fingerprint(hex: fields[2]), let remedy = FalseHit.Remedy(rawValue: fields[3])
        else { return nil }
        falseHit = FalseHit(
            at: Timestamp(milliseconds: at),
            namespace: namespace,
            entry: entry,
            remedy: remedy,
            tier: Hit.Tier(rawValue: fields[4]),
            similarity: Double(fields[5]),
            score: Double(fields[6])
        )
    }

    var text: String {
        func field(_ value: Double?) -> String { value.map { "\($0)" } ?? "-" }
        let known =
            "\(falseHit.at.milliseconds) \(falseHit.namespace.name) \(falseHit.entry.hex) \(falseHit.remedy.rawValue)"
        return "\(known) \(falseHit.tier?.rawValue ?? "-") \(field(falseHit.similarity)) \(field(falseHit.score))"
    }
}
