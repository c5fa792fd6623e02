import JSONScanning
import SemanticCacheTesting
import Testing

extension EndToEnd {
    @Suite struct TicketTests {
        @Test func aForgedTicketIsInvalid() async throws {
            let redis = try await RedisServer.start()
            let daemon = try await Daemon.start(redis: redis.url)
            for text in ["", "a", "nonsense", "%%%", "AAAA.BBBB", String(repeating: "A", count: 5000)] {
                let release = try await daemon.post("/v1/release", #"{"ticket":"\#(text)"}"#)
                #expect(release.problem == "403 invalid_ticket", "\(text.prefix(20))")
                let store = try await daemon.store(ticket: text, "a forged answer")
                #expect(store.problem == "403 invalid_ticket", "\(text.prefix(20))")
            }
        }

        @Test func aTicketWithAnyCharacterChangedIsInvalid() async throws {
            let redis = try await RedisServer.start()
            let daemon = try await Daemon.start(redis: redis.url)
            let ticket = Array(try await daemon.ticket("Who may answer?"))
            for place in ticket.indices {
                for other in Set<Character>(["A", "B", ticket[place] == "z" ? "y" : "z"]) where other != ticket[place] {
                    var changed = ticket
                    changed[place] = other
                    let answer = try await daemon.store(ticket: String(changed), "a changed answer")
                    #expect(answer.problem == "403 invalid_ticket", "character \(place) of \(ticket.count)")
                }
            }
            for length in [ticket.count - 1, ticket.count - 4, ticket.count / 2, 1] {
                let answer = try await daemon.store(ticket: String(ticket.prefix(length)), "a shortened answer")
                #expect(answer.problem == "403 invalid_ticket")
            }
            #expect(
                try await daemon.store(ticket: String(ticket) + "A", "a longer answer").problem == "403 invalid_ticket"
            )
            #expect(try await daemon.store(ticket: String(ticket), "the right answer").outcome == "stored")
        }

        @Test func aTicketOfAnotherDeploymentIsInvalid() async throws {
            let redis = [try await RedisServer.start(), try await RedisServer.start()]
            let here = try await Daemon.start(redis: redis[0].url)
            let there = try await Daemon.start(redis: redis[1].url)
            #expect(try await there.lookup("Who may answer?").outcome == "miss absent")
            let ticket = try await here.ticket("Who may answer?")
            #expect(try await there.store(ticket: ticket, "a foreign answer").problem == "403 invalid_ticket")
            #expect(try await here.store(ticket: ticket, "our own answer").outcome == "stored")
        }

        @Test func aTicketBelongsToItsNamespace() async throws {
            let redis = try await RedisServer.start()
            let daemon = try await Daemon.start(redis: redis.url)
            let ticket = try await daemon.ticket("Who may answer?", namespace: "support")
            let response = chatResponse("an answer for support")
            let wrong = #"{"ticket":"\#(ticket)","namespace":"sales","response":\#(response)}"#
            #expect(try await daemon.post("/v1/store", wrong).problem == "403 invalid_ticket")
            let right = #"{"ticket":"\#(ticket)","namespace":"support","response":\#(response)}"#
            #expect(try await daemon.post("/v1/store", right).outcome == "stored")
            #expect(try await daemon.lookup("Who may answer?", namespace: "support").outcome == "hit")
            #expect(try await daemon.lookup("Who may answer?", namespace: "sales").outcome == "miss absent")
        }

        @Test func anExpiredTicketIsInvalid() async throws {
            let redis = try await RedisServer.start()
            let daemon = try await Daemon.start(redis: redis.url, settings: "lease: { seconds: 1, ticket_seconds: 1 }")
            let ticket = try await daemon.ticket("Who is late?")
            let expired = await eventually {
                try await daemon.post("/v1/release", #"{"ticket":"\#(ticket)"}"#).problem == "403 invalid_ticket"
            }
            #expect(expired)
            let late = try await daemon.store(ticket: ticket, "a late answer")
            #expect(late.problem == "403 invalid_ticket")
            #expect(late.detail.contains("expired"))
            #expect(try await daemon.lookup("Who is late?").outcome == "miss absent")
        }

        @Test func aTicketIsGoodAfterARestart() async throws {
            let redis = try await RedisServer.start()
            let ticket = try await Daemon.start(redis: redis.url).ticket("Who remembers?")
            let next = try await Daemon.start(redis: redis.url)
            let stored = await eventually { try await next.store(ticket: ticket, "Redis does").outcome == "stored" }
            #expect(stored)
        }

        @Test func aSecondStoreOfTheSameTicketIsTooLateOnEveryReplica() async throws {
            let redis = try await RedisServer.start()
            let replicas = [try await Daemon.start(redis: redis.url), try await Daemon.start(redis: redis.url)]
            let ticket = try await replicas[0].ticket("Who answers twice?")
            #expect(try await replicas[1].store(ticket: ticket, "the first answer").outcome == "stored")
            for replica in replicas {
                #expect(try await replica.store(ticket: ticket, "the next answer").outcome == "refused lease_lost")
                #expect(try await replica.lookup("Who answers twice?").response.contains("the first answer"))
            }
        }

        @Test func aTicketIsUsedUpAlsoWhenItsEntryHasExpired() async throws {
            let redis = try await RedisServer.start()
            let daemon = try await Daemon.start(redis: redis.url)
            let ticket = try await daemon.ticket("Who answers twice?", cache: #"{"ttl":1}"#)
            #expect(try await daemon.store(ticket: ticket, "a short answer").outcome == "stored")
            let gone = await eventually {
                try await daemon.lookup("Who answers twice?", cache: #"{"lease":false}"#).outcome == "miss absent"
            }
            #expect(gone)
            #expect(try await daemon.store(ticket: ticket, "the next answer").outcome == "refused lease_lost")
        }
    }
}
