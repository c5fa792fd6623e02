import JSONScanning
import NIOHTTP1
import SemanticCacheTesting
import Testing

extension Outages {
    /// Redis answers, but not as wished.
    @Suite struct RefusingRedis {
        @Test func fullRedisServesWhatItHasAndSaysThatItIsFull() async throws {
            let redis = try await RedisServer.start(options: ["--maxmemory-policy", "noeviction"])
            let replica = try await ReplicaProcess.start(redis: redis.url)
            #expect(try await replica.store("known", "an answer").status == 201)
            let ticket = try #require(try await replica.lookup("asked before").string("ticket"))
            try redis.command("CONFIG", "SET", "maxmemory", "200kb")

            let store = try await replica.store("unknown", "an answer")
            #expect(store.status == 503)
            #expect(store.string("code") == "redis_full")
            #expect(store.header("retry-after") != nil)
            try await eventually("what is there is a hit") {
                try await replica.lookup("known").string("status") == "hit"
            }
            // One that starts now serves as well.
            let second = try await ReplicaProcess.start(redis: redis.url)
            try await eventually("what is there is a hit") {
                try await second.lookup("known").string("status") == "hit"
            }
            try await eventually("the rest is a miss") { try await second.lookup("unknown").string("status") == "miss" }
            #expect(try await replica.store(ticket: ticket, "later").string("code") == "redis_full")
            // A ticket from meanwhile, for a bucket that holds nothing of the namespace, is told the same.
            for number in 0..<4 {
                let late = try #require(try await replica.lookup("asked meanwhile \(number)").string("ticket"))
                #expect(try await replica.store(ticket: late, "an answer").string("code") == "redis_full")
            }

            try redis.command("CONFIG", "SET", "maxmemory", "0")
            let recovery = try await duration {
                try await eventually("there is room") { try await replica.store(ticket: ticket, "later").status == 201 }
            }
            report("Redis full: stored after", recovery)
            // Counts of meanwhile were kept.
            try await eventually("the stores are counted") { try await replica.stats()["stores"]?.int == 2 }
            try await eventually("the hits are counted") { try await replica.stats()["hits"]?["total"]?.int == 2 }
        }

        @Test func readOnlyRedisServesWhatItHas() async throws {
            let redis = try await RedisServer.start()
            let replica = try await ReplicaProcess.start(redis: redis.url)
            #expect(try await replica.store("known", "an answer").status == 201)
            try redis.command("REPLICAOF", "127.0.0.1", "\(try RedisServer.freePort())")
            try await eventually("what is there is a hit") {
                try await replica.lookup("known").string("status") == "hit"
            }
            #expect(try await replica.lookup("unknown").string("status") == "bypass")
            let store = try await replica.store("unknown", "an answer")
            #expect(store.status == 503)
            #expect(store.string("code") == "redis_unavailable")
            let second = try await ReplicaProcess.start(redis: redis.url)
            try await eventually("what is there is a hit") {
                try await second.lookup("known").string("status") == "hit"
            }

            // A replica may also refuse to be read from while its master is away.
            try redis.command("CONFIG", "SET", "replica-serve-stale-data", "no")
            #expect(try await replica.lookup("known").string("status") == "bypass")
            try redis.command("REPLICAOF", "NO", "ONE")
            let recovery = try await duration {
                try await eventually("it stores again") {
                    try await replica.store("unknown", "an answer").status == 201
                }
            }
            report("Redis read-only: stored after", recovery)
            for replica in [replica, second] {
                try await eventually("it serves again") {
                    try await replica.lookup("unknown").string("status") == "hit"
                }
            }
        }

        @Test func loadingRedisIsBypassedUntilItHasLoaded() async throws {
            let redis = try await RedisServer.start(persistence: true)
            let replica = try await ReplicaProcess.start(redis: redis.url)
            #expect(try await replica.store("known", "an answer").status == 201)
            try redis.command("EVAL", "for i = 1, 8000 do redis.call('SET', 'other:' .. i, 'x') end", "0")
            redis.kill()
            // Half a millisecond for each key.
            try redis.launch(further: ["--key-load-delay", "500"])
            var isLoading = false
            var bypasses = 0
            try await eventually("it serves again") {
                let isLoadingNow = try await replica.send(.GET, "/readyz").text.contains("LOADING")
                isLoading = isLoading || isLoadingNow
                let answer = try await replica.lookup("known")
                if answer.string("status") == "bypass" { bypasses += 1 }
                if answer.string("status") == "miss" { Issue.record("an acknowledged answer is gone") }
                return answer.string("status") == "hit"
            }
            #expect(isLoading)
            #expect(bypasses > 0)
        }

        @Test func wrongPasswordIsBypassedUntilItIsTheRightOne() async throws {
            let redis = try await RedisServer.start(password: "the-old-one")
            let url = "redis://:the-new-one@127.0.0.1:\(redis.port)/0"
            let replica = try await ReplicaProcess.start(redis: url, waitsUntilReady: false)
            #expect(try await replica.lookup("hi").string("reason") == "redis_unavailable")
            try await eventually("it says what is wrong") {
                let answer = try await replica.send(.GET, "/readyz")
                return answer.status == 503 && answer.text.contains("authentication failed")
            }
            try redis.command("CONFIG", "SET", "requirepass", "the-new-one")
            let recovery = try await duration {
                try await eventually("lookups are served") { try await replica.lookup("hi").string("status") == "miss" }
            }
            report("Redis password right: recovered after", recovery)
            try await eventually("it is ready") { try await replica.isReady }
            #expect(!replica.log.contains("the-new-one"))
        }
    }
}
