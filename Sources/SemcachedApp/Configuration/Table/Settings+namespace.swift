import SemanticCache

extension Settings {
    static let lifetimes = [
        Setting(
            perNamespace: "ttl.default",
            \.defaultTimeToLive,
            .seconds(1...31_536_000),
            "How long an entry lives when the caller names no time."
        ),
        Setting(
            perNamespace: "ttl.maximum",
            \.maximumTimeToLive,
            .seconds(1...31_536_000),
            "How long an entry may live."
        ),
        Setting(
            perNamespace: "lookup.deadline_ms",
            \.lookupDeadlineMilliseconds,
            .integer(1...60_000, of: "milliseconds"),
            "How long a lookup may take before it answers bypass."
        ),
        Setting(
            perNamespace: "lease.seconds",
            \.leaseMilliseconds,
            ValueForm<Int>.seconds(1...3600).map {
                $0 * 1000
            } back: {
                $0 / 1000
            },
            "How long one caller may take to fill what others then wait for."
        ),
        Setting(
            "lease.ticket_seconds",
            \.tickets.timeToLive,
            .seconds(1...86_400),
            "How long a ticket is good for a store."
        ),
    ]

    static let requests = [
        Setting(perNamespace: "cache.enabled", \.isEnabled, .boolean, "Whether lookups and stores are served at all."),
        Setting(
            perNamespace: "cacheable.deterministic_only",
            \.cachesDeterministicOnly,
            .boolean,
            "Cache only requests with temperature 0 or a seed."
        ),
        Setting(
            perNamespace: "canonical.ignored_fields",
            \.ignoredFields,
            .memberNames,
            "Members of a request that do not count, besides those that never do."
        ),
    ]

    static let semantic =
        [
            Setting(
                perNamespace: "semantic.enabled",
                \.semantic.isEnabled,
                .boolean,
                "Whether similar questions hit."
            ),
            Setting(
                perNamespace: "semantic.mode",
                \.semantic.mode,
                .word,
                "Serve semantic hits, or only count what would have hit."
            ),
            Setting(perNamespace: "semantic.profile", \.semantic.profile, .word, "How sure the verifier has to be."),
            Setting(
                perNamespace: "semantic.threshold",
                \.semantic.threshold,
                .number(0...1),
                "Least cosine similarity of a hit."
            ),
            Setting(
                perNamespace: "semantic.min_score",
                \.semantic.minimumScore,
                ValueForm.number(0...1).orUnset,
                "Least score of a hit.",
                whenUnset: "the profile's"
            ),
            Setting(
                perNamespace: "semantic.show_matched",
                \.semantic.showsMatched,
                .boolean,
                "Whether answers name the stored question to every key."
            ),
            Setting("semantic.index", \.semanticIndex, .word, "Where similar questions are searched."),
            Setting(
                "semantic.max_index_bytes",
                \.maximumIndexBytes,
                .bytes(1 << 20...1 << 40),
                "Most memory for the local index; beyond it, what was used longest ago is read from Redis again."
            ),
            Setting(
                "semantic.hnsw_above",
                \.graphAbove,
                ValueForm<Int>.integer(0...1_000_000_000, of: "questions").map {
                    $0 == 0 ? nil : $0
                } back: {
                    $0 ?? 0
                },
                "Above how many questions that differ in their last text alone a graph finds the near ones; 0 for never."
            ),
            Setting(
                "semantic.index_delay_ms",
                \.indexDelayMilliseconds,
                .integer(1...10_000),
                "How long changes gather before a replica reads them: longer spares Redis, with many replicas.",
                whenUnset: "5, with a cluster 25"
            ),
        ]
        + SemanticSettings.Guard.allCases.map { refusal in
            Setting(
                perNamespace: "semantic.guards.\(refusal.rawValue)",
                \.semantic.guards[contains: refusal],
                .boolean,
                "Whether this guard may refuse a candidate."
            )
        }
}

extension Set {
    fileprivate subscript(contains element: Element) -> Bool {
        get { contains(element) }
        set {
            if newValue { insert(element) } else { remove(element) }
        }
    }
}
