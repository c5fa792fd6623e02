import CacheAPI
import JSONScanning
import SemanticCache

/// `POST /v1/lookup`.
enum LookupRoute {
    static func serve(_ exchange: Exchange, _ loop: ServerLoop, _ parameter: Substring) {
        do throws(Refusal) {
            let caller = try loop.admit(exchange, .read)
            let request = try read(exchange, loop, caller)
            let showsMatched =
                caller.key?.scopes.contains(.admin) ?? true
                || loop.engine.settings[request.namespace].semantic.showsMatched
            loop.engine.lookup(request) { outcome in
                exchange.note(outcome, of: request, in: loop)
                exchange.respond(
                    answer(to: request, outcome, exchange.call, showsMatched: showsMatched, now: loop.clock.now())
                )
            }
        } catch {
            exchange.respond(error.answer)
        }
    }

    /// The lookup that the body describes.
    static func read(
        _ exchange: Exchange,
        _ loop: ServerLoop,
        _ caller: Caller,
        purpose: CanonicalPurpose = .lookingUp
    )
        throws(Refusal) -> LookupRequest
    {
        let document = try exchange.document()
        let envelope = try reading { () throws(EnvelopeError) in try LookupEnvelope(document) }
        let namespace = try loop.namespace(envelope.namespace, at: "$.namespace", for: caller)
        let endpoint = try loop.endpoint(envelope.endpoint)
        let canonical: CanonicalRequest
        do throws(RequestError) {
            canonical = try loop.engine.canonicalize(
                envelope.request,
                endpoint: endpoint,
                namespace: namespace,
                purpose: purpose
            )
        } catch {
            throw Refusal(error, at: "$.request")
        }
        var options = LookupOptions(envelope.control)
        options.leavesAlias = caller.key?.allows(.write, in: namespace) ?? true
        if let after = envelope.control.after {
            guard let change = ChangeToken(after) else {
                throw Refusal(.invalidRequest, "$.cache.after: must be the `change` of a store")
            }
            options.after = change
        }
        return LookupRequest(
            namespace: namespace,
            endpoint: endpoint,
            body: envelope.request,
            canonical: canonical,
            options: options,
            arrivedAt: exchange.call.arrivedAt,
            stages: exchange.notes?.stages
        )
    }

    private static func answer(
        to request: LookupRequest,
        _ outcome: LookupOutcome,
        _ call: HTTPCall,
        showsMatched: Bool,
        now: Timestamp
    ) -> HTTPAnswer {
        switch outcome {
        case .hit(var hit):
            if !showsMatched { hit.matched = nil }
            if request.canonical.wantsStream, call.acceptsEventStream, let events = replay(hit, request) {
                var answer = HTTPAnswer(status: 200, contentType: "text/event-stream", body: events)
                answer.addHeader("cache-control", "no-cache")
                answer.addHitHeaders(hit, now: now)
                return answer
            }
            let (text, offset) = LookupAnswerText.hit(hit, now: now)
            var answer = HTTPAnswer(status: 200, contentType: "application/json", body: text)
            answer.insertion = (hit.entry.response, offset)
            answer.addHitHeaders(hit, now: now)
            return answer
        case .miss(let miss):
            var answer = HTTPAnswer(status: 200, contentType: "application/json", body: LookupAnswerText.miss(miss))
            answer.addHeader("cache-status", miss.reason.cacheStatus)
            return answer
        case .bypass(let reason):
            var answer = HTTPAnswer(status: 200, contentType: "application/json", body: LookupAnswerText.bypass(reason))
            answer.addHeader("cache-status", reason.cacheStatus)
            return answer
        }
    }

    /// The answer as the upstream would have streamed it; nil when it has no streamed form.
    private static func replay(_ hit: Hit, _ request: LookupRequest) -> [UInt8]? {
        guard let document = try? JSONDocument(hit.entry.response) else { return nil }
        return try? StreamReplay.events(
            for: document.root,
            endpoint: request.endpoint,
            includesUsage: request.canonical.wantsStreamUsage
        )
    }
}

extension LookupOptions {
    /// What the `cache` member of a lookup says.
    init(_ control: CacheControl) {
        self.init()
        skipsSearch = control.skipsSearch
        forbidsStore = control.forbidsStore
        timeToLive = control.timeToLive
        maximumAge = control.maximumAge
        allowsSemantic = control.allowsSemantic
        minimumSimilarity = control.minimumSimilarity
        wantsLease = control.wantsLease
        waitMilliseconds = control.waitMilliseconds
        asksAgain = control.asksAgain
        tags = control.tags
    }
}

extension HTTPAnswer {
    /// Adds what every hit carries, streamed or not.
    fileprivate mutating func addHitHeaders(_ hit: Hit, now: Timestamp) {
        headerLines.append("cache-status: semcached; hit; ttl=")
        headerLines.append(decimal: hit.entry.timeToLive(at: now))
        headerLines.append(hit.tier == .exact ? "; detail=exact\r\n" : "; detail=semantic\r\n")
        addHeader("age", hit.entry.age(at: now))
        headerLines.append("x-semcached-entry: ")
        headerLines.append(hex: hit.entry.id)
        headerLines.append(
            hit.tier == .exact ? "\r\nx-semcached-tier: exact\r\n" : "\r\nx-semcached-tier: semantic\r\n"
        )
        if let similarity = hit.similarity {
            addHeader("x-semcached-similarity", String(similarity.rounded(places: 4)))
        }
    }
}

extension MissReason {
    /// The `Cache-Status` of a miss (RFC 9211).
    fileprivate var cacheStatus: StaticString {
        switch self {
        case .absent: "semcached; fwd=miss; detail=absent"
        case .belowThreshold: "semcached; fwd=miss; detail=below-threshold"
        case .guarded: "semcached; fwd=miss; detail=guarded"
        case .tooOld: "semcached; fwd=stale; detail=too-old"
        case .noCache: "semcached; fwd=request; detail=no-cache"
        case .semanticUnavailable: "semcached; fwd=miss; detail=semantic-unavailable"
        }
    }
}

extension BypassReason {
    /// The `Cache-Status` of a bypass (RFC 9211).
    fileprivate var cacheStatus: StaticString {
        switch self {
        case .redisUnavailable: "semcached; fwd=bypass; detail=redis-unavailable"
        case .deadline: "semcached; fwd=bypass; detail=deadline"
        case .uncacheable: "semcached; fwd=bypass; detail=uncacheable"
        case .disabled: "semcached; fwd=bypass; detail=disabled"
        }
    }
}
