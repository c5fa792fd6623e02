extension CacheEngine {
    /// The part of a lookup's time that the semantic tier may take; the rest is for asking for the lease.
    static let semanticShare = 0.7

    /// What the semantic tier would compare of a request.
    func semanticQuery(of request: LookupRequest, _ settings: NamespaceSettings) -> SemanticQuery? {
        guard settings.semantic.isEnabled, request.options.allowsSemantic, search != nil,
            case .eligible(let text, let partition) = semantics(of: request)
        else { return nil }
        var judging = settings.semantic
        if let minimum = request.options.minimumSimilarity { judging.threshold = max(judging.threshold, minimum) }
        return SemanticQuery(text: text, partition: partition, settings: judging)
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
        let semantic = settings.semantic
        guard let search, semantic.isEnabled, semantic.mode == .serve, request.options.allowsSemantic,
            alias.judgment.rules == search.rules(for: semantic)
        else { return false }
        let threshold = max(semantic.threshold, request.options.minimumSimilarity ?? 0)
        return alias.judgment.similarity >= threshold && alias.judgment.score >= semantic.leastScore
    }

    /// Looks for an answer to the question in other words, after the exact tier had none.
    ///
    /// `finish` is told of a hit, `otherwise` why there is none and which candidate came nearest.
    func searchSemantically(
        _ request: LookupRequest,
        _ settings: NamespaceSettings,
        _ deadline: Deadline,
        finish: @escaping (LookupOutcome) -> Void,
        otherwise: @escaping (MissReason, Miss.Nearest?) -> Void
    ) {
        guard let search, let query = semanticQuery(of: request, settings) else { return otherwise(.absent, nil) }
        let share = Int(Double(settings.lookupDeadlineMilliseconds) * Self.semanticShare)
        let limit = min(deadline, Deadline(uptimeNanoseconds: request.arrivedAt).advanced(byMilliseconds: share))
        search.find(query, deadline: limit) { [self] finding in
            switch finding {
            case .unavailable: otherwise(.semanticUnavailable, nil)
            case .tooLong: otherwise(.absent, nil)
            case .judged(let judgments, let embedNanoseconds):
                stats.record(.embedded(nanoseconds: embedNanoseconds), in: request.namespace)
                record(judgments, in: request.namespace)
                let served = settings.semantic.mode == .serve ? judgments.served : []
                serve(served[...], request, query, limit, finish) {
                    let (reason, nearest) = Self.reason(for: judgments)
                    otherwise(reason, nearest)
                }
            }
        }
    }

    /// Serves the first candidate that Redis says is there and not blocked for this question.
    private func serve(
        _ candidates: ArraySlice<Judgment>,
        _ request: LookupRequest,
        _ query: SemanticQuery,
        _ deadline: Deadline,
        _ finish: @escaping (LookupOutcome) -> Void,
        otherwise: @escaping () -> Void
    ) {
        guard let judgment = candidates.first else { return otherwise() }
        let source = EntryKey(namespace: request.namespace, fingerprint: judgment.neighbor.entry)
        let asked = request.canonical.fingerprint
        store.fetchCandidate(source, for: asked, deadline: deadline) { [self] outcome in
            switch outcome {
            case .found(let entry) where accepts(entry, request.options):
                finish(.hit(Hit(entry, judgment)))
                alias(asked, to: entry, judgment, query.settings)
            case .found, .blocked: serve(candidates.dropFirst(), request, query, deadline, finish, otherwise: otherwise)
            case .absent:
                search?.remove(judgment.neighbor.entry)
                serve(candidates.dropFirst(), request, query, deadline, finish, otherwise: otherwise)
            case .unavailable: otherwise()
            }
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

    /// Why no candidate is served, and the nearest of them.
    static func reason(for judgments: [Judgment]) -> (MissReason, Miss.Nearest?) {
        guard let nearest = judgments.max(by: { $0.neighbor.similarity < $1.neighbor.similarity }) else {
            return (.absent, nil)
        }
        // One that would have been served was gone or blocked.
        guard let rejection = nearest.rejection else { return (.absent, nil) }
        return (
            rejection == .threshold ? .belowThreshold : .guarded,
            Miss.Nearest(similarity: nearest.neighbor.similarity, rejectedBy: rejection.name)
        )
    }

    private func record(_ judgments: [Judgment], in namespace: Namespace) {
        guard let best = judgments.served.first ?? judgments.first else { return }
        let verdict: CandidateVerdict =
            switch best.rejection {
            case nil: .served
            case .threshold: .belowThreshold
            case .guarded, .score: .guarded
            }
        stats.record(.candidate(verdict, similarity: best.neighbor.similarity), in: namespace)
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
