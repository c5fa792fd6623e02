public import JSONScanning

/// Decides what a lookup and a store answer.
///
/// An engine belongs to one event loop, like the store and the recorder that it is given: every call is made there,
/// and every completion runs there exactly once. It does no I/O and reads no clock but the one it is given.
public final class CacheEngine {
    /// The settings; replaced as a whole when they are reloaded.
    public var settings: CacheSettings
    /// Signs tickets; nil until the deployment's key is known, and as long nothing is served.
    public var signer: TicketSigner?

    /// Told of each entry that shadow mode would have served.
    public var onShadowHit: ((Namespace, Judgment) -> Void)?

    let store: any CandidateStore
    let search: (any SemanticSearch)?
    let stats: any StatsRecorder
    let clock: EngineClock
    private let ticketMilliseconds: Int64
    private let canonicalizer = Canonicalizer()

    /// Creates an engine.
    ///
    /// `ticketSeconds` is how long a ticket is good.
    public init(
        store: any CandidateStore,
        search: (any SemanticSearch)? = nil,
        stats: any StatsRecorder,
        signer: TicketSigner?,
        clock: EngineClock,
        settings: CacheSettings,
        ticketSeconds: Int
    ) {
        self.store = store
        self.search = search
        self.stats = stats
        self.signer = signer
        self.clock = clock
        self.settings = settings
        ticketMilliseconds = Int64(ticketSeconds) * 1000
    }

    /// The canonical form of a request.
    ///
    /// - Throws: ``RequestError`` when the body is not a request of that endpoint.
    public func canonicalize(
        _ body: JSONValue,
        endpoint: Endpoint,
        namespace: Namespace,
        purpose: CanonicalPurpose = .lookingUp
    ) throws(RequestError) -> CanonicalRequest {
        let settings = self.settings[namespace]
        return try canonicalizer.canonicalize(
            body,
            endpoint: endpoint,
            namespace: namespace,
            ignoring: settings.ignoredFields,
            keepsBytes: purpose == .explaining,
            derivesPartition: purpose == .explaining || purpose == .storing && settings.semantic.isEnabled
        )
    }

    /// Answers a lookup: one round trip for a hit, two for a miss.
    public func lookup(_ request: LookupRequest, completion: @escaping (LookupOutcome) -> Void) {
        let settings = self.settings[request.namespace]
        let finish = { [stats, store, clock] (outcome: LookupOutcome) in
            let nanoseconds = clock.uptime() &- request.arrivedAt
            switch outcome {
            case .hit(let hit):
                store.countHit(of: hit.entry)
                stats.record(.hit(hit, nanoseconds: nanoseconds), in: request.namespace)
            case .miss(let miss) where request.options.asksAgain && miss.lease.kind == .held: break
            case .miss(let miss):
                stats.record(.miss(miss.reason, nanoseconds: nanoseconds), in: request.namespace)
                stats.record(.lease(miss.lease), in: request.namespace)
            case .bypass(let reason): stats.record(.bypass(reason, nanoseconds: nanoseconds), in: request.namespace)
            }
            completion(outcome)
        }
        if let reason = refusal(of: request, settings) { return finish(.bypass(reason)) }
        if signer == nil { return finish(.bypass(.redisUnavailable)) }

        let deadline = deadline(settings, since: request.arrivedAt)
        if request.options.skipsSearch {
            return fill(request, SearchMiss(reason: .noCache), deadline, finish)
        }
        let key = EntryKey(namespace: request.namespace, fingerprint: request.canonical.fingerprint)
        let hasFetched = clock.timer(.fetch, request.stages)
        store.fetch(key, deadline: deadline) { [self] fetched in
            hasFetched?()
            switch fetched {
            case .found(let entry) where accepts(entry, request):
                finish(.hit(Hit(entry: entry, tier: .exact, isCoalesced: false)))
            case .found: fill(request, SearchMiss(reason: .tooOld), deadline, finish)
            case .aliased(let entry, let alias)
            where follows(alias, request, settings) && accepts(entry, request):
                finish(.hit(Hit(entry: entry, tier: .exact, isCoalesced: false)))
            case .aliased, .absent:
                searchSemantically(request, settings, deadline, finish: finish) { [self] miss in
                    fill(request, miss, deadline, finish)
                }
            case .unavailable(let reason): finish(.bypass(reason))
            }
        }
    }

