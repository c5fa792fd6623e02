import SemanticCache
import SemanticCacheTesting
import Testing

@Suite struct NamespaceCountsTests {
    private func hit(_ tier: Hit.Tier = .exact, isCoalesced: Bool = false, usage: TokenUsage? = nil) -> StatsEvent {
        let entry = Entry(
            id: EntryKey.numbered(1).fingerprint,
            version: 1,
            endpoint: .chatCompletions,
            model: "m",
            tags: [],
            storedAt: Timestamp(milliseconds: 0),
            expiresAt: Timestamp(milliseconds: 0),
            usage: usage,
            cost: usage.map { _ in Money(nanodollars: 7) },
            response: []
        )
        return .hit(Hit(entry: entry, tier: tier, isCoalesced: isCoalesced), nanoseconds: 5000)
    }

    @Test func everyLookupIsCountedOnceAndCoalescedHitsAreAPartOfNoOthers() {
        var counts = NamespaceCounts()
        #expect(counts.hitRatio == nil)
        let events: [StatsEvent] = [
            hit(), hit(usage: TokenUsage(promptTokens: 3, completionTokens: 4)), hit(.semantic),
            hit(isCoalesced: true), hit(.semantic, isCoalesced: true), .miss(.absent, nanoseconds: 1),
            .miss(.absent, nanoseconds: 1), .miss(.tooOld, nanoseconds: 1), .bypass(.deadline, nanoseconds: 1),
        ]
        for event in events { counts.add(event) }
        #expect(counts[.exactHits] == 2)
        #expect(counts[.semanticHits] == 1)
        #expect(counts[.coalescedHits] == 2)
        #expect(counts.totalHits == 5)
        #expect(counts.misses == [.absent: 2, .tooOld: 1])
        #expect(counts.bypasses == [.deadline: 1])
        #expect(counts.lookups == Int64(events.count))
        #expect(counts.hitRatio == 5.0 / 8.0)
        #expect(counts[.savedPromptTokens] == 3)
        #expect(counts[.savedCompletionTokens] == 4)
        #expect(counts[.savedNanodollars] == 7)
        #expect(counts.latencies[.lookupExact]?.total == 2)
        #expect(counts.latencies[.lookupSemantic]?.total == 1)
        #expect(counts.latencies[.lookupMiss]?.total == 3)
        #expect(counts.latencies[.embed] == nil)
    }

    @Test func otherEventsAreNoLookups() {
        var counts = NamespaceCounts()
        let events: [StatsEvent] = [
            .stored, .stored, .refused(.truncated), .flushed(5), .flushed(0), .feedback(.right), .feedback(.wrong),
        ]
        for event in events { counts.add(event) }
        #expect(counts.lookups == 0)
        #expect(counts[.stores] == 2)
        #expect(counts.refused == [.truncated: 1])
        #expect(counts[.flushed] == 5)
        #expect(counts[.feedbackRight] == 1)
        #expect(counts[.feedbackWrong] == 1)
    }

    @Test func mergedCountsAreSums() {
        var left = NamespaceCounts()
        var both = NamespaceCounts()
        var right = NamespaceCounts()
        for (place, counter) in NamespaceCounts.Counter.allCases.enumerated() {
            left[counter] = Int64(place)
            right[counter] = 100
            both[counter] = Int64(place + 100)
        }
        left.add(.miss(.absent, nanoseconds: 1000))
        right.add(.miss(.absent, nanoseconds: 2000))
        right.add(.bypass(.disabled, nanoseconds: 1))
        both.add(.miss(.absent, nanoseconds: 1000))
        both.add(.miss(.absent, nanoseconds: 2000))
        both.add(.bypass(.disabled, nanoseconds: 1))
        left.merge(right)
        #expect(left == both)
    }
}
