import JSONScanning
import SemanticCacheTesting
import Testing

extension EndToEnd {
    @Suite struct CacheControlTests {
        @Test func noCacheIsAMissWhoseFillReplacesTheEntry() async throws {
            let redis = try await RedisServer.start()
            let daemon = try await Daemon.start(redis: redis.url)
            #expect(try await daemon.store("What is new?", "the old answer").outcome == "stored")
            let miss = try await daemon.lookup("What is new?", cache: #"{"no-cache":true}"#)
            #expect(miss.outcome == "miss no_cache")
            #expect(miss.lease == "granted")
            #expect(miss.header("cache-status") == "semcached; fwd=request; detail=no-cache")
            #expect(try await daemon.lookup("What is new?").response.contains("the old answer"))

            let ticket = try #require(miss.string("ticket"))
            #expect(try await daemon.store(ticket: ticket, "the new answer").outcome == "stored")
            #expect(try await daemon.lookup("What is new?").response.contains("the new answer"))
        }

        @Test func noStoreGivesATicketThatStoresNothing() async throws {
            let redis = try await RedisServer.start()
            let daemon = try await Daemon.start(redis: redis.url)
            let miss = try await daemon.lookup("Keep this to yourself", cache: #"{"no-store":true}"#)
            #expect(miss.outcome == "miss absent")
            #expect(miss.lease == "none")
            let ticket = try #require(miss.string("ticket"))
            let refused = try await daemon.store(ticket: ticket, "a private answer")
            #expect(refused.status == 200)
            #expect(refused.outcome == "refused no_store")
            #expect(try await daemon.lookup("Keep this to yourself").outcome == "miss absent")
        }

        @Test func noStoreStillServesWhatIsThere() async throws {
            let redis = try await RedisServer.start()
            let daemon = try await Daemon.start(redis: redis.url)
            #expect(try await daemon.store("What is known?", "this is known").outcome == "stored")
            #expect(try await daemon.lookup("What is known?", cache: #"{"no-store":true}"#).outcome == "hit")
        }

        @Test(arguments: [("", 400), (#""ttl":60"#, 60), (#""ttl":1"#, 1), (#""ttl":500"#, 500), (#""ttl":501"#, 500)])
        func theAnswerSaysTheTimeToLiveThatWasApplied(_ asked: String, _ applied: Int) async throws {
            let redis = try await RedisServer.start()
            let daemon = try await Daemon.start(redis: redis.url, settings: "ttl: { default: 400, maximum: 500 }")
            let ticket = try await daemon.ticket("How long?", cache: "{\(asked)}")
            #expect(try await daemon.store(ticket: ticket, "that long")["ttl"]?.int == applied)
            let direct = try await daemon.store("How long now?", "so long", extra: asked.isEmpty ? "" : ",\(asked)")
            #expect(direct["ttl"]?.int == applied)
            if applied > 1 {
                let left = try #require(try await daemon.lookup("How long?")["ttl"]?.int)
                #expect(1...applied ~= left)
            }
        }

        @Test func anEntryIsServedNoLongerThanItLives() async throws {
            let redis = try await RedisServer.start()
            let daemon = try await Daemon.start(redis: redis.url)
            #expect(try await daemon.store("For how long?", "a moment", extra: #","ttl":1"#)["ttl"]?.int == 1)
            #expect(await eventually { try await daemon.lookup("For how long?").outcome == "miss absent" })
        }

        @Test func aNamespaceHasItsOwnMaximum() async throws {
            let redis = try await RedisServer.start()
            let daemon = try await Daemon.start(
                redis: redis.url,
                settings: "namespaces: { news: { ttl: { maximum: 30 } } }"
            )
            #expect(try await daemon.store("What is it?", "it is this", namespace: "news")["ttl"]?.int == 30)
            #expect(try await daemon.store("What is it?", "it is this")["ttl"]?.int == 3600)
        }

        @Test func anOlderEntryThanIsAcceptedIsTooOldAndReplaced() async throws {
            let redis = try await RedisServer.start()
            let daemon = try await Daemon.start(redis: redis.url)
            #expect(try await daemon.store("How old?", "an aging answer").outcome == "stored")
            let aged = await eventually { try await daemon.lookup("How old?")["age"]?.int ?? 0 >= 1 }
            #expect(aged)
            #expect(try await daemon.lookup("How old?", cache: #"{"s-maxage":600}"#).outcome == "hit")
            let stale = try await daemon.lookup("How old?", cache: #"{"s-maxage":0}"#)
            #expect(stale.outcome == "miss too_old")
            #expect(stale.header("cache-status") == "semcached; fwd=stale; detail=too-old")
            let ticket = try #require(stale.string("ticket"))
            #expect(try await daemon.store(ticket: ticket, "a young answer").outcome == "stored")
            #expect(try await daemon.lookup("How old?").response.contains("a young answer"))
        }

        @Test func aCallerThatWantsNoLeaseTakesNone() async throws {
            let redis = try await RedisServer.start()
            let daemon = try await Daemon.start(redis: redis.url)
            let first = try await daemon.lookup("Who fills?", cache: #"{"lease":false}"#)
            #expect(first.lease == "none")
            #expect(try await daemon.lookup("Who fills?").lease == "granted")
            #expect(try await daemon.lookup("Who fills?").lease == "held")
            let ticket = try #require(first.string("ticket"))
            #expect(try await daemon.store(ticket: ticket, "the first to come").outcome == "stored")
        }

        @Test(arguments: [#""min_similarity":0.95"#, #""semantic":false"#, #""tags":["docs:v2"]"#, #""wait_ms":0"#])
        func whatTheExactTierHasNoUseForIsTaken(_ member: String) async throws {
            let redis = try await RedisServer.start()
            let daemon = try await Daemon.start(redis: redis.url)
            #expect(try await daemon.lookup("Anything goes?", cache: "{\(member)}").outcome == "miss absent")
        }

        @Test func theStatusHeadersOfAHit() async throws {
            let redis = try await RedisServer.start()
            let daemon = try await Daemon.start(redis: redis.url)
            #expect(try await daemon.store("What headers?", "these headers").outcome == "stored")
            let hit = try await daemon.lookup("What headers?", headers: ["x-request-id": "request-77"])
            let ttl = try #require(hit["ttl"]?.int)
            #expect(hit.header("cache-status") == "semcached; hit; ttl=\(ttl); detail=exact")
            #expect(hit.header("age") == "\(try #require(hit["age"]?.int))")
            #expect(hit.header("x-request-id") == "request-77")
            #expect(hit.header("content-type") == "application/json")
            let made = try await daemon.lookup("What headers?").header("x-request-id")
            #expect(made?.isEmpty == false)
        }
    }
}
