/// An exact cache, empty at first, that keeps what it misses.
struct ExactSimulation {
    /// One lookup.
    struct Lookup {
        /// The fingerprint, which covers the namespace.
        var fingerprint: String
        /// What the request means.
        var label: String?
        /// Seconds that the answer would live.
        var timeToLive: Int
        /// When, seconds since 1970; nil when that is not known.
        var at: Double?
        /// Tokens that the upstream counted.
        var usage: (prompt: Int, completion: Int)?
    }

    /// What a lookup finds.
    enum Outcome {
        /// Nothing; its answer is kept.
        case miss
        /// An answer, with the usage that it saves; `isFalse` when the two labels differ, nil when one has none.
        case hit(isFalse: Bool?, usage: (prompt: Int, completion: Int)?)
    }

    private struct Kept {
        var label: String?
        var expiresAt: Double?
        var usage: (prompt: Int, completion: Int)?
    }

    private var kept: [String: Kept] = [:]
    private var now: Double?

    /// Looks up and, when there is nothing, keeps the answer.
    ///
    /// The time is that of the lookup, or of the one before it when it has none; without times nothing expires.
    mutating func outcome(of lookup: Lookup) -> Outcome {
        if let at = lookup.at { now = at }
        if let found = kept[lookup.fingerprint], !hasExpired(found) {
            var isFalse: Bool?
            if let stored = found.label, let asked = lookup.label { isFalse = stored != asked }
            return .hit(isFalse: isFalse, usage: lookup.usage ?? found.usage)
        }
        kept[lookup.fingerprint] = Kept(
            label: lookup.label,
            expiresAt: now.map { $0 + Double(lookup.timeToLive) },
            usage: lookup.usage
        )
        return .miss
    }

    private func hasExpired(_ kept: Kept) -> Bool {
        guard let now, let expiresAt = kept.expiresAt else { return false }
        return now >= expiresAt
    }
}
