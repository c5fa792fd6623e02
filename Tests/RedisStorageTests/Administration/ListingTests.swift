import RedisStorage
import SemanticCache
import SemanticCacheTesting
import Testing

struct ListingTests {
    @Test func recordHasAllOfAnEntry() async throws {
        try await withRedisServer { server in
            try await Deployment.run(server) { deployment in
                let key = try Deployment.key(3)
                let answer = String(repeating: "A long answer, \u{1F34B}. ", count: 100)
                let fill = Deployment.fill(key, tags: ["docs", "v2"], answer: answer)
                try await deployment.store([fill])
                let entry = try #require(try await deployment.fetch(key))
                try await deployment.serve(entry, times: 3)
                try await deployment.serve(entry, times: 2)

                let record = try #require(try await deployment.administration.entry(key))
                #expect(record.hits == 5)
                #expect(record.request == fill.entry.request)
                #expect(record.entry.response == fill.entry.response)
                #expect(record.entry.tags == ["docs", "v2"])
                #expect(record.entry.usage == fill.entry.usage)
                #expect(record.entry.cost == fill.entry.cost)
                #expect(record.namespace == key.namespace)
                #expect(record.bytes > 0 && record.bytes < answer.utf8.count)
                let other = EntryKey(namespace: .default, fingerprint: key.fingerprint)
                #expect(try await deployment.administration.entry(other) == nil)
                #expect(try await deployment.administration.entry(Deployment.key(4)) == nil)
            }
        }
    }

    @Test func hitsOfAReplacedEntryAreNotItsSuccessors() async throws {
        try await withRedisServer { server in
            try await Deployment.run(server) { deployment in
                let key = try Deployment.key(3)
                try await deployment.store([Deployment.fill(key)])
                let old = try #require(try await deployment.fetch(key))
                try await deployment.store([Deployment.fill(key, answer: "{}")])
                try await deployment.serve(old, times: 4)
                #expect(try await deployment.administration.entry(key)?.hits == 0)
            }
        }
    }

    @Test(arguments: [1, 7, 250, 1000])
    func pagesHaveEveryEntryOnceAndNoMoreThanTheLimit(limit: Int) async throws {
        try await withRedisServer { server in
            try await Deployment.run(server) { deployment in
                let keys = try (0..<(limit == 1 ? 90 : 600)).map { try Deployment.key($0) }
                try await deployment.store(keys.map { Deployment.fill($0) })
                try await deployment.store([Deployment.fill(try Deployment.key(1, "faq"))])
                var found: [Fingerprint] = []
                var cursor: String?
                repeat {
                    let page = try await deployment.administration.entries(
                        EntryQuery(namespace: FlushTests.FlushCase.support, limit: limit, cursor: cursor)
                    )
                    #expect(page.records.count <= limit)
                    #expect(page.cursor == nil || page.records.count == limit)
                    #expect(page.records.allSatisfy { $0.request.isEmpty && $0.entry.response.isEmpty })
                    found += page.records.map(\.entry.id)
                    cursor = page.cursor
                } while cursor != nil
                #expect(found.count == keys.count)
                #expect(Set(found) == Set(keys.map(\.fingerprint)))
            }
        }
    }

    @Test func filtersHoldAndPagesAreFull() async throws {
        try await withRedisServer { server in
            try await Deployment.run(server) { deployment in
                let fills = try (0..<500).map { number in
                    Deployment.fill(
                        try Deployment.key(number),
                        model: number % 10 == 0 ? "rare" : "gpt-4o",
                        tags: number % 20 == 0 ? ["x", "docs"] : ["docs"]
                    )
                }
                try await deployment.store(fills)
                let namespace = FlushTests.FlushCase.support
                let administration = deployment.administration
                let rare = try await administration.entries(EntryQuery(namespace: namespace, model: "rare", limit: 50))
                #expect(rare.records.count == 50)
                let tagged = try await administration.entries(
                    EntryQuery(namespace: namespace, model: "rare", tag: "x", limit: 1000)
                )
                #expect(tagged.records.count == 25)
                #expect(tagged.cursor == nil)
                let first = try await administration.entries(EntryQuery(namespace: namespace, tag: "x", limit: 10))
                let rest = try await administration.entries(
                    EntryQuery(namespace: namespace, tag: "x", limit: 1000, cursor: first.cursor)
                )
                #expect(first.records.count == 10 && rest.records.count == 15)
                #expect(Set((first.records + rest.records).map(\.entry.id)).count == 25)
            }
        }
    }

    @Test func listingGoesOnWhereTheLastEntryWasRemoved() async throws {
        try await withRedisServer { server in
            try await Deployment.run(server) { deployment in
                let keys = try (0..<60).map { try Deployment.key($0 * 256 + 9) }
                try await deployment.store(keys.map { Deployment.fill($0) })
                let namespace = FlushTests.FlushCase.support
                let first = try await deployment.administration.entries(EntryQuery(namespace: namespace, limit: 20))
                let last = try #require(first.records.last)
                let key = EntryKey(namespace: namespace, fingerprint: last.entry.id)
                #expect(try await deployment.administration.remove(key))
                let rest = try await deployment.administration.entries(
                    EntryQuery(namespace: namespace, limit: 1000, cursor: first.cursor)
                )
                let all = Set((first.records + rest.records).map(\.entry.id))
                #expect(all == Set(keys.map(\.fingerprint)))
            }
        }
    }

    @Test(arguments: ["", "x", "64-1-" + String(repeating: "0", count: 64), "1-2-3", "1--", "-1-5-aa", "a-b-c-d"])
    func foreignCursorIsInvalid(_ cursor: String) async throws {
        try await withRedisServer { server in
            try await Deployment.run(server) { deployment in
                await #expect(throws: AdministrationError.invalidCursor) {
                    try await deployment.administration.entries(EntryQuery(namespace: .default, cursor: cursor))
                }
            }
        }
    }

    @Test func expiredAndEvictedEntriesAreNotListed() async throws {
        try await withRedisServer { server in
            try await Deployment.run(server) { deployment in
                let namespace = FlushTests.FlushCase.support
                let (brief, evicted, kept) = (try Deployment.key(1), try Deployment.key(2), try Deployment.key(3))
                try await deployment.store([
                    Deployment.fill(brief, seconds: 1), Deployment.fill(evicted), Deployment.fill(kept),
                ])
                for name in try await deployment.client.entryNames()
                where name.suffix(32) == evicted.fingerprint.bytes[...] {
                    try await deployment.client.evict(name)
                }
                try await eventually("the brief entry has expired") { try await deployment.fetch(brief) == nil }
                let page = try await deployment.administration.entries(EntryQuery(namespace: namespace))
                #expect(page.records.map(\.entry.id) == [kept.fingerprint])
            }
        }
    }
}
