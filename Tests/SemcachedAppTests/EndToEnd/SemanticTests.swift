import JSONScanning
import SemanticCacheTesting
import Testing

extension EndToEnd {
    /// Questions in other words, with the real model and two replicas.
    @Suite struct SemanticTests {
        static let on = "semantic: { enabled: true }\n"

        @Test func anotherWordingIsASemanticHitAndThenAnExactOneOnEveryReplica() async throws {
            let redis = try await RedisServer.start()
            let first = try await Daemon.start(redis: redis.url, settings: Self.on)
            let second = try await Daemon.start(redis: redis.url, settings: Self.on)
            let stored = try await first.store("How do I reset my password?", "Click on it.")
            #expect(stored["tiers"]?.elements.compactMap(\.string) == ["exact", "semantic"])

            let hit = try await first.lookup("How can I reset my password?")
            #expect(hit.outcome == "hit", "\(hit.text)")
            #expect(hit.string("tier") == "semantic")
            #expect(hit.string("entry_id") == stored.string("entry_id"))
            #expect(hit.string("matched") == "How do I reset my password?")
            #expect(hit.header("x-semcached-tier") == "semantic")
            #expect(
                hit.header("x-semcached-similarity")
                    == hit["similarity"].map { String(decoding: $0.rawBytes, as: UTF8.self) }
            )
            #expect(hit.header("cache-status")?.hasSuffix("detail=semantic") == true)
            #expect(hit.response == (try await first.lookup("How do I reset my password?")).response)

