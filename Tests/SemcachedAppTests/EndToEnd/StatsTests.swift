import Glibc
import JSONScanning
import SemanticCacheTesting
import Testing

extension EndToEnd {
    @Suite struct StatsTests {
        private static let settings = "prices: { gpt-4o: { prompt: 2.50, completion: 10.00 } }"

        /// Waits until `lookups` lookups are counted, and gives the figures.
        private static func figures(_ daemon: Daemon, _ query: String = "", lookups: Int) async throws -> Answer {
            let counted = await eventually { try await daemon.get("/v1/stats\(query)")["lookups"]?.int == lookups }
            let answer = try await daemon.get("/v1/stats\(query)")
            #expect(counted, "\(answer.text)")
            return answer
        }

        @Test func nothingIsKnownBeforeTheFirstLookup() async throws {
            let redis = try await RedisServer.start()
            let daemon = try await Daemon.start(redis: redis.url)
            let stats = try await daemon.get("/v1/stats")
            #expect(stats.status == 200)
            #expect(stats.string("window") == "1h")
            #expect(stats["namespace"]?.isNull == true)
            #expect(stats["lookups"]?.int == 0)
            #expect(stats["hit_ratio"]?.isNull == true)
            #expect(stats["entries"]?.int == 0)
        }

        @Test func theFiguresOfAllReplicasTogetherAreExact() async throws {
            let redis = try await RedisServer.start()
            let replicas = [
                try await Daemon.start(redis: redis.url, settings: StatsTests.settings),
                try await Daemon.start(redis: redis.url, settings: StatsTests.settings),
            ]
            for number in 0..<10 {
                let replica = replicas[number % 2]
                let ticket = try await replica.ticket("question \(number)", namespace: "a")
                #expect(try await replica.store(ticket: ticket, "answer \(number)").outcome == "stored")
            }
            for number in 0..<30 {
                #expect(
                    try await replicas[number % 2].lookup("question \(number % 10)", namespace: "a").outcome == "hit"
                )
            }
            for number in 0..<5 { _ = try await replicas[0].lookup("unknown \(number)", namespace: "b") }
            _ = try await replicas[1].lookup("question 0", namespace: "a", cache: #"{"no-cache":true}"#)
            let short = #"{"request":\#(chatRequest("cut off")),"response":\#(chatResponse("half", finish: "length"))}"#
            #expect(try await replicas[1].post("/v1/store", short).outcome == "refused truncated")

            let stats = try await StatsTests.figures(replicas[0], lookups: 46)
            #expect(stats["hits"]?["total"]?.int == 30)
            #expect(stats["hits"]?["exact"]?.int == 30)
            #expect(stats["hits"]?["semantic"]?.int == 0)
            #expect(stats["hits"]?["coalesced"]?.int == 0)
            #expect(stats["misses"]?.int == 16)
            #expect(stats["misses_by_reason"]?["absent"]?.int == 15)
            #expect(stats["misses_by_reason"]?["no_cache"]?.int == 1)
            #expect(stats["bypasses"]?.int == 0)
            #expect(stats["stores"]?.int == 10)
            #expect(await eventually { try await replicas[0].get("/v1/stats")["refused"]?["truncated"]?.int == 1 })
            let ratio = try #require(stats["hit_ratio"]?.double)
            #expect(abs(ratio - 30.0 / 46.0) < 1e-9)
            #expect(stats["saved"]?["requests"]?.int == 30)
            #expect(stats["saved"]?["prompt_tokens"]?.int == 3000)
            #expect(stats["saved"]?["completion_tokens"]?.int == 600)
            let dollars = try #require(stats["saved"]?["usd"]?.double)
            #expect(abs(dollars - 0.0135) < 1e-9)
            #expect(stats["entries"]?.int == 10)
            #expect(stats["bytes"]?.int ?? 0 > 0)

            let namespaces = try #require(stats["namespaces"])
            #expect(namespaces["a"]?["lookups"]?.int == 41)
            #expect(namespaces["a"]?["hits"]?["total"]?.int == 30)
            #expect(namespaces["b"]?["lookups"]?.int == 5)
            #expect(namespaces["b"]?["misses"]?.int == 5)
            let series = stats["series"]?.elements ?? []
            #expect(series.reduce(0) { $0 + ($1["lookups"]?.int ?? 0) } == 46)
            #expect(series.reduce(0) { $0 + ($1["exact"]?.int ?? 0) } == 30)
            #expect(series.reduce(0) { $0 + ($1["misses"]?.int ?? 0) } == 16)
            for name in ["p50", "p95", "p99"] {
                let latency = stats["latency_ms"]
                func value(_ kind: JSONValue?) -> Double? {
                    switch name {
                    case "p50": kind?["p50"]?.double
                    case "p95": kind?["p95"]?.double
                    default: kind?["p99"]?.double
                    }
                }
                #expect(value(latency?["lookup_exact"]) ?? 0 > 0, "\(name)")
                #expect(value(latency?["lookup_miss"]) ?? 0 > 0, "\(name)")
            }
            let known = await eventually { try await replicas[1].get("/v1/stats")["replicas"]?.elements.count == 2 }
            #expect(known)
            #expect(stats["replicas"]?.elements.allSatisfy { $0["redis"]?.string == "up" } == true)
        }

