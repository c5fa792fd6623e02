import RedisStorage
import SemanticCache
import SemanticCacheTesting
import Testing

struct FlushTests {
    private let support = Namespace("support")

    @Test func namespaceFlushCoversThatNamespaceOnly() async throws {
        try await withRedisServer { server in
            try await Deployment.run(server) { deployment in
                let keys = try (0..<200).map { try Deployment.key($0) }
                let others = try (0..<30).map { try Deployment.key($0, "faq") }
                try await deployment.store((keys + others).map { Deployment.fill($0) })
                // The near cache holds them now.
                for key in keys + others { #expect(try await deployment.fetch(key) != nil) }

                let selector = FlushSelector.namespace(try #require(support), model: nil, tags: [])
                #expect(try await deployment.administration.flush(selector, isDryRun: true) == 200)
                #expect(try await deployment.fetch(keys[0]) != nil)
                #expect(try await deployment.administration.flush(selector, isDryRun: false) == 200)
                for key in keys { #expect(try await deployment.fetch(key) == nil) }
                for key in others { #expect(try await deployment.fetch(key) != nil) }
                #expect(try await deployment.administration.flush(selector, isDryRun: false) == 0)

                try await deployment.store([Deployment.fill(keys[7])])
                #expect(try await deployment.fetch(keys[7]) != nil)
                #expect(try await deployment.administration.flush(selector, isDryRun: true) == 1)
            }
        }
    }

    @Test func flushOfAllCoversEveryNamespace() async throws {
        try await withRedisServer { server in
            try await Deployment.run(server) { deployment in
                let keys = try ["support", "faq", "default"].flatMap { namespace in
                    try (0..<70).map { try Deployment.key($0, namespace) }
                }
                try await deployment.store(keys.map { Deployment.fill($0) })
                #expect(try await deployment.administration.flush(.all, isDryRun: true) == 210)
                #expect(try await deployment.administration.flush(.all, isDryRun: false) == 210)
                for key in keys { #expect(try await deployment.fetch(key) == nil) }
            }
        }
    }

    @Test(arguments: [
        (String?.none, ["docs"], 20), ("gpt-4o", [], 15), ("gpt-4o", ["docs", "v2"], 4), ("gpt-5", [], 0),
        (nil, ["v3"], 0),
    ])
    func selectiveFlushCoversWhatMatchesAllOfIt(model: String?, tags: [String], count: Int) async throws {
        try await withRedisServer { server in
            try await Deployment.run(server) { deployment in
                let fills = try (0..<40).map { number in
                    Deployment.fill(
                        try Deployment.key(number),
                        model: number < 15 ? "gpt-4o" : "mini",
                        tags: number % 2 == 0 ? number % 4 == 0 && number < 20 ? ["docs", "v2"] : ["v1", "docs"] : []
                    )
                }
                let matching = fills.filter { fill in
                    (model == nil || fill.entry.model == model) && tags.allSatisfy(fill.entry.tags.contains)
                }
                #expect(matching.count == count)
                try await deployment.store(fills)
                let selector = FlushSelector.namespace(try #require(support), model: model, tags: tags)
                #expect(try await deployment.administration.flush(selector, isDryRun: true) == matching.count)
                #expect(try await deployment.administration.flush(selector, isDryRun: false) == matching.count)
                for fill in fills {
                    let isFlushed = matching.contains { $0.entry.key == fill.entry.key }
                    #expect(try await (deployment.fetch(fill.entry.key) == nil) == isFlushed)
                }
            }
        }
    }

    @Test func selectiveFlushOfManyEntriesInOneBucketFindsThemAll() async throws {
        try await withRedisServer { server in
            try await Deployment.run(server) { deployment in
                // All in bucket 5, more than two pages, many with the same expiry.
                let fills = try (0..<900).map { number in
                    Deployment.fill(try Deployment.key(number * 256 + 5), model: number % 3 == 0 ? "a" : "b")
                }
                try await deployment.store(fills)
                let selector = FlushSelector.namespace(try #require(support), model: "b", tags: [])
                #expect(try await deployment.administration.flush(selector, isDryRun: false) == 600)
                #expect(try await deployment.administration.flush(selector, isDryRun: true) == 0)
                let all = FlushSelector.namespace(try #require(support), model: nil, tags: [])
                #expect(try await deployment.administration.flush(all, isDryRun: true) == 300)
            }
        }
    }

    @Test(arguments: [FlushCase.namespace, .all, .model, .tags])
    func fillFromBeforeItsFlushIsRefused(_ flush: FlushCase) async throws {
        try await withRedisServer { server in
            try await Deployment.run(server) { deployment in
                let key = try Deployment.key(1)
                let claim = try await deployment.claim(key)
                _ = try await deployment.administration.flush(flush.selector, isDryRun: true)
                _ = try await deployment.administration.flush(flush.selector, isDryRun: false)
                let fill = Deployment.fill(key, model: "gpt-4o", tags: ["docs"], claim: claim)
                #expect(try await deployment.commit(fill) == .flushed)
                #expect(try await deployment.fetch(key) == nil)

                // Its lease was given up, and a ticket from after the flush is good.
                let next = try await deployment.claim(key)
                #expect(next.heldLease)
                let later = Deployment.fill(key, model: "gpt-4o", tags: ["docs"], claim: next)
                #expect(try await deployment.commit(later) == .stored(timeToLive: 3600))
            }
        }
    }

    @Test(arguments: [
        FlushSelector.namespace(.default, model: nil, tags: []),
        .namespace(FlushCase.support, model: "mini", tags: []),
        .namespace(FlushCase.support, model: nil, tags: ["docs", "v2"]),
        .namespace(FlushCase.support, model: "gpt-4o", tags: ["v2"]),
    ])
    func fillThatNoFlushCoversIsStored(_ selector: FlushSelector) async throws {
        try await withRedisServer { server in
            try await Deployment.run(server) { deployment in
                let key = try Deployment.key(1)
                let claim = try await deployment.claim(key)
                _ = try await deployment.administration.flush(selector, isDryRun: false)
                let fill = Deployment.fill(key, model: "gpt-4o", tags: ["docs"], claim: claim)
                #expect(try await deployment.commit(fill) == .stored(timeToLive: 3600))
            }
        }
    }

    @Test func fillFromBeforeMoreFlushesThanAreRememberedIsRefused() async throws {
        try await withRedisServer { server in
            try await Deployment.run(server) { deployment in
                let (first, second) = (try Deployment.key(1), try Deployment.key(65))
                let old = try await deployment.claim(first)
                let selector = FlushSelector.namespace(FlushCase.support, model: "other", tags: [])
                for _ in 0..<2 { _ = try await deployment.administration.flush(selector, isDryRun: false) }
                let newer = try await deployment.claim(second)
                for _ in 0..<63 { _ = try await deployment.administration.flush(selector, isDryRun: false) }
                #expect(try await deployment.commit(Deployment.fill(first, claim: old)) == .flushed)
                #expect(try await deployment.commit(Deployment.fill(second, claim: newer)) == .stored(timeToLive: 3600))
            }
        }
    }

    @Test func expiredEntriesAreNotCounted() async throws {
        try await withRedisServer { server in
            try await Deployment.run(server) { deployment in
                let brief = try (0..<10).map { try Deployment.key($0) }
                let lasting = try (10..<15).map { try Deployment.key($0) }
                try await deployment.store(brief.map { Deployment.fill($0, seconds: 1) })
                try await deployment.store(lasting.map { Deployment.fill($0) })
                let selector = FlushSelector.namespace(FlushCase.support, model: nil, tags: [])
                try await eventually("the brief entries are not counted any more") {
                    try await deployment.administration.flush(selector, isDryRun: true) == 5
                }
                #expect(try await deployment.administration.flush(selector, isDryRun: false) == 5)
            }
        }
    }

    @Test func flushWorksWhileRedisIsFull() async throws {
        try await withRedisServer { server in
            try await Deployment.run(server) { deployment in
                let keys = try (0..<50).map { try Deployment.key($0) }
                try await deployment.store(keys.map { Deployment.fill($0, tags: ["docs"]) })
                let claim = try await deployment.claim(keys[9])
                try server.command("CONFIG", "SET", "maxmemory-policy", "noeviction")
                try server.command("CONFIG", "SET", "maxmemory", "1")
                #expect(try await deployment.commit(Deployment.fill(keys[9])) == .unavailable(.redisFull))

                #expect(try await deployment.administration.remove(keys[0]))
                let byTag = FlushSelector.namespace(FlushCase.support, model: nil, tags: ["docs"])
                #expect(try await deployment.administration.flush(byTag, isDryRun: false) == 49)
                let whole = FlushSelector.namespace(FlushCase.support, model: nil, tags: [])
                #expect(try await deployment.administration.flush(whole, isDryRun: false) == 0)
                try server.command("CONFIG", "SET", "maxmemory", "0")
                #expect(try await deployment.commit(Deployment.fill(keys[9], claim: claim)) == .flushed)
            }
        }
    }

    @Test func flushWithoutRedisSaysSo() async throws {
        try await withRedisServer { server in
            try await Deployment.run(server) { deployment in
                server.kill()
                await #expect(throws: AdministrationError.redisUnavailable) {
                    try await deployment.administration.flush(.all, isDryRun: false)
                }
            }
        }
    }

    enum FlushCase: Sendable, CaseIterable {
        case namespace, all, model, tags

        static var support: Namespace { Namespace("support") ?? .default }

        var selector: FlushSelector {
            switch self {
            case .namespace: .namespace(Self.support, model: nil, tags: [])
            case .all: .all
            case .model: .namespace(Self.support, model: "gpt-4o", tags: [])
            case .tags: .namespace(Self.support, model: nil, tags: ["docs"])
            }
        }
    }
}
