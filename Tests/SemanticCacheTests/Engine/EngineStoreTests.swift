import SemanticCache
import SemanticCacheTesting
import Testing

@Suite struct EngineStoreTests {
    private func outcome(_ cache: EngineUnderTest, timeToLive: Int) throws -> StoreOutcome {
        .stored(id: try cache.canonical().fingerprint, timeToLive: timeToLive)
    }

    @Test func timeToLiveIsTheDefaultOrWhatIsAskedForUpToTheMaximum() throws {
        let cache = EngineUnderTest {
            $0.defaultTimeToLive = 100
            $0.maximumTimeToLive = 500
        }
        #expect(try cache.fill() == outcome(cache, timeToLive: 100))
        #expect(try cache.fill(timeToLive: 7) == outcome(cache, timeToLive: 7))
        #expect(try cache.fill(timeToLive: .max) == outcome(cache, timeToLive: 500))
    }

    @Test func anAnswerThatMustNotBeCachedIsRefusedByNameAndGivesItsLeaseUp() throws {
        for reason in [RefusalReason.errorResponse, .truncated, .contentFiltered, .empty] {
            let cache = EngineUnderTest()
            let ticket = try #require(try cache.lookup().miss?.ticket)
            #expect(try cache.fill(ticket: ticket, refusal: reason) == .refused(reason))
            #expect(cache.store.calls == [.fetch, .acquire, .release])
            #expect(try cache.lookup().miss?.lease == .granted(milliseconds: 30_000))
            #expect(cache.events == ["miss absent", "refused \(reason.rawValue)", "miss absent"])
        }
    }

    @Test func aRefusalWithoutALeaseAsksNothing() throws {
        let cache = EngineUnderTest()
        #expect(try cache.fill(refusal: .empty) == .refused(.empty))
        #expect(cache.store.calls.isEmpty)
    }

    @Test func aRefusalIsAnsweredWhenRedisIsAway() throws {
        let cache = EngineUnderTest()
        let ticket = try #require(try cache.lookup().miss?.ticket)
        cache.storage.outage = .away
        #expect(try cache.fill(ticket: ticket, refusal: .truncated) == .refused(.truncated))
    }

    @Test func requestAndAnswerTogetherMayBeAsLargeAsAnEntry() throws {
        let size = EngineUnderTest.question.utf8.count + 100
        let cache = EngineUnderTest { $0.maximumEntryBytes = size }
        #expect(try cache.fill(String(repeating: "x", count: 101)) == .refused(.tooLarge))
        #expect(try cache.fill(String(repeating: "x", count: 100)) == outcome(cache, timeToLive: 3600))
    }

    @Test func aUsedTicketIsRefusedAndTheFirstAnswerStays() throws {
        let cache = EngineUnderTest()
        let ticket = try #require(try cache.lookup().miss?.ticket)
        #expect(try cache.fill("1", ticket: ticket) == outcome(cache, timeToLive: 3600))
        #expect(try cache.fill("2", ticket: ticket) == .refused(.leaseLost))
        #expect(try cache.lookup().hit?.entry.response == Array("1".utf8))
        #expect(cache.events == ["miss absent", "stored", "refused lease_lost", "hit"])
    }

    @Test func aTicketFromBeforeAFlushIsRefused() throws {
        let cache = EngineUnderTest()
        let ticket = try #require(try cache.lookup().miss?.ticket)
        _ = cache.storage.flush(.all)
        #expect(try cache.fill(ticket: ticket) == .refused(.flushed))
        #expect(cache.events == ["miss absent", "refused flushed"])
    }

    @Test func aHitSavesWhatTheAnswerCostByThePriceOfItsModel() throws {
        var settings = CacheSettings()
        settings.prices["gpt-4o"] = Price(prompt: 2.50, completion: 10)
        let cache = EngineUnderTest(settings)
        _ = try cache.fill()
        let entry = try #require(try cache.lookup().hit?.entry)
        #expect(entry.cost == Money(nanodollars: 3_500_000))
        let counts = try #require(cache.recorder.counts.drain()[.default])
        #expect(counts[.savedNanodollars] == 3_500_000)
        #expect(counts[.savedPromptTokens] == 1000)
        #expect(counts[.savedCompletionTokens] == 100)
        let other = #"{"model":"unknown","messages":[]}"#
        _ = try cache.fill(question: other)
        let unpriced = try #require(try cache.lookup(other).hit)
        #expect(unpriced.entry.cost == nil)
    }

    @Test func aReleaseOfATicketWithoutALeaseAsksNothing() throws {
        let cache = EngineUnderTest()
        let ticket = try #require(try cache.lookup { $0.wantsLease = false }.miss?.ticket)
        let before = cache.store.calls.count
        cache.engine.release(try cache.engine.ticket(from: ticket)) { #expect($0 == .released) }
        #expect(cache.store.calls.count == before)
    }

    @Test func aReleaseThatRedisCannotTakeReports() throws {
        let cache = EngineUnderTest()
        let ticket = try #require(try cache.lookup().miss?.ticket)
        cache.storage.outage = .away
        cache.engine.release(try cache.engine.ticket(from: ticket)) { #expect($0 == .unavailable(.redisUnavailable)) }
    }
}
