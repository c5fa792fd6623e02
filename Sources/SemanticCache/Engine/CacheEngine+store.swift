extension CacheEngine {
    /// Stores an answer, or says by name why not; a refused store gives its lease up.
    public func store(_ request: StoreRequest, completion: @escaping (StoreOutcome) -> Void) {
        let settings = self.settings[request.key.namespace]
        let finish = { [stats] (outcome: StoreOutcome) in
            switch outcome {
            case .stored: stats.record(.stored, in: request.key.namespace)
            case .refused(let reason): stats.record(.refused(reason), in: request.key.namespace)
            case .unavailable: break
            }
            completion(outcome)
        }
        let deadline = deadline(settings)
        if let reason = refusal(of: request, settings) {
            guard let claim = request.claim, claim.heldLease else { return finish(.refused(reason)) }
            return store.release(request.key, token: claim.token, deadline: deadline) { _ in finish(.refused(reason)) }
        }
        guard let search, let query = semanticQuery(of: request, settings) else {
            return commit(request, settings, nil, deadline, finish)
        }
        let hasEmbedded = clock.timer(.embed, request.stages)
        search.part(for: query, deadline: semanticDeadline(since: clock.uptime(), settings)) { [self] part in
            hasEmbedded?()
            commit(request, settings, part, deadline, finish)
        }
    }

    private func commit(
        _ request: StoreRequest,
        _ settings: NamespaceSettings,
        _ semantic: SemanticPart?,
        _ deadline: Deadline,
        _ finish: @escaping (StoreOutcome) -> Void
    ) {
        let entry = NewEntry(
            key: request.key,
            endpoint: request.endpoint,
            model: request.canonical.model,
            tags: request.tags + request.canonical.attributes.map(\.tag).filter { !request.tags.contains($0) },
            timeToLive: min(request.timeToLive ?? settings.defaultTimeToLive, settings.maximumTimeToLive),
            usage: request.assessment.usage,
            cost: request.assessment.usage.flatMap { usage in
                self.settings.prices[request.canonical.model]?.cost(of: usage)
            },
            request: request.requestBytes,
            response: request.responseBytes,
            semantic: semantic
        )
        let hasCommitted = clock.timer(.commit, request.stages)
        store.commit(Fill(entry: entry, claim: request.claim), deadline: deadline) { [self] committed in
            hasCommitted?()
            switch committed {
            case .stored(let timeToLive, let receipt):
                let change = semantic == nil ? nil : receipt?.change
                let stored = StoreOutcome.stored(id: request.key.fingerprint, timeToLive: timeToLive, change: change)
                guard let receipt else { return finish(stored) }
                aliasFewerAttributes(of: request, receipt, deadline) {
                    guard let semantic, let search = self.search else { return finish(stored) }
                    // Who reads that it is stored may ask any replica in other words.
                    let element = IndexElement(semantic, of: request.key, receipt)
                    search.insert(element, deadline: deadline) { finish(stored) }
                }
            case .leaseLost: finish(.refused(.leaseLost))
            case .flushed: finish(.refused(.flushed))
            case .unavailable(let failure): finish(.unavailable(failure))
            }
        }
    }

    /// What of a store the semantic tier would keep: only a text that answers a text.
    private func semanticQuery(of request: StoreRequest, _ settings: NamespaceSettings) -> SemanticQuery? {
        guard settings.semantic.isEnabled, request.assessment.isPlainText,
            case .eligible(let text, let partition) = request.canonical.semantic
        else { return nil }
        return SemanticQuery(
            text: text,
            partition: partition,
            settings: settings.semantic,
            attributes: request.canonical.attributes
        )
    }

    /// Gives the lease of a ticket up.
    public func release(_ ticket: Ticket, completion: @escaping (ReleaseOutcome) -> Void) {
        guard let claim = ticket.claim, claim.heldLease else { return completion(.released) }
        let deadline = deadline(settings[ticket.key.namespace])
        store.release(ticket.key, token: claim.token, deadline: deadline, completion: completion)
    }

    private func refusal(of request: StoreRequest, _ settings: NamespaceSettings) -> RefusalReason? {
        if request.isForbidden { return .noStore }
        if self.refusal(of: request.canonical, settings) != nil { return .uncacheable }
        if let refusal = request.assessment.refusal { return refusal }
        if request.requestBytes.count + request.responseBytes.count > settings.maximumEntryBytes { return .tooLarge }
        return nil
    }
}

extension IndexElement {
    /// The element of an entry that was just stored.
    fileprivate init(_ part: SemanticPart, of key: EntryKey, _ receipt: CommitReceipt) {
        self.init(
            entry: key.fingerprint,
            version: receipt.version,
            namespace: key.namespace,
            partition: part.partition,
            text: part.text,
            vector: part.vector,
            expiresAt: receipt.expiresAt,
            attributes: part.attributes
        )
    }
}
