import JSONScanning
import SemanticCacheTesting
import Testing

extension EndToEnd {
    @Suite struct LeaseTests {
        /// Two replicas that share a Redis.
        private struct Pair {
            let redis: RedisServer
            let first: Daemon
            let second: Daemon

            init(settings: String) async throws {
                redis = try await RedisServer.start()
                first = try await Daemon.start(redis: redis.url, settings: settings)
                second = try await Daemon.start(redis: redis.url, settings: settings)
                // Both know the deployment's key from here on.
                _ = try await second.ticket("Is the second up?")
            }

            /// A lookup at the second replica, begun and known to wait.
            func waiter(_ question: String, milliseconds: Int = 60_000) async throws -> Task<Answer, any Error> {
                let second = self.second
                let task = Task {
                    try await second.lookup(question, cache: #"{"wait_ms":\#(milliseconds)}"#)
                }
                // Redis keeps a mark of an entry that somebody waits for.
                let waits = await eventually {
                    try redis.command("KEYS", "semcached:{*}:q:*").elements?.isEmpty == false
                }
                #expect(waits)
                return task
            }
        }

        private static let long = "lease: { seconds: 300, ticket_seconds: 900 }"

        @Test func whoComesSecondIsToldThatItIsHeld() async throws {
            let pair = try await Pair(settings: LeaseTests.long)
            let first = try await pair.first.lookup("Who fills this?")
            #expect(first.lease == "granted")
            #expect(first["lease"]?["expires_in_ms"]?.int == 300_000)
            let second = try await pair.second.lookup("Who fills this?")
            #expect(second.outcome == "miss absent")
            #expect(second.lease == "held")
            let left = try #require(second["lease"]?["expires_in_ms"]?.int)
            #expect(1...300_000 ~= left)
        }

        @Test func theFirstFillWinsWhoeverHoldsTheLease() async throws {
            let pair = try await Pair(settings: LeaseTests.long)
            let holder = try await pair.first.ticket("Who is first?")
            let other = try await pair.second.ticket("Who is first?")
            #expect(try await pair.second.store(ticket: other, "the quick answer").outcome == "stored")
            #expect(try await pair.first.store(ticket: holder, "the slow answer").outcome == "refused lease_lost")
            #expect(try await pair.first.lookup("Who is first?").response.contains("the quick answer"))
        }

        @Test func aWaiterOnAnotherReplicaIsACoalescedHit() async throws {
            let pair = try await Pair(settings: LeaseTests.long)
            let ticket = try await pair.first.ticket("What do all ask?")
            let waiter = try await pair.waiter("What do all ask?")
            #expect(try await pair.first.store(ticket: ticket, "the one answer").outcome == "stored")
            let hit = try await waiter.value
            #expect(hit.outcome == "hit")
            #expect(hit["coalesced"]?.bool == true)
            #expect(hit.string("tier") == "exact")
            #expect(hit.response == chatResponse("the one answer"))
        }

        @Test func aReleasedLeaseGoesToTheNextWaiterAtOnce() async throws {
            let pair = try await Pair(settings: LeaseTests.long)
            let ticket = try await pair.first.ticket("Whose turn is it?")
            let waiter = try await pair.waiter("Whose turn is it?")
            #expect(try await pair.first.post("/v1/release", #"{"ticket":"\#(ticket)"}"#).status == 204)
            // The lease would have lasted five minutes, so only the release can have passed it on.
            let next = try await waiter.value
            #expect(next.outcome == "miss absent")
            #expect(next.lease == "granted")
            let theirs = try #require(next.string("ticket"))
            #expect(try await pair.second.store(ticket: theirs, "the second try").outcome == "stored")
            #expect(try await pair.first.store(ticket: ticket, "given up").outcome == "refused lease_lost")
        }

