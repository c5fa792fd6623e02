extension CacheEngine {
    /// What a lookup would answer and how its candidates were judged, without counting or changing anything.
    ///
    /// The candidates are there whether or not the exact tier has an answer.
    public func inspect(_ request: LookupRequest, completion: @escaping (LookupOutcome, [Judgment]) -> Void) {
        let settings = self.settings[request.namespace]
        let deadline = deadline(settings, since: request.arrivedAt)
        guard let search, let query = semanticQuery(of: request, settings) else {
            return inspectExact(request, settings, deadline) { completion($0 ?? Self.miss(.absent), []) }
        }
        search.find(query, deadline: deadline) { [self] finding in
            var judgments: [Judgment] = []
            var miss = SearchMiss.absent
            switch finding {
            case .judged(let found, _):
                judgments = found
                miss = SearchMiss(found)
            case .tooLong: break
            case .unavailable: miss.reason = .semanticUnavailable
            }
            inspectExact(request, settings, deadline) { [self] exact in
                if let exact { return completion(exact, judgments) }
                let served = settings.semantic.mode == .serve ? judgments.served : []
                firstValid(served[...], for: request, deadline) { valid in
                    completion(valid.map { .hit(Hit($0, $1)) } ?? Self.miss(miss.reason, miss.nearest), judgments)
                }
            }
        }
    }

    /// The least score of a semantic hit under these settings; nil without a semantic tier, or where no score decides.
    public func leastScore(_ settings: SemanticSettings) -> Double? { search?.leastScore(settings) }

    private static func miss(_ reason: MissReason, _ nearest: Miss.Nearest? = nil) -> LookupOutcome {
        .miss(Miss(reason: reason, ticket: nil, lease: .none, nearest: nearest))
    }

    /// What the exact tier alone answers; nil when it has nothing.
    private func inspectExact(
        _ request: LookupRequest,
        _ settings: NamespaceSettings,
        _ deadline: Deadline,
        completion: @escaping (LookupOutcome?) -> Void
    ) {
        if let reason = refusal(of: request, settings) { return completion(.bypass(reason)) }
        if request.options.skipsSearch { return completion(Self.miss(.noCache)) }
        let key = EntryKey(namespace: request.namespace, fingerprint: request.canonical.fingerprint)
        store.fetch(key, deadline: deadline) { [self] fetched in
            switch fetched {
            case .found(let entry) where accepts(entry, request):
                completion(.hit(Hit(entry: entry, tier: .exact, isCoalesced: false)))
            case .found: completion(Self.miss(.tooOld))
            case .aliased(let entry, let alias)
            where follows(alias, request, settings) && accepts(entry, request):
                completion(.hit(Hit(entry: entry, tier: .exact, isCoalesced: false)))
            case .aliased, .absent: completion(nil)
            case .unavailable(let reason): completion(.bypass(reason))
            }
        }
    }
}
