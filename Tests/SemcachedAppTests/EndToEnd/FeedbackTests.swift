import JSONScanning
import SemanticCacheTesting
import Testing

extension EndToEnd {
    @Suite struct FeedbackTests {
        @Test func wrongRemovesAnExactEntryEverywhere() async throws {
            let redis = try await RedisServer.start()
            let first = try await Daemon.start(redis: redis.url)
            let second = try await Daemon.start(redis: redis.url)
            let id = try #require(
                try await first.store("Is it right?", "It is wrong.", namespace: "a").string("entry_id")
            )
            #expect(try await second.lookup("Is it right?", namespace: "a").outcome == "hit")
            let right = #"{"entry_id":"\#(id)","namespace":"a","verdict":"right"}"#
            #expect(try await first.post("/v1/feedback", right).status == 204)
            #expect(try await second.lookup("Is it right?", namespace: "a").outcome == "hit")
            let request = chatRequest("Is it right?")
            let wrong = #"{"entry_id":"\#(id)","namespace":"a","verdict":"wrong","request":\#(request)}"#
            #expect(try await first.post("/v1/feedback", wrong).status == 204)
            #expect(try await second.lookup("Is it right?", namespace: "a").outcome == "miss absent")
            let counts = await eventually {
                let feedback = try await second.get("/v1/stats?namespace=a")["feedback"]
                return feedback?["right"]?.int == 1 && feedback?["wrong"]?.int == 1
            }
            #expect(counts)
            let shown = try await second.get("/v1/stats?namespace=a")["recent_feedback"]?.elements ?? []
            #expect(shown.count == 1)
            #expect(shown.first?["entry_id"]?.string == id)
            #expect(shown.first?["namespace"]?.string == "a")
            #expect(shown.first?["remedy"]?.string == "entry_removed")
            #expect(shown.first?["tier"]?.string == "exact")
            #expect(shown.first?["similarity"]?.isNull == true)
            let others = try await second.get("/v1/stats?namespace=b")["recent_feedback"]
            #expect(others?.elements.isEmpty == true)
        }

        @Test func feedbackOfAnotherNamespaceRemovesNothing() async throws {
            let redis = try await RedisServer.start()
            let daemon = try await Daemon.start(redis: redis.url)
            let id = try #require(try await daemon.store("Is it right?", "It is.", namespace: "a").string("entry_id"))
            let wrong = #"{"entry_id":"\#(id)","namespace":"b","verdict":"wrong"}"#
            #expect(try await daemon.post("/v1/feedback", wrong).status == 204)
            #expect(try await daemon.lookup("Is it right?", namespace: "a").outcome == "hit")
            let shown = try await daemon.get("/v1/stats")["recent_feedback"]?.elements ?? []
            #expect(shown.map { $0["remedy"]?.string } == ["none"])
            #expect(shown.first?["namespace"]?.string == "b")
            #expect(shown.first?["tier"]?.isNull == true)
        }
    }

    @Suite struct ExplainTests {
        private static func body(_ question: String, extra: String = "") -> String {
            #"{"namespace":"a","request":\#(chatRequest(question, extra: extra))}"#
        }

        @Test func anExplanationSaysWhatALookupWouldAnswer() async throws {
            let redis = try await RedisServer.start()
            let daemon = try await Daemon.start(redis: redis.url)
            let extra = #","user":"someone","temperature":1.0"#
            let before = try await daemon.post("/v1/explain", ExplainTests.body("What would it be?", extra: extra))
            #expect(before.status == 200)
            #expect(before["outcome"]?["status"]?.string == "miss")
            #expect(before["outcome"]?["reason"]?.string == "absent")
            #expect(before["outcome"]?["ticket"]?.isNull == true)
            #expect(before["neighbors"]?.elements.isEmpty == true)
            #expect(before["semantic"]?["eligible"]?.bool == false)
            #expect(before["semantic"]?["reason"]?.string?.isEmpty == false)
            #expect(before["partition"] != nil)
            let canonical = try #require(before["canonical"])
            #expect(canonical["messages"]?.elements.first?["content"]?.string == "What would it be?")
            #expect(canonical["user"] == nil)
            #expect(canonical["temperature"] == nil)

            let stored = try await daemon.store("What would it be?", "It would be this.", namespace: "a")
            #expect(stored.string("entry_id") == before.string("fingerprint"))
            let after = try await daemon.post("/v1/explain", ExplainTests.body("What would it be?"))
            #expect(after.string("fingerprint") == before.string("fingerprint"))
            #expect(after["outcome"]?["status"]?.string == "hit")
            #expect(after["outcome"]?["tier"]?.string == "exact")
        }

        @Test func anExplanationChangesAndCountsNothing() async throws {
            let redis = try await RedisServer.start()
            let daemon = try await Daemon.start(redis: redis.url)
            let id = try #require(try await daemon.store("Is it known?", "It is.", namespace: "a").string("entry_id"))
            #expect(try await daemon.lookup("Is it known?", namespace: "a").outcome == "hit")
            for question in ["Is it known?", "Is it unknown?"] {
                for _ in 0..<5 {
                    #expect(try await daemon.post("/v1/explain", ExplainTests.body(question)).status == 200)
                }
            }
            // No lease was taken, no ticket is out.
            #expect(try await daemon.lookup("Is it unknown?", namespace: "a").lease == "granted")
            let counted = await eventually { try await daemon.get("/v1/stats?namespace=a")["lookups"]?.int == 2 }
            #expect(counted)
            let stats = try await daemon.get("/v1/stats?namespace=a")
            #expect(stats["hits"]?["total"]?.int == 1)
            #expect(stats["misses"]?.int == 1)
            #expect(try await daemon.get("/v1/entries/\(id)?namespace=a")["hits"]?.int == 1)
        }
    }
}
