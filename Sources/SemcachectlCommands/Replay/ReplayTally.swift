/// What lookups came to at one operating point.
struct ReplayTally: Sendable, Hashable {
    /// Hits of the exact tier, those through what a semantic hit left among them.
    var exact = 0
    /// Hits of the semantic tier.
    var semantic = 0
    /// Misses.
    var misses = 0
    /// Hits of which something tells whether the answer fits.
    var judged = 0
    /// Of those, the ones judged by their answers.
    var judgedByAnswer = 0
    /// Of the judged ones, those whose answer does not fit.
    var falseHits = 0
    /// Tokens that hits save.
    var promptTokens = 0
    /// Tokens that hits save.
    var completionTokens = 0
    /// Dollars that hits save, as far as there are prices.
    var dollars = 0.0

    /// All hits.
    var hits: Int { exact + semantic }
    /// Hits in hits and misses; nil when there were none.
    var hitRatio: Double? { hits + misses > 0 ? Double(hits) / Double(hits + misses) : nil }
    /// False hits in judged hits; nil when none was judged.
    var falseHitRatio: Double? { judged > 0 ? Double(falseHits) / Double(judged) : nil }
    /// Where the share of false hits lies; nil when none was judged.
    var falseHitInterval: WilsonInterval? { WilsonInterval(falseHits, of: judged) }

    /// Counts an outcome.
    mutating func count(_ outcome: CacheSimulation.Outcome, _ price: ModelPrice?) {
        guard case .hit(let hit) = outcome else {
            misses += 1
            return
        }
        if hit.isSemantic { semantic += 1 } else { exact += 1 }
        if let verdict = hit.verdict {
            judged += 1
            if verdict.isFalse { falseHits += 1 }
            if case .byAnswer = verdict { judgedByAnswer += 1 }
        }
        guard let usage = hit.usage else { return }
        promptTokens += usage.prompt
        completionTokens += usage.completion
        guard let price else { return }
        dollars += (Double(usage.prompt) * price.prompt + Double(usage.completion) * price.completion) / 1e6
    }
}
