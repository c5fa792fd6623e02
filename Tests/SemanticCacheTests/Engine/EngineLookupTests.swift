import JSONScanning
import SemanticCache
import SemanticCacheTesting
import Testing

@Suite struct EngineLookupTests {
    @Test func aStoredAnswerIsAnExactHitOfOneFetch() throws {
        let cache = EngineUnderTest()
        #expect(try cache.fill("answer", timeToLive: 60) != nil)
        let before = cache.store.calls.count
        let hit = try #require(try cache.lookup().hit)
        #expect(hit.entry.response == Array("answer".utf8))
        #expect(hit.tier == .exact)
        #expect(!hit.isCoalesced)
        #expect(hit.entry.timeToLive(at: cache.storage.now) == 60)
        #expect(Array(cache.store.calls[before...]) == [.fetch])
        #expect(cache.events == ["stored", "hit"])
        let key = EntryKey(namespace: .default, fingerprint: try cache.canonical().fingerprint)
        #expect(cache.storage.hits(of: key) == 1)
    }

    @Test func aMissAsksOnceMoreAndItsTicketFills() throws {
        let cache = EngineUnderTest()
        let miss = try #require(
            try cache.lookup {
                $0.tags = ["docs:v2"]
                $0.timeToLive = 60
            }.miss
        )
        #expect(miss.reason == .absent)
        #expect(miss.lease == .granted(milliseconds: 30_000))
        #expect(cache.store.calls == [.fetch, .acquire])
        let fingerprint = try cache.canonical().fingerprint
        #expect(try cache.fill(ticket: miss.ticket) == .stored(id: fingerprint, timeToLive: 60))
        let entry = try #require(try cache.lookup().hit?.entry)
        #expect(entry.tags == ["docs:v2"])
        #expect(
            cache.storage.request(of: EntryKey(namespace: .default, fingerprint: fingerprint))
                == Array(EngineUnderTest.question.utf8)
        )
        #expect(cache.events == ["miss absent", "stored", "hit"])
    }

    @Test func theSecondOfTwoEqualMissesIsToldThatTheLeaseIsHeld() throws {
        let cache = EngineUnderTest()
        _ = try cache.lookup()
        cache.storage.advance(milliseconds: 1000)
        let second = try #require(try cache.lookup().miss)
        #expect(second.lease == .held(milliseconds: 29_000))
        #expect(second.ticket != nil)
        #expect(try cache.lookup { $0.wantsLease = false }.miss?.lease == LeaseState.none)
        let counts = try #require(cache.recorder.counts.sinceStart()["default"])
        #expect(counts.leases == [.granted: 1, .held: 1, .none: 1])
    }

    @Test func whoWaitsGetsTheOthersAnswer() throws {
        let cache = EngineUnderTest()
        let first = try #require(try cache.lookup().miss)
        let waiting = try cache.lookup { $0.waitMilliseconds = 10_000 }
        #expect(waiting.all.isEmpty)
        cache.storage.advance(milliseconds: 5000)
        #expect(waiting.all.isEmpty)
        _ = try cache.fill("it", ticket: first.ticket)
        #expect(waiting.hit?.isCoalesced == true)
        #expect(waiting.hit?.entry.response == Array("it".utf8))
        #expect(cache.events == ["miss absent", "coalesced", "stored"])
    }

    @Test func whoWaitedInVainMisses() throws {
        let cache = EngineUnderTest()
        _ = try cache.lookup()
        let waiting = try cache.lookup { $0.waitMilliseconds = 10_000 }
        cache.storage.advance(milliseconds: 10_000)
        #expect(waiting.miss?.lease == .held(milliseconds: 20_000))
        #expect(cache.events == ["miss absent", "miss absent"])
    }

    @Test func whoWaitsTakesAReleasedLeaseOver() throws {
        let cache = EngineUnderTest()
        let first = try #require(try cache.lookup().miss?.ticket)
        let waiting = try cache.lookup { $0.waitMilliseconds = 10_000 }
        cache.engine.release(try cache.engine.ticket(from: first)) { #expect($0 == .released) }
        #expect(waiting.miss?.lease == .granted(milliseconds: 30_000))
    }

    @Test func noCacheSkipsTheSearchAndReplaces() throws {
        let cache = EngineUnderTest()
        _ = try cache.fill("old")
        let before = cache.store.calls.count
        let miss = try #require(try cache.lookup { $0.skipsSearch = true }.miss)
        #expect(miss.reason == .noCache)
        #expect(Array(cache.store.calls[before...]) == [.acquire])
        _ = try cache.fill("new", ticket: miss.ticket)
        #expect(try cache.lookup().hit?.entry.response == Array("new".utf8))
    }

    @Test func noStoreIsServedButItsFillIsRefused() throws {
        let cache = EngineUnderTest()
        let miss = try #require(try cache.lookup { $0.forbidsStore = true }.miss)
        #expect(miss.lease == LeaseState.none)
        #expect(cache.store.calls == [.fetch])
        #expect(try cache.fill(ticket: miss.ticket) == .refused(.noStore))
        _ = try cache.fill("x")
        #expect(try cache.lookup { $0.forbidsStore = true }.hit != nil)
        #expect(cache.events == ["miss absent", "refused no_store", "stored", "hit"])
    }

    @Test func anEntryOlderThanAllowedIsAMissAndAFreshOneAHit() throws {
        let cache = EngineUnderTest()
        _ = try cache.fill("old")
        cache.storage.advance(milliseconds: 100_000)
        #expect(try cache.lookup { $0.maximumAge = 100 }.hit != nil)
        let miss = try #require(try cache.lookup { $0.maximumAge = 98 }.miss)
        #expect(miss.reason == .tooOld)
        _ = try cache.fill("new", ticket: miss.ticket)
        #expect(try cache.lookup { $0.maximumAge = 0 }.hit?.entry.response == Array("new".utf8))
    }

    @Test(arguments: [Int.max, Int.max / 1000, 1 << 50])
    func anAgeBeyondAllTimeIsNoLimit(_ age: Int) throws {
        let cache = EngineUnderTest()
        #expect(try cache.lookup { $0.maximumAge = age }.miss?.reason == .absent)
        _ = try cache.fill("x")
        #expect(try cache.lookup { $0.maximumAge = age }.hit != nil)
    }

    @Test func aLookupThatArrivedTooLongAgoIsBypassed() throws {
        let cache = EngineUnderTest { $0.lookupDeadlineMilliseconds = 250 }
        #expect(cache.lookup(try cache.request(agedMilliseconds: 249)).miss != nil)
        #expect(cache.lookup(try cache.request(agedMilliseconds: 250)).bypass == .deadline)
        #expect(cache.events == ["miss absent", "bypass deadline"])
    }

    @Test func withoutRedisLookupsAreBypassedAndStoresReport() throws {
        let cache = EngineUnderTest()
        let ticket = try #require(try cache.lookup().miss?.ticket)
        cache.storage.outage = .away
        #expect(try cache.lookup().bypass == .redisUnavailable)
        #expect(try cache.fill(ticket: ticket) == .unavailable(.redisUnavailable))
        cache.storage.outage = .silent
        #expect(try cache.lookup().bypass == .deadline)
        #expect(try cache.fill(ticket: ticket) == .unavailable(.redisUnavailable))
        cache.storage.outage = .full
        #expect(try cache.lookup("{\"model\":\"m\",\"messages\":[]}").miss?.lease == LeaseState.none)
        #expect(try cache.fill(ticket: ticket) == .unavailable(.redisFull))
        cache.storage.outage = .none
        #expect(try cache.fill(ticket: ticket) != nil)
        #expect(
            cache.events == [
                "miss absent", "bypass redis_unavailable", "bypass deadline", "miss absent", "stored",
            ]
        )
    }

    @Test func aDisabledNamespaceAsksNothing() throws {
        let cache = EngineUnderTest { $0.isEnabled = false }
        #expect(try cache.lookup().bypass == .disabled)
        #expect(try cache.fill() == .refused(.uncacheable))
        #expect(cache.store.calls.isEmpty)
        #expect(cache.events == ["bypass disabled", "refused uncacheable"])
    }

    @Test func settingsOfANamespaceAreItsOwn() throws {
        var settings = CacheSettings()
        var disabled = NamespaceSettings()
        disabled.isEnabled = false
        settings.namespaces["other"] = disabled
        #expect(try EngineUnderTest(settings).lookup().miss != nil)
        settings.namespaces["default"] = disabled
        #expect(try EngineUnderTest(settings).lookup().bypass == .disabled)
    }

    @Test(
        arguments: [
            (#"{"model":"m","messages":[],"temperature":0}"#, true), (#"{"model":"m","messages":[],"seed":7}"#, true),
            (#"{"model":"m","messages":[],"temperature":0.1}"#, false), (#"{"model":"m","messages":[]}"#, false),
        ]
    )
    func deterministicOnlyCachesWhatIsMeantToRepeat(_ question: String, isCached: Bool) throws {
        let cache = EngineUnderTest { $0.cachesDeterministicOnly = true }
        if isCached {
            #expect(try cache.lookup(question).miss != nil)
            _ = try cache.fill(question: question)
            #expect(try cache.lookup(question).hit != nil)
        } else {
            #expect(try cache.lookup(question).bypass == .uncacheable)
            #expect(try cache.fill(question: question) == .refused(.uncacheable))
            #expect(cache.store.calls.isEmpty)
        }
    }

    @Test(arguments: [
        (#"{"input":"hi","conversation":"c"}"#, Endpoint.responses, true),
        (#"{"input":"hi","conversation":{"id":"c"}}"#, .responses, true),
        (#"{"input":"hi","background":true}"#, .responses, true),
        (#"{"input":"hi","background":false,"conversation":null}"#, .responses, false),
        (#"{"input":"hi","previous_response_id":"r"}"#, .responses, false),
        (#"{"messages":[],"container":"c"}"#, .messages, true),
        (#"{"messages":[],"container":null}"#, .messages, false),
        (#"{"messages":[],"conversation":"c"}"#, .chatCompletions, false),
    ])
    func aRequestThatTheUpstreamGoesOnWithIsNeverCached(_ text: String, _ endpoint: Endpoint, isRefused: Bool) throws {
        let cache = EngineUnderTest()
        let body = try JSONDocument(Array(text.utf8)).root
        let request = LookupRequest(
            namespace: .default,
            endpoint: endpoint,
            body: body,
            canonical: try cache.engine.canonicalize(body, endpoint: endpoint, namespace: .default),
            options: LookupOptions(),
            arrivedAt: cache.storage.clock.uptimeNanoseconds
        )
        #expect(cache.lookup(request).bypass == (isRefused ? .uncacheable : nil))
        #expect(cache.store.calls.isEmpty == isRefused)
    }

    @Test func whoAsksAgainIsCountedOnce() throws {
        let cache = EngineUnderTest()
        #expect(
            try cache.lookup(EngineUnderTest.question) { $0.asksAgain = true }.miss?.lease
                == .granted(milliseconds: 30_000)
        )
        #expect(cache.events.contains("miss absent"))
        let counted = cache.events.filter { $0.hasPrefix("miss") }.count
        guard case .held = try cache.lookup(EngineUnderTest.question, { $0.asksAgain = true }).miss?.lease else {
            Issue.record("the lease is not held")
            return
        }
        #expect(cache.events.filter { $0.hasPrefix("miss") }.count == counted)
        _ = try cache.lookup()
        #expect(cache.events.filter { $0.hasPrefix("miss") }.count == counted + 1)
    }

    @Test func aRequestThatCouldNeverBeStoredIsNotLookedUp() throws {
        let size = EngineUnderTest.question.utf8.count
        #expect(try EngineUnderTest { $0.maximumEntryBytes = size }.lookup().miss != nil)
        let cache = EngineUnderTest { $0.maximumEntryBytes = size - 1 }
        #expect(try cache.lookup().bypass == .uncacheable)
        #expect(cache.store.calls.isEmpty)
    }

    @Test func untilTheKeyOfTicketsIsKnownLookupsAreBypassed() throws {
        let cache = EngineUnderTest(hasKey: false)
        #expect(try cache.lookup().bypass == .redisUnavailable)
        #expect(throws: TicketError.keyUnknown) { try cache.engine.ticket(from: "x") }
        cache.engine.signer = TicketSigner(secret: EngineUnderTest.secret)
        #expect(try cache.lookup().miss != nil)
    }

    @Test func inspectingChangesAndCountsNothing() throws {
        let cache = EngineUnderTest { $0.maximumEntryBytes = 10_000 }
        func inspect(_ change: (inout LookupOptions) -> Void = { _ in }) throws -> Completions<LookupOutcome> {
            let answers = Completions<LookupOutcome>()
            cache.engine.inspect(try cache.request(EngineUnderTest.question, change)) { outcome, _ in
                answers.all.append(outcome)
            }
            return answers
        }
        #expect(try inspect().miss?.reason == .absent)
        #expect(try inspect().miss?.ticket == nil)
        #expect(try inspect { $0.skipsSearch = true }.miss?.reason == .noCache)
        #expect(cache.store.calls == [.fetch, .fetch])
        _ = try cache.fill()
        cache.storage.advance(milliseconds: 5000)
        #expect(try inspect().hit != nil)
        #expect(try inspect { $0.maximumAge = 1 }.miss?.reason == .tooOld)
        cache.storage.outage = .away
        #expect(try inspect().bypass == .redisUnavailable)
        #expect(cache.events == ["stored"])
    }
}
