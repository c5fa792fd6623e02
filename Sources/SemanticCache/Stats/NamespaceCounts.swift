/// What happened in a namespace, or in all of them, over some time.
public struct NamespaceCounts: Sendable, Hashable {
    /// Counters that are one number each; their raw values name them in Redis.
    public enum Counter: String, Sendable, Hashable, CaseIterable {
        /// Hits of the exact tier; coalesced ones are counted apart.
        case exactHits = "exact"
        /// Hits of the semantic tier; coalesced ones are counted apart.
        case semanticHits = "semantic"
        /// Hits that waited for another caller's fill.
        case coalescedHits = "coalesced"
        /// Answers stored.
        case stores
        /// Entries flushed.
        case flushed
        /// Feedback `right`.
        case feedbackRight = "right"
        /// Feedback `wrong`.
        case feedbackWrong = "wrong"
        /// Semantic hits that shadow mode would have served.
        case shadowHits = "shadow"
        /// Those whose fill then said the same.
        case shadowAgreed = "shadow_agreed"
        /// Those whose fill then said something else.
        case shadowDisagreed = "shadow_disagreed"
        /// Prompt tokens that hits saved.
        case savedPromptTokens = "saved_prompt"
        /// Completion tokens that hits saved.
        case savedCompletionTokens = "saved_completion"
        /// Billionths of a dollar that hits saved.
        case savedNanodollars = "saved_nano"
    }

    /// The kinds of durations that are kept apart.
    public enum Latency: String, Sendable, Hashable, CaseIterable {
        /// Lookups that the exact tier answered.
        case lookupExact = "lookup_exact"
        /// Lookups that the semantic tier answered.
        case lookupSemantic = "lookup_semantic"
        /// Lookups that missed; a time spent waiting for another's fill is part of it.
        case lookupMiss = "lookup_miss"
        /// Embedding a text.
        case embed
    }

    private var values: [Int64] = Array(repeating: 0, count: Counter.allCases.count)
    /// Misses by reason.
    public var misses: [MissReason: Int64] = [:]
    /// Bypasses by reason.
    public var bypasses: [BypassReason: Int64] = [:]
    /// Refused stores by reason.
    public var refused: [RefusalReason: Int64] = [:]
    /// Durations by kind.
    public var latencies: [Latency: Histogram] = [:]
    /// Similarities of the best candidates by what became of them.
    public var similarities: [CandidateVerdict: SimilarityHistogram] = [:]

    /// Why best candidates were refused; counted by each process for itself, not in Redis.
    public var rejections: [Judgment.Rejection: Int64] = [:]
    /// Misses by the state of the lease in their answer; counted by each process for itself, not in Redis.
    public var leases: [LeaseState.Kind: Int64] = [:]

    /// Creates zeros.
    public init() {}

    /// A counter's value.
    public subscript(_ counter: Counter) -> Int64 {
        get { values[counter.index] }
        set { values[counter.index] = newValue }
    }

    /// All hits.
    public var totalHits: Int64 { self[.exactHits] + self[.semanticHits] + self[.coalescedHits] }
    /// All misses.
    public var totalMisses: Int64 { misses.values.reduce(0, +) }
    /// All bypasses.
    public var totalBypasses: Int64 { bypasses.values.reduce(0, +) }
    /// All lookups.
    public var lookups: Int64 { totalHits + totalMisses + totalBypasses }
    /// Hits over hits and misses; nil when nothing was looked up.
    public var hitRatio: Double? {
        let asked = totalHits + totalMisses
        return asked == 0 ? nil : Double(totalHits) / Double(asked)
    }

    /// Adds one event.
    public mutating func add(_ event: StatsEvent) {
        switch event {
        case .hit(let hit, let nanoseconds):
            let counter: Counter = hit.isCoalesced ? .coalescedHits : hit.tier == .exact ? .exactHits : .semanticHits
            self[counter] += 1
            self[.savedPromptTokens].add(Int64(hit.entry.usage?.promptTokens ?? 0))
            self[.savedCompletionTokens].add(Int64(hit.entry.usage?.completionTokens ?? 0))
            self[.savedNanodollars].add(hit.entry.cost?.nanodollars ?? 0)
            if !hit.isCoalesced {
                let kind: Latency = hit.tier == .exact ? .lookupExact : .lookupSemantic
                latencies[kind, default: Histogram()].record(nanoseconds: nanoseconds)
            }
        case .miss(let reason, let nanoseconds):
            misses[reason, default: 0] += 1
            latencies[.lookupMiss, default: Histogram()].record(nanoseconds: nanoseconds)
        case .bypass(let reason, _): bypasses[reason, default: 0] += 1
        case .embedded(let nanoseconds):
            latencies[.embed, default: Histogram()].record(nanoseconds: nanoseconds)
        case .candidate(let verdict, let similarity):
            similarities[verdict, default: SimilarityHistogram()].record(similarity)
        case .rejected(let rejection): rejections[rejection, default: 0] += 1
        case .lease(let state): leases[state.kind, default: 0] += 1
        case .shadowHit: self[.shadowHits] += 1
        case .shadowCompared(let agrees): self[agrees ? .shadowAgreed : .shadowDisagreed] += 1
        case .stored: self[.stores] += 1
        case .refused(let reason): refused[reason, default: 0] += 1
        case .flushed(let count): self[.flushed] += Int64(count)
        case .feedback(let verdict): self[verdict == .right ? .feedbackRight : .feedbackWrong] += 1
        }
    }

    /// Adds another's counts.
    public mutating func merge(_ other: NamespaceCounts) {
        for index in values.indices { values[index].add(other.values[index]) }
        misses.merge(other.misses, uniquingKeysWith: +)
        bypasses.merge(other.bypasses, uniquingKeysWith: +)
        refused.merge(other.refused, uniquingKeysWith: +)
        rejections.merge(other.rejections, uniquingKeysWith: +)
        leases.merge(other.leases, uniquingKeysWith: +)
        for (verdict, histogram) in other.similarities {
            similarities[verdict, default: SimilarityHistogram()].merge(histogram)
        }
        for (kind, histogram) in other.latencies { latencies[kind, default: Histogram()].merge(histogram) }
    }
}

extension Int64 {
    /// Adds up to the largest value: callers say how many tokens an answer had, and no sum of theirs may stop the process.
    fileprivate mutating func add(_ amount: Int64) {
        let (sum, overflow) = addingReportingOverflow(amount)
        self = overflow ? .max : sum
    }
}

extension NamespaceCounts.Counter {
    fileprivate var index: Int {
        switch self {
        case .exactHits: 0
        case .semanticHits: 1
        case .coalescedHits: 2
        case .stores: 3
        case .flushed: 4
        case .feedbackRight: 5
        case .feedbackWrong: 6
        case .savedPromptTokens: 7
        case .savedCompletionTokens: 8
        case .savedNanodollars: 9
        case .shadowHits: 10
        case .shadowAgreed: 11
        case .shadowDisagreed: 12
        }
    }
}
