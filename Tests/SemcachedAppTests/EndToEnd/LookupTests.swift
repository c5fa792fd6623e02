import JSONScanning
import SemanticCacheTesting
import Testing

extension EndToEnd {
    @Suite struct LookupTests {
        @Test func whatOneReplicaStoredIsAHitOnTheOther() async throws {
            let redis = try await RedisServer.start()
            let first = try await Daemon.start(redis: redis.url)
            let second = try await Daemon.start(redis: redis.url)

            let miss = try await first.lookup("How do I reset my password?")
            #expect(miss.string("status") == "miss")
            #expect(miss.string("reason") == "absent")
            #expect(miss["lease"]?["state"]?.string == "granted")
            #expect(miss.header("cache-status") == "semcached; fwd=miss; detail=absent")
            let ticket = try #require(miss.string("ticket"))

            let stored = try await second.store(ticket: ticket, "Click forgot password.")
            #expect(stored.status == 201)
            #expect(stored.string("status") == "stored")
            #expect(stored["ttl"]?.int == 3600)

            let hit = try await second.lookup("How do I reset my password?", extra: #","user":"u-1","stream":false"#)
            #expect(hit.string("status") == "hit")
            #expect(hit.string("tier") == "exact")
            #expect(hit.string("entry_id") == stored.string("entry_id"))
            #expect(hit["coalesced"]?.bool == false)
            #expect(
                hit["response"].map { String(decoding: $0.rawBytes, as: UTF8.self) }
                    == chatResponse("Click forgot password.")
            )
            #expect(hit["saved"]?["prompt_tokens"]?.int == 100)
            #expect(hit["saved"]?["usd"]?.isNull == true)
            #expect(hit.header("x-semcached-tier") == "exact")
            #expect(hit.header("x-semcached-entry") == stored.string("entry_id"))
            #expect(hit.header("age") != nil)
        }

        @Test func namespacesNeverMeet() async throws {
            let redis = try await RedisServer.start()
            let daemon = try await Daemon.start(redis: redis.url)
            #expect(try await daemon.store("hi", "hello", namespace: "a").status == 201)
            #expect(try await daemon.lookup("hi", namespace: "b").string("status") == "miss")
            #expect(try await daemon.lookup("hi", namespace: "a").string("status") == "hit")
        }

        @Test func aTicketIsGoodForOneFill() async throws {
            let redis = try await RedisServer.start()
            let daemon = try await Daemon.start(redis: redis.url)
            let ticket = try #require(try await daemon.lookup("hi").string("ticket"))
            #expect(try await daemon.store(ticket: ticket, "one").status == 201)
            let again = try await daemon.store(ticket: ticket, "two")
            #expect(again.status == 200)
            #expect(again.string("reason") == "lease_lost")
            #expect(try await daemon.lookup("hi").text.contains("one"))
        }

        @Test func concurrentEqualMissesOnTwoReplicasAreFilledOnce() async throws {
            let redis = try await RedisServer.start()
            let replicas = [try await Daemon.start(redis: redis.url), try await Daemon.start(redis: redis.url)]
            let outcomes = try await withThrowingTaskGroup(of: String.self) { group in
                for number in 0..<40 {
                    group.addTask {
                        let replica = replicas[number % 2]
                        let answer = try await replica.lookup("the same", cache: #"{"wait_ms":30000}"#)
                        if answer.string("status") == "hit" {
                            return answer["coalesced"]?.bool == true ? "coalesced" : "exact"
                        }
                        let lease = answer["lease"]?["state"]?.string ?? answer.text
                        if lease == "granted", let ticket = answer.string("ticket") {
                            try await Task.sleep(for: .milliseconds(300))
                            _ = try await replica.store(ticket: ticket, "once")
                        }
                        return lease
                    }
                }
                return try await group.reduce(into: [String: Int]()) { $0[$1, default: 0] += 1 }
            }
            #expect(outcomes["granted"] == 1)
            #expect(outcomes["held"] == nil)
            #expect(outcomes["exact", default: 0] + outcomes["coalesced", default: 0] == 39)
        }
    }
}
