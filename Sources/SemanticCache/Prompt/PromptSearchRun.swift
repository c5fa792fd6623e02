/// One search of prompts on its way; belongs to the engine's event loop.
final class PromptSearchRun {
    private let search: PromptSearch
    private let engine: CacheEngine
    private let request: LookupRequest
    private let settings: NamespaceSettings
    private let deadline: Deadline
    private let completion: (PromptSearchOutcome) -> Void

    private var matches: [PromptMatch] = []
    /// Why there is nothing, as far as is known.
    private var miss = SearchMiss.absent

    init(
        _ search: PromptSearch,
        on engine: CacheEngine,
        _ request: LookupRequest,
        _ completion: @escaping (PromptSearchOutcome) -> Void
    ) {
        self.search = search
        self.engine = engine
        self.request = request
        settings = engine.settings[search.namespace]
        deadline = engine.deadline(settings, since: search.arrivedAt)
        self.completion = completion
    }

    func start() {
        if let reason = engine.refusal(of: request, settings) {
            record(.bypass(reason, nanoseconds: elapsed))
            return completion(.found([]))
        }
        if !search.context.isEmpty, FollowUp.leansOnContext(search.prompt.text) { return finish() }
        go(on: search.strategies[...])
    }

    private func go(on strategies: ArraySlice<PromptSearch.Strategy>) {
        guard matches.count < search.limit, let strategy = strategies.first else { return finish() }
        let next = { [self] in go(on: strategies.dropFirst()) }
        switch strategy {
        case .exact: findExactly(as: .exact, next)
        case .semantic where search.limit == 1 && !search.strategies.contains(.exact):
            // The very same prompt needs no vector.
            findExactly(as: .semantic) { [self] in
                if matches.isEmpty { findSemantically(next) } else { next() }
            }
        case .semantic: findSemantically(next)
        }
    }

    /// Takes the entry of the same prompt: for the semantic strategy, only if its letters have the same case.
    private func findExactly(as strategy: PromptSearch.Strategy, _ next: @escaping () -> Void) {
        let key = EntryKey(namespace: request.namespace, fingerprint: request.canonical.fingerprint)
        engine.store.fetch(key, deadline: deadline) { [self] fetched in
            switch fetched {
            case .found(let entry), .aliased(let entry, _):
                if let match = match(entry, similarity: 1, strategy), isSame(match.answer.prompt.text, strategy) {
                    take(match)
                }
            case .absent: break
            case .unavailable(let reason): return fail(reason)
            }
            next()
        }
    }

    /// Whether an entry's prompt is the one that is asked; an alias may stand for other words.
    private func isSame(_ text: String, _ strategy: PromptSearch.Strategy) -> Bool {
        if text == search.prompt.text { return true }
        return strategy == .exact
            && engine.fingerprint(of: Prompt(text: text), in: search.namespace)
                == engine.fingerprint(of: Prompt(text: search.prompt.text), in: search.namespace)
    }

    private func findSemantically(_ next: @escaping () -> Void) {
        guard let tier = engine.search, settings.semantic.mode == .serve,
            var query = engine.semanticQuery(of: request, settings)
        else { return next() }
        query.count = max(SemanticQuery.usualCount, min(2 * search.limit, PromptSearchRun.mostCandidates))
        let limit = min(deadline, engine.semanticDeadline(since: search.arrivedAt, settings))
        tier.find(query, deadline: limit) { [self] finding in
            switch finding {
            case .tooLong: next()
            case .unavailable:
                miss.reason = .semanticUnavailable
                next()
            case .judged(let judgments, let nanoseconds):
                engine.stats.record(.embedded(nanoseconds: nanoseconds), in: search.namespace)
                engine.record(judgments, in: search.namespace)
                miss = SearchMiss(judgments)
                take(judgments.served[...], next)
            }
        }
    }

    /// Candidates that are judged at most.
    private static let mostCandidates = 100

    /// Takes the candidates that Redis has, until there are enough.
    private func take(_ candidates: ArraySlice<Judgment>, _ next: @escaping () -> Void) {
        guard matches.count < search.limit, let judgment = candidates.first else { return next() }
        let key = EntryKey(namespace: search.namespace, fingerprint: judgment.neighbor.entry)
        engine.store.fetchCandidate(key, for: request.canonical.fingerprint, deadline: deadline) { [self] outcome in
            switch outcome {
            case .found(let entry):
                match(entry, similarity: judgment.neighbor.similarity, .semantic).map(take)
            case .blocked: break
            case .absent: engine.search?.remove(key)
            case .unavailable(let reason): return fail(reason)
            }
            take(candidates.dropFirst(), next)
        }
    }

    /// The match that an entry is, unless it lacks an attribute.
    private func match(_ entry: Entry, similarity: Double, _ strategy: PromptSearch.Strategy) -> PromptMatch? {
        guard entry.endpoint == .prompts, let answer = PromptAnswer(response: entry.response),
            Set(answer.prompt.attributes).isSuperset(of: search.prompt.attributes)
        else { return nil }
        return PromptMatch(entry: entry, answer: answer, similarity: similarity, strategy: strategy)
    }

    private func take(_ match: PromptMatch) {
        if !matches.contains(where: { $0.entry.id == match.entry.id }) { matches.append(match) }
    }

    private func finish() {
        if let best = matches.first {
            for match in matches { engine.store.countHit(of: match.entry) }
            let tier: Hit.Tier = best.strategy == .exact ? .exact : .semantic
            record(.hit(Hit(entry: best.entry, tier: tier, isCoalesced: false), nanoseconds: elapsed))
            return completion(.found(matches))
        }
        record(.miss(miss.reason, nanoseconds: elapsed))
        completion(miss.reason == .semanticUnavailable ? .unavailable(.deadline) : .found([]))
    }

    private func fail(_ reason: BypassReason) {
        record(.bypass(reason, nanoseconds: elapsed))
        completion(.unavailable(reason))
    }

    private func record(_ event: StatsEvent) { engine.stats.record(event, in: search.namespace) }

    private var elapsed: UInt64 { engine.clock.uptime() &- search.arrivedAt }
}