    /// Asks for the right to fill, and answers the miss with it.
    private func fill(
        _ request: LookupRequest,
        _ miss: SearchMiss,
        _ deadline: Deadline,
        _ finish: @escaping (LookupOutcome) -> Void
    ) {
        guard let signer else { return finish(.bypass(.redisUnavailable)) }
        let settings = self.settings[request.namespace]
        let options = request.options
        if options.forbidsStore {
            return finish(miss.outcome(ticket: ticket(for: request, claim: nil, signer), lease: .none))
        }
        let now = clock.now()
        let wanted = FillRequest(
            token: .random(),
            leaseMilliseconds: options.wantsLease ? settings.leaseMilliseconds : nil,
            waitUntil: options.waitMilliseconds > 0 && !options.skipsSearch
                ? Deadline(uptimeNanoseconds: request.arrivedAt).advanced(byMilliseconds: options.waitMilliseconds)
                : nil,
            accepts: options.skipsSearch
                ? .nothing
                : options.maximumAge.map {
                    .storedAfter(now.earlier(bySeconds: $0))
                }
                    ?? .anything
        )
        let key = EntryKey(namespace: request.namespace, fingerprint: request.canonical.fingerprint)
        let limit = deadline.advanced(byMilliseconds: wanted.waitUntil == nil ? 0 : options.waitMilliseconds)
        let hasAsked = clock.timer(.lease, request.stages)
        store.acquire(key, wanted, deadline: limit) { [self] acquired in
            hasAsked?()
            func open(_ grant: FillGrant, _ lease: LeaseState, heldLease: Bool) {
                let claim = FillClaim(token: wanted.token, grant: grant, heldLease: heldLease)
                let text = ticket(for: request, claim: claim, shadow: miss.shadow, signer)
                finish(miss.outcome(ticket: text, lease: lease))
            }
            switch acquired {
            case .found(let entry, let coalesced):
                finish(.hit(Hit(entry: entry, tier: .exact, isCoalesced: coalesced)))
            case .granted(let grant, let milliseconds):
                open(grant, .granted(milliseconds: milliseconds), heldLease: true)
            case .held(let grant, let milliseconds):
                open(grant, .held(milliseconds: milliseconds), heldLease: false)
            case .open(let grant): open(grant, .none, heldLease: false)
            case .unavailable(let reason): finish(.bypass(reason))
            }
        }
    }

    private func ticket(
        for request: LookupRequest,
        claim: FillClaim?,
        shadow: Fingerprint? = nil,
        _ signer: TicketSigner
    ) -> String {
        signer.text(
            for: Ticket(
                key: EntryKey(namespace: request.namespace, fingerprint: request.canonical.fingerprint),
                endpoint: request.endpoint,
                claim: claim,
                timeToLive: request.options.timeToLive,
                tags: request.options.tags,
                shadow: shadow,
                expiresAt: Timestamp(milliseconds: clock.now().milliseconds + ticketMilliseconds),
                request: Array(request.body.rawBytes)
            )
        )
    }

    /// Reads a ticket's text.
    ///
    /// - Throws: ``TicketError`` when it is not a good ticket of this deployment, or its key is not known yet.
    public func ticket(from text: String) throws(TicketError) -> Ticket {
        guard let signer else { throw .keyUnknown }
        return try signer.ticket(from: text, now: clock.now())
    }

    /// When what began at `uptime`, or now, must be answered.
    func deadline(_ settings: NamespaceSettings, since uptime: UInt64? = nil) -> Deadline {
        Deadline(uptimeNanoseconds: uptime ?? clock.uptime())
            .advanced(byMilliseconds: settings.lookupDeadlineMilliseconds)
    }

    /// Whether an entry may answer: it is young enough, and has the attributes that are asked for.
    func accepts(_ entry: Entry, _ request: LookupRequest) -> Bool {
        if !request.canonical.attributes.isEmpty,
            !Set(entry.tags).isSuperset(of: request.canonical.attributes.map(\.tag))
        {
            return false
        }
        return request.options.maximumAge.map { entry.age(at: clock.now()) <= $0 } ?? true
    }

    /// Why a lookup is not answered: a request that could never be stored is not looked up either.
    func refusal(of request: LookupRequest, _ settings: NamespaceSettings) -> BypassReason? {
        let node = request.body.node
        if Int(node.upperBound - node.lowerBound) > settings.maximumEntryBytes { return .uncacheable }
        return refusal(of: request.canonical, settings)
    }

    func refusal(of canonical: CanonicalRequest, _ settings: NamespaceSettings) -> BypassReason? {
        if !settings.isEnabled { return .disabled }
        if canonical.isStateful { return .uncacheable }
        if settings.cachesDeterministicOnly, !canonical.isDeterministic { return .uncacheable }
        return nil
    }
}
