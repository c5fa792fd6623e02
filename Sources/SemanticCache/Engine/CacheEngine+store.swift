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
        let deadline = Deadline(uptimeNanoseconds: clock.uptime())
            .advanced(byMilliseconds: settings.lookupDeadlineMilliseconds)
        if let reason = refusal(of: request, settings) {
            guard let claim = request.claim, claim.heldLease else { return finish(.refused(reason)) }
            return store.release(request.key, token: claim.token, deadline: deadline) { _ in finish(.refused(reason)) }
        }
        let timeToLive = min(request.timeToLive ?? settings.defaultTimeToLive, settings.maximumTimeToLive)
        let entry = NewEntry(
            key: request.key,
            endpoint: request.endpoint,
            model: request.canonical.model,
            tags: request.tags,
            timeToLive: timeToLive,
            usage: request.assessment.usage,
            cost: request.assessment.usage.flatMap { usage in
                self.settings.prices[request.canonical.model]?.cost(of: usage)
            },
            request: request.requestBytes,
            response: request.responseBytes
        )
        store.commit(Fill(entry: entry, claim: request.claim), deadline: deadline) { committed in
            switch committed {
            case .stored(let timeToLive, _): finish(.stored(id: request.key.fingerprint, timeToLive: timeToLive))
            case .leaseLost: finish(.refused(.leaseLost))
            case .flushed: finish(.refused(.flushed))
            case .unavailable(let failure): finish(.unavailable(failure))
            }
        }
    }

    /// Gives the lease of a ticket up.
    public func release(_ ticket: Ticket, completion: @escaping (ReleaseOutcome) -> Void) {
        guard let claim = ticket.claim, claim.heldLease else { return completion(.released) }
        let deadline = Deadline(uptimeNanoseconds: clock.uptime())
            .advanced(byMilliseconds: settings[ticket.key.namespace].lookupDeadlineMilliseconds)
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