        @Test func oneOfSeveralWaitersGetsAReleasedLeaseAndTheOthersItsAnswer() async throws {
            let pair = try await Pair(settings: LeaseTests.long)
            let ticket = try await pair.first.ticket("Who goes on?")
            var waiters: [Task<Answer, any Error>] = []
            for _ in 0..<5 { waiters.append(try await pair.waiter("Who goes on?")) }
            #expect(try await pair.second.post("/v1/release", #"{"ticket":"\#(ticket)"}"#).status == 204)
            let outcomes = try await withThrowingTaskGroup(of: String.self) { group in
                for waiter in waiters {
                    group.addTask {
                        let answer = try await waiter.value
                        guard let ticket = answer.string("ticket") else { return answer.outcome }
                        #expect(try await pair.first.store(ticket: ticket, "from the next").outcome == "stored")
                        return answer.lease
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }.sorted()
            }
            #expect(outcomes == ["granted", "hit", "hit", "hit", "hit"])
        }

        @Test func aRefusedStoreGivesItsLeaseUp() async throws {
            let pair = try await Pair(settings: LeaseTests.long)
            let ticket = try await pair.first.ticket("Who has a whole answer?")
            let waiter = try await pair.waiter("Who has a whole answer?")
            let truncated = #"{"ticket":"\#(ticket)","response":\#(chatResponse("cut of", finish: "length"))}"#
            #expect(try await pair.first.post("/v1/store", truncated).outcome == "refused truncated")
            #expect(try await waiter.value.lease == "granted")
        }

        @Test func anExpiredLeaseIsTakenOverAndTheOldHolderIsTooLate() async throws {
            let pair = try await Pair(settings: "lease: { seconds: 1, ticket_seconds: 900 }")
            let ticket = try await pair.first.ticket("Who is still alive?")
            let next = try await pair.second.lookup("Who is still alive?", cache: #"{"wait_ms":60000}"#)
            #expect(next.outcome == "miss absent")
            #expect(next.lease == "granted")
            let theirs = try #require(next.string("ticket"))
            #expect(try await pair.second.store(ticket: theirs, "I am alive").outcome == "stored")
            #expect(try await pair.first.store(ticket: ticket, "I was asleep").outcome == "refused lease_lost")
            #expect(try await pair.first.lookup("Who is still alive?").response.contains("I am alive"))
        }

        @Test func aTakenOverLeaseIsLostBeforeTheNewHolderStores() async throws {
            let pair = try await Pair(settings: "lease: { seconds: 1, ticket_seconds: 900 }")
            let ticket = try await pair.first.ticket("Who is the holder?")
            // Another holder follows, and while it holds, the first one comes back.
            var refused = ""
            for _ in 0..<20 where refused != "refused lease_lost" {
                let next = try await pair.second.lookup("Who is the holder?", cache: #"{"wait_ms":60000}"#)
                guard next.lease == "granted" else { continue }
                refused = try await pair.first.store(ticket: ticket, "the old holder's").outcome
                if refused == "stored" { break }
            }
            #expect(refused == "refused lease_lost")
        }

        @Test func whoHasWaitedLongEnoughIsToldThatItIsHeld() async throws {
            let pair = try await Pair(settings: LeaseTests.long)
            _ = try await pair.first.ticket("Who waits in vain?")
            let answer = try await pair.second.lookup("Who waits in vain?", cache: #"{"wait_ms":200}"#)
            #expect(answer.outcome == "miss absent")
            #expect(answer.lease == "held")
        }

        @Test func aReleaseOfALeaseThatIsNotHeldDoesNothing() async throws {
            let pair = try await Pair(settings: LeaseTests.long)
            let holder = try await pair.first.ticket("Who holds on?")
            let other = try await pair.second.ticket("Who holds on?")
            #expect(try await pair.second.post("/v1/release", #"{"ticket":"\#(other)"}"#).status == 204)
            #expect(try await pair.second.lookup("Who holds on?").lease == "held")
            #expect(try await pair.first.post("/v1/release", #"{"ticket":"\#(holder)"}"#).status == 204)
            #expect(try await pair.second.lookup("Who holds on?").lease == "granted")
        }

        @Test func namespacesDoNotHoldEachOtherUp() async throws {
            let pair = try await Pair(settings: LeaseTests.long)
            #expect(try await pair.first.lookup("Who fills where?", namespace: "a").lease == "granted")
            #expect(try await pair.second.lookup("Who fills where?", namespace: "b").lease == "granted")
        }
    }
}