        @Test(arguments: ["5m", "1h", "24h", "7d", "all"])
        func everyWindowHasTheSameFiguresOfThisMinute(_ window: String) async throws {
            let redis = try await RedisServer.start()
            let daemon = try await Daemon.start(redis: redis.url)
            _ = try await daemon.store("Since when?", "Since now.", namespace: "a")
            for _ in 0..<3 { _ = try await daemon.lookup("Since when?", namespace: "a") }
            _ = try await daemon.lookup("Since when?", namespace: "b")
            let all = try await StatsTests.figures(daemon, "?window=\(window)", lookups: 4)
            #expect(all.string("window") == window)
            #expect(all["hits"]?["exact"]?.int == 3)
            // The window without a beginning has no series.
            let series = all["series"]?.elements ?? []
            #expect(series.reduce(0) { $0 + ($1["lookups"]?.int ?? 0) } == (window == "all" ? 0 : 4))
            let one = try await StatsTests.figures(daemon, "?window=\(window)&namespace=a", lookups: 3)
            #expect(one.string("namespace") == "a")
            #expect(one["hits"]?["total"]?.int == 3)
            #expect(one["misses"]?.int == 0)
            #expect(one["hit_ratio"]?.double == 1)
            #expect(one["entries"]?.int == 1)
        }

        @Test func coalescedHitsAreAPartOfNoneOfTheOthers() async throws {
            let redis = try await RedisServer.start()
            let daemon = try await Daemon.start(redis: redis.url)
            let ticket = try await daemon.ticket("What do all ask?")
            let coalesced = try await withThrowingTaskGroup(of: Bool.self) { group in
                for _ in 0..<8 {
                    group.addTask {
                        let hit = try await daemon.lookup("What do all ask?", cache: #"{"wait_ms":60000}"#)
                        #expect(hit.outcome == "hit")
                        return hit["coalesced"]?.bool == true
                    }
                }
                try await Task.sleep(for: .milliseconds(200))
                #expect(try await daemon.store(ticket: ticket, "The one answer.").outcome == "stored")
                return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            let stats = try await StatsTests.figures(daemon, lookups: 9)
            #expect(stats["hits"]?["total"]?.int == 8)
            #expect(stats["hits"]?["coalesced"]?.int == coalesced)
            #expect(stats["hits"]?["exact"]?.int == 8 - coalesced)
        }

        @Test func flushesAreCounted() async throws {
            let redis = try await RedisServer.start()
            let daemon = try await Daemon.start(redis: redis.url)
            for number in 0..<4 { _ = try await daemon.store("question \(number)", "answer", namespace: "a") }
            #expect(await eventually { try await daemon.get("/v1/stats?namespace=a")["entries"]?.int == 4 })
            _ = try await daemon.post("/v1/flush", #"{"namespace":"a","dry_run":true}"#)
            _ = try await daemon.post("/v1/flush", #"{"namespace":"a"}"#)
            #expect(await eventually { try await daemon.get("/v1/stats?namespace=a")["flushed"]?.int == 4 })
            #expect(await eventually { try await daemon.get("/v1/stats?namespace=a")["entries"]?.int == 0 })
        }

        @Test func replicasThatAreStoppedPolitelyLoseNoCount() async throws {
            let redis = try await RedisServer.start()
            let replicas = [try await Daemon.start(redis: redis.url), try await Daemon.start(redis: redis.url)]
            let stored = try await replicas[0].store("How many?", "Every one.")
            let id = try #require(stored.string("entry_id"))
            try await withThrowingTaskGroup(of: Void.self) { group in
                for worker in 0..<10 {
                    group.addTask {
                        for _ in 0..<50 {
                            let hit = try await replicas[worker % 2].lookup("How many?")
                            #expect(hit.outcome == "hit")
                        }
                    }
                }
                try await group.waitForAll()
            }
            for replica in replicas { replica.signal(SIGTERM) }
            for replica in replicas { #expect(await replica.waitForExit() == 0) }

            let next = try await Daemon.start(redis: redis.url)
            let stats = try await next.get("/v1/stats")
            #expect(stats["lookups"]?.int == 500)
            #expect(stats["hits"]?["exact"]?.int == 500)
            #expect(stats["stores"]?.int == 1)
            #expect(try await next.get("/v1/entries/\(id)")["hits"]?.int == 500)
        }

        @Test func statsWithoutRedisAreUnavailable() async throws {
            let redis = try await RedisServer.start()
            let daemon = try await Daemon.start(redis: redis.url)
            redis.kill()
            #expect(try await daemon.get("/v1/stats").problem == "503 redis_unavailable")
        }

        @Test func theMetricsCountThisProcess() async throws {
            let redis = try await RedisServer.start()
            let daemon = try await Daemon.start(redis: redis.url)
            _ = try await daemon.store("How many?", "Every one.", namespace: "a")
            for _ in 0..<3 { _ = try await daemon.lookup("How many?", namespace: "a") }
            _ = try await daemon.lookup("How few?", namespace: "a")
            let metrics = try await daemon.get("/metrics")
            #expect(metrics.header("content-type")?.hasPrefix("text/plain") == true)
            let lines = metrics.text.split(separator: "\n")
            func value(_ name: String, _ labels: String...) -> Double? {
                let line = lines.first { line in line.hasPrefix(name) && labels.allSatisfy { line.contains($0) } }
                return line?.split(separator: " ").last.flatMap { Double($0) }
            }
            let hits = value("semcached_lookups_total{", #"namespace="a""#, #"outcome="hit_exact""#)
            let misses = value("semcached_lookups_total{", #"namespace="a""#, #"outcome="miss_absent""#)
            #expect(hits == 3, "\(lines.filter { $0.hasPrefix("semcached_lookups_total") })")
            #expect(misses == 1, "\(lines.filter { $0.hasPrefix("semcached_lookups_total") })")
            #expect(value("semcached_redis_up") == 1)
            #expect(value("semcached_stores_total") != nil)
            #expect(lines.contains { $0.hasPrefix("semcached_lookup_duration_seconds_bucket") })
        }
    }
}