            // The alias is written after the answer.
            #expect(
                await eventually { try await second.lookup("How can I reset my password?").string("tier") == "exact" }
            )
            #expect(
                await eventually {
                    try await second.lookup("How should I reset my password?").string("tier") == "semantic"
                }
            )
        }

        @Test(arguments: [
            ("How do I not reset my password?", "negation"), ("How do I reset my 2 passwords?", "score"),
            ("How do I bake bread?", "threshold"),
        ])
        func aLookAlikeIsNoHit(question: String, refusal: String) async throws {
            let redis = try await RedisServer.start()
            let daemon = try await Daemon.start(redis: redis.url, settings: Self.on)
            _ = try await daemon.store("How do I reset my password?", "Click on it.")
            let miss = try await daemon.lookup(question)
            #expect(miss.string("status") == "miss")
            #expect(miss.string("reason") == (refusal == "threshold" ? "below_threshold" : "guarded"))
            if refusal != "score" { #expect(miss["nearest"]?["rejected_by"]?.string == refusal, "\(miss.text)") }
            #expect(miss.string("ticket") != nil)
        }

        @Test func nothingIsFoundFromAnotherNamespaceModelConversationOrParameter() async throws {
            let redis = try await RedisServer.start()
            let daemon = try await Daemon.start(redis: redis.url, settings: Self.on)
            _ = try await daemon.store("How do I reset my password?", "Click on it.", namespace: "a")
            let asked = "How can I reset my password?"
            #expect(try await daemon.lookup(asked, namespace: "b").outcome == "miss absent")
            #expect(
                try await daemon.lookup(asked, namespace: "a", extra: #","temperature":0.5"#).outcome == "miss absent"
            )
            #expect(
                try await daemon.lookup(asked, namespace: "a", cache: #"{"semantic":false}"#).outcome == "miss absent"
            )
            let conversation =
                #"{"namespace":"a","request":{"model":"gpt-4o","messages":[{"role":"system","content":"Be brief."},"#
                + #"{"role":"user","content":"\#(asked)"}]}}"#
            #expect(try await daemon.post("/v1/lookup", conversation).outcome == "miss absent")
            #expect(try await daemon.lookup(asked, namespace: "a").string("tier") == "semantic")
        }

        @Test func whoNamesAStoreFindsItAtEveryReplica() async throws {
            let redis = try await RedisServer.start()
            let first = try await Daemon.start(redis: redis.url, settings: Self.on)
            let second = try await Daemon.start(redis: redis.url, settings: Self.on)
            for number in 1...20 {
                let stored = try await first.store("How do I reset my password?", "Click.", namespace: "n\(number)")
                let change = try #require(stored.string("change"))
                let hit = try await second.lookup(
                    "How can I reset my password?",
                    namespace: "n\(number)",
                    cache: #"{"after":"\#(change)"}"#
                )
                #expect(hit.string("tier") == "semantic", "\(hit.text)")
            }
            let wrong = try await second.lookup("Which?", cache: #"{"after":"yesterday"}"#)
            #expect(wrong.problem == "400 invalid_request")
            #expect(wrong.detail.contains("$.cache.after"))
        }

        @Test func leastSimilarityOnlyRaises() async throws {
            let redis = try await RedisServer.start()
            let daemon = try await Daemon.start(redis: redis.url, settings: Self.on)
            _ = try await daemon.store("How do I reset my password?", "Click on it.")
            let asked = "How can I reset my password?"
            #expect(
                try await daemon.lookup(asked, cache: #"{"min_similarity":0.999}"#).outcome == "miss below_threshold"
            )
            #expect(
                try await daemon.lookup("How do I bake bread?", cache: #"{"min_similarity":0}"#).outcome
                    == "miss below_threshold"
            )
            #expect(try await daemon.lookup(asked, cache: #"{"min_similarity":0.5}"#).outcome == "hit")
            // The alias that this has left is no way around it.
            #expect(await eventually { try await daemon.lookup(asked).string("tier") == "exact" })
            #expect(
                try await daemon.lookup(asked, cache: #"{"min_similarity":0.999}"#).outcome == "miss below_threshold"
            )
            #expect(try await daemon.lookup(asked, cache: #"{"semantic":false}"#).outcome == "miss absent")
        }

        @Test func wrongFeedbackStopsThePairOnEveryReplicaAndLeavesTheEntry() async throws {
            let redis = try await RedisServer.start()
            let first = try await Daemon.start(redis: redis.url, settings: Self.on)
            let second = try await Daemon.start(redis: redis.url, settings: Self.on)
            let id = try #require(
                try await first.store("How do I reset my password?", "Click on it.").string("entry_id")
            )
            let asked = "How can I reset my password?"
            let hit = try await first.lookup(asked)
            #expect(hit.string("tier") == "semantic")
            #expect(await eventually { try await second.lookup(asked).string("tier") == "exact" })
            let wrong = #"{"entry_id":"\#(id)","verdict":"wrong","request":\#(chatRequest(asked))}"#
            #expect(try await second.post("/v1/feedback", wrong).status == 204)
            let shown = try #require(try await first.get("/v1/stats")["recent_feedback"]?.elements.first)
            #expect(shown["entry_id"]?.string == id)
            #expect(shown["remedy"]?.string == "pair_blocked")
            #expect(shown["tier"]?.string == "semantic")
            #expect(shown["similarity"]?.double == hit["similarity"]?.double)
            #expect(shown["score"]?.double == hit["score"]?.double)
            for daemon in [first, second] {
                #expect(try await daemon.lookup(asked).string("status") == "miss")
                #expect(try await daemon.lookup("How do I reset my password?").string("tier") == "exact")
            }
            #expect(
                await eventually { try await first.lookup("How should I reset my password?").string("status") == "hit" }
            )
        }

        @Test func whatWasFlushedIsFoundByNoWording() async throws {
            let redis = try await RedisServer.start()
            let first = try await Daemon.start(redis: redis.url, settings: Self.on)
            let second = try await Daemon.start(redis: redis.url, settings: Self.on)
            _ = try await first.store("How do I reset my password?", "Click on it.", namespace: "a")
            let asked = "How can I reset my password?"
            #expect(await eventually { try await second.lookup(asked, namespace: "a").string("tier") == "semantic" })
            #expect(await eventually { try await first.lookup(asked, namespace: "a").string("tier") == "exact" })
            #expect(try await first.post("/v1/flush", #"{"namespace":"a"}"#)["flushed"]?.int == 1)
            for daemon in [first, second] {
                #expect(try await daemon.lookup(asked, namespace: "a").string("status") == "miss")
                #expect(
                    try await daemon.lookup("How should I reset my password?", namespace: "a").string("status")
                        == "miss"
                )
            }
        }

        @Test func shadowModeServesNothingAndComparesWithTheFill() async throws {
            let redis = try await RedisServer.start()
            let daemon = try await Daemon.start(redis: redis.url, settings: "semantic: { mode: shadow }\n")
            _ = try await daemon.store("How do I reset my password?", "Click on the link.")
            for (question, answer) in [
                ("How can I reset my password?", "click on  the link."),
                ("How should I reset my password?", "Buy a boat."),
            ] {
                let ticket = try await daemon.ticket(question)
                #expect(try await daemon.store(ticket: ticket, answer).outcome == "stored")
            }
            let counted = await eventually {
                let shadow = try await daemon.get("/v1/stats")["shadow"]
                return shadow?["hits"]?.int == 2 && shadow?["agreed"]?.int == 1 && shadow?["disagreed"]?.int == 1
            }
            #expect(counted)
            #expect(daemon.logText.contains("would have been served"))
        }

        @Test func theMatchedQuestionIsForAdministratorsUnlessTheNamespaceShowsIt() async throws {
            let redis = try await RedisServer.start()
            var keys = Keys()
            keys.add("reader", "read, write")
            keys.add("boss", "read, write, admin")
            let settings = "semantic: { enabled: true }\nnamespaces: { open: { semantic: { show_matched: true } } }\n"
            let daemon = try await Daemon.start(redis: redis.url, settings: settings, keys: keys.text)
            for namespace in ["closed", "open"] {
                _ = try await daemon.store(
                    "How do I reset my password?",
                    "Click on it.",
                    namespace: namespace,
                    headers: Keys.header("boss")
                )
            }
            func matched(_ key: String, _ namespace: String) async throws -> String? {
                let asked = "How \(key == "boss" ? "can" : "should") I reset my password?"
                let hit = try await daemon.lookup(asked, namespace: namespace, headers: Keys.header(key))
                #expect(hit.string("tier") == "semantic", "\(hit.text)")
                return hit.string("matched")
            }
            #expect(try await matched("reader", "closed") == nil)
            #expect(try await matched("reader", "open") == "How do I reset my password?")
            #expect(try await matched("boss", "closed") == "How do I reset my password?")
        }

        @Test func anExplanationShowsTheNeighborsAndWhatEachGuardSays() async throws {
            let redis = try await RedisServer.start()
            let daemon = try await Daemon.start(redis: redis.url, settings: Self.on)
            let id = try await daemon.store("How do I reset my password?", "Click on it.").string("entry_id")
            let body = #"{"request":\#(chatRequest("How do I not reset my password?"))}"#
            let explanation = try await daemon.post("/v1/explain", body)
            let neighbor = try #require(explanation["neighbors"]?.elements.first { _ in true })
            #expect(neighbor["entry_id"]?.string == id)
            #expect(neighbor["text"]?.string == "How do I reset my password?")
            #expect(neighbor["guards"]?["negation"]?.string == "veto")
            #expect(neighbor["guards"]?["calendar"]?.string == "pass")
            #expect(explanation["outcome"]?["reason"]?.string == "guarded")
            #expect(explanation["semantic"]?["eligible"]?.bool == true)
        }
    }
}
