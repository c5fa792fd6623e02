extension CacheEngine {
    /// The part of a lookup's time that the semantic tier may take; the rest is for asking for the lease.
    private static let semanticShare = 0.7

    /// What the semantic tier would compare of a request.
    func semanticQuery(of request: LookupRequest, _ settings: NamespaceSettings) -> SemanticQuery? {
        guard settings.semantic.isEnabled, request.options.allowsSemantic, search != nil,
            case .eligible(let text, let partition) = semantics(of: request)
        else { return nil }
        return SemanticQuery(
            text: text,
            partition: partition,
            settings: judging(request, settings),
            attributes: request.canonical.attributes
        )
    }

    /// How the candidates of a lookup are judged: the caller may raise the threshold.
    private func judging(_ request: LookupRequest, _ settings: NamespaceSettings) -> SemanticSettings {
        var judging = settings.semantic
        judging.threshold = max(judging.threshold, request.options.minimumSimilarity ?? 0)
        return judging
    }

    /// Until when the semantic tier is waited for by what began at `uptime`.
    func semanticDeadline(since uptime: UInt64, _ settings: NamespaceSettings) -> Deadline {
        let share = Int(Double(settings.lookupDeadlineMilliseconds) * Self.semanticShare)
        return Deadline(uptimeNanoseconds: uptime).advanced(byMilliseconds: share)
    }

    private func semantics(of request: LookupRequest) -> SemanticEligibility {
        if case .eligible = request.canonical.semantic { return request.canonical.semantic }
        let canonical = try? canonicalize(
            request.body,
            endpoint: request.endpoint,
            namespace: request.namespace,
            purpose: .storing
        )
        return canonical?.semantic ?? .ineligible(reason: "the request cannot be read")
    }

    /// Whether an alias is as good as a semantic hit that would be found now.
    func follows(_ alias: Alias, _ request: LookupRequest, _ settings: NamespaceSettings) -> Bool {
        guard let search, settings.semantic.isEnabled, settings.semantic.mode == .serve,
            request.options.allowsSemantic
        else { return false }
        return search.upholds(alias.judgment, under: judging(request, settings))
    }

    /// Looks for an answer to the question in other words, after the exact tier had none.
    ///
    /// `finish` is told of a hit, `otherwise` why there is none, which candidate came nearest, and in shadow mode which
    /// entry would have been served.
    func searchSemantically(
        _ request: LookupRequest,
        _ settings: NamespaceSettings,
        _ deadline: Deadline,
        finish: @escaping (LookupOutcome) -> Void,
        otherwise: @escaping (SearchMiss) -> Void
    ) {
        guard let search, let query = semanticQuery(of: request, settings) else { return otherwise(.absent) }
        let limit = min(deadline, semanticDeadline(since: request.arrivedAt, settings))
        guard let change = request.options.after else {
            return find(search, query, request, settings, limit, finish: finish, otherwise: otherwise)
        }
        search.await(change, deadline: limit) { [self] isKnown in
            guard isKnown else { return otherwise(SearchMiss(reason: .semanticUnavailable)) }
            find(search, query, request, settings, limit, finish: finish, otherwise: otherwise)
        }
    }

    private func find(
        _ search: any SemanticSearch,
        _ query: SemanticQuery,
        _ request: LookupRequest,
        _ settings: NamespaceSettings,
        _ limit: Deadline,
        finish: @escaping (LookupOutcome) -> Void,
        otherwise: @escaping (SearchMiss) -> Void
    ) {
        let began = request.stages == nil ? 0 : clock.uptime()
        search.find(query, deadline: limit) { [self] finding in
            if let stages = request.stages { note(finding, since: began, in: stages) }
            guard case .judged(let judgments, let embedNanoseconds) = finding else {
                if case .tooLong = finding { return otherwise(.absent) }
                return otherwise(SearchMiss(reason: .semanticUnavailable))
            }
            stats.record(.embedded(nanoseconds: embedNanoseconds), in: request.namespace)
            record(judgments, in: request.namespace)
            firstValid(judgments.served[...], for: request, limit) { [self] valid in
                guard let (entry, judgment) = valid else { return otherwise(SearchMiss(judgments)) }
                if settings.semantic.mode == .shadow {
                    stats.record(.shadowHit, in: request.namespace)
                    onShadowHit?(request.namespace, judgment)
                    return otherwise(SearchMiss(reason: .absent, shadow: entry.id))
                }
                finish(.hit(Hit(entry, judgment)))
                if request.options.leavesAlias {
                    alias(request.canonical.fingerprint, to: entry, judgment, query.settings)
                }
            }
        }
    }

    /// Takes down how long the vector and the search took; a search that failed was waiting for the vector.
    private func note(_ finding: SemanticFinding, since began: UInt64, in stages: StageTimes) {
        let ended = clock.uptime()
        guard case .judged(_, let embedNanoseconds) = finding else { return stages.add(.embed, from: began, to: ended) }
        let embedded = min(began &+ embedNanoseconds, ended)
        stages.add(.embed, from: began, to: embedded)
        stages.add(.search, from: embedded, to: ended)
    }

    /// The first of the candidates that Redis has, not blocked for this question and young enough; nil when there is none
    /// or Redis does not say.
    func firstValid(
        _ candidates: ArraySlice<Judgment>,
        for request: LookupRequest,
        _ deadline: Deadline,
        completion: @escaping ((Entry, Judgment)?) -> Void
    ) {
        guard let judgment = candidates.first else { return completion(nil) }
        let source = EntryKey(namespace: request.namespace, fingerprint: judgment.neighbor.entry)
        let hasFetched = clock.timer(.candidate, request.stages)
        store.fetchCandidate(source, for: request.canonical.fingerprint, deadline: deadline) { [self] outcome in
            hasFetched?()
            switch outcome {
            case .found(let entry) where accepts(entry, request): return completion((entry, judgment))
            case .found, .blocked: break
            case .absent: search?.remove(source)
            case .unavailable: return completion(nil)
            }
            firstValid(candidates.dropFirst(), for: request, deadline, completion: completion)
        }
    }

    /// Makes the same wording an exact hit next time; nobody waits for it.
    private func alias(_ asked: Fingerprint, to entry: Entry, _ judgment: Judgment, _ settings: SemanticSettings) {
        guard let search, entry.id != asked else { return }
        let deadline = Deadline(uptimeNanoseconds: clock.uptime()).advanced(byMilliseconds: 1000)
        store.writeAlias(
            from: asked,
            to: entry,
            Alias.Judgment(
                similarity: judgment.neighbor.similarity,
                score: judgment.score,
                rules: search.rules(for: settings)
            ),
            deadline: deadline
        ) { _ in }
    }

    func record(_ judgments: [Judgment], in namespace: Namespace) {
        guard let best = judgments.served.first ?? judgments.first else { return }
        let verdict: CandidateVerdict =
            switch best.rejection {
            case nil: .served
            case .threshold: .belowThreshold
            case .guarded, .score: .guarded
            }
        stats.record(.candidate(verdict, similarity: best.neighbor.similarity), in: namespace)
        if let rejection = best.rejection { stats.record(.rejected(rejection), in: namespace) }
    }
}

extension Hit {
    /// The hit that a candidate is.
    init(_ entry: Entry, _ judgment: Judgment) {
        self.init(
            entry: entry,
            tier: .semantic,
            isCoalesced: false,
            similarity: judgment.neighbor.similarity,
            score: judgment.score,
            matched: judgment.neighbor.text
        )
    }
}

/// Why the semantic tier served nothing.
struct SearchMiss {
    static let absent = SearchMiss(reason: .absent)

    var reason: MissReason
    /// The candidate that came nearest, when something refused it.
    var nearest: Miss.Nearest?
    /// The entry that would have been served, in shadow mode.
    var shadow: Fingerprint?

    init(reason: MissReason, shadow: Fingerprint? = nil) {
        self.reason = reason
        self.shadow = shadow
    }

    /// Why none of these is served.
    init(_ judgments: [Judgment]) {
        self.init(reason: .absent)
        // The nearest without a rejection was gone or blocked.
        guard let best = judgments.max(by: { $0.neighbor.similarity < $1.neighbor.similarity }),
            let rejection = best.rejection
        else { return }
        reason = rejection == .threshold ? .belowThreshold : .guarded
        nearest = Miss.Nearest(similarity: best.neighbor.similarity, rejectedBy: rejection.name)
    }

    /// The answer that says so.
    func outcome(ticket: String?, lease: LeaseState) -> LookupOutcome {
        .miss(Miss(reason: reason, ticket: ticket, lease: lease, nearest: nearest))
    }
}
