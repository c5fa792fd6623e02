import CacheClient
import SemanticCacheTesting
import Testing

extension EndToEnd {
    /// Calls of the Swift client, one by one.
    @Suite struct ClientTests {
        @Test func aMissIsStoredAndThenHit() async throws {
            let redis = try await RedisServer.start()
            let daemon = try await Daemon.start(redis: redis.url)
            try await daemon.withClient { client in
                let body = try LookupBody.chat("What does the client say?")
                let miss = try await client.lookup(body).miss()
                #expect(miss.reason == "absent")
                #expect(miss.lease?.state == "granted")
                let answer = try JSONText(chatResponse("It says this."))
                let stored = try await client.store(answer, for: miss)
                #expect(stored?.status == "stored")
                let (response, hit) = try await client.lookup(body).hit()
                #expect(response == answer)
                #expect(hit.tier == "exact")
                #expect(hit.entryID == stored?.entryID)
                #expect(hit.saved?.completionTokens == 20)
            }
        }

        @Test func aReleasedMissIsGrantedToTheNext() async throws {
            let redis = try await RedisServer.start()
            let daemon = try await Daemon.start(redis: redis.url)
            try await daemon.withClient { client in
                let body = try LookupBody.chat("Who has it now?")
                let first = try await client.lookup(body).miss()
                #expect(try await client.lookup(body).miss().lease?.state == "held")
                try await client.release(first)
                #expect(try await client.lookup(body).miss().lease?.state == "granted")
            }
        }

        @Test func whatMustNotBeCachedIsRefusedByName() async throws {
            let redis = try await RedisServer.start()
            let daemon = try await Daemon.start(redis: redis.url)
            try await daemon.withClient { client in
                let miss = try await client.lookup(.chat("How long is it?")).miss()
                let answer = try JSONText(chatResponse("It is too", finish: "length"))
                let result = try await client.store(answer, for: miss)
                #expect(result?.status == "refused")
                #expect(result?.reason == "truncated")
            }
        }

        @Test func aStoredStreamIsFoundWholeAndAWholeAnswerIsReplayed() async throws {
            let redis = try await RedisServer.start()
            let daemon = try await Daemon.start(redis: redis.url)
            try await daemon.withClient { client in
                let miss = try await client.lookupEvents(.stream("Is it a stream?")).miss()
                let stored = try await client.store(events: ChatStream.payloads(of: ["It ", "is."]), for: miss)
                #expect(stored?.status == "stored")
                let (whole, _) = try await client.lookup(.chat("Is it a stream?")).hit()
                #expect(whole.text.contains(#""content":"It is.""#))

                let answer = try JSONText(chatResponse("It is whole."))
                _ = try await client.store(answer, for: client.lookup(.chat("Is it whole?")).miss())
                let (events, hit) = try await client.lookupEvents(.stream("Is it whole?")).hit()
                #expect(hit.tier == "exact")
                #expect(hit.entryID.count == 64)
                var payloads: [String] = []
                for await payload in events { payloads.append(payload) }
                #expect(payloads.last == "[DONE]")
                #expect(try ChatStream.text(of: payloads) == "It is whole.")
                #expect(String(decoding: events.bytes, as: UTF8.self).hasSuffix("data: [DONE]\n\n"))
            }
        }

        @Test func aHitThatCannotBeReplayedIsABypass() async throws {
            let redis = try await RedisServer.start()
            let daemon = try await Daemon.start(redis: redis.url)
            try await daemon.withClient { client in
                let body = try LookupBody.chat("Without a stream?")
                _ = try await client.store(JSONText(chatResponse("Without.")), for: client.lookup(body).miss())
                guard case .bypass(let bypass) = try await client.lookupEvents(body) else {
                    Issue.record("no bypass")
                    return
                }
                #expect(bypass.reason == "unexpected_answer")
                #expect(bypass.error?.description.contains(#""stream": true"#) == true)
            }
        }

        @Test func aWrongKeyIsAnErrorThatSaysSo() async throws {
            let redis = try await RedisServer.start()
            var keys = Keys()
            keys.add("gateway", "read, write")
            let daemon = try await Daemon.start(redis: redis.url, keys: keys.text)
            let body = try LookupBody.chat("Who goes there?")
            for key in [nil, "key-of-nobody-qZ7x"] {
                let error = await clientError {
                    _ = try await daemon.withClient(apiKey: key) { try await $0.lookup(body) }
                }
                #expect(error?.description.hasPrefix("the server refused (401 unauthorized): ") == true)
            }
            try await daemon.withClient(apiKey: Keys.key("gateway")) { client in
                let miss = try await client.lookup(body).miss()
                #expect(miss.ticket != nil)
                let error = await clientError { _ = try await client.stats() }
                #expect(error?.description.hasPrefix("the server refused (403 forbidden): ") == true)
            }
        }

        @Test func theOtherRoutesAreCalls() async throws {
            let redis = try await RedisServer.start()
            let daemon = try await Daemon.start(redis: redis.url)
            try await daemon.withClient { client in
                let body = try LookupBody.chat("What else is there?")
                let answer = try JSONText(chatResponse("All of this."))
                let stored = try await client.store(
                    StoreBody(namespace: "a", request: body.request, response: answer, ttl: 60, tags: ["t"])
                )
                let id = try #require(stored.entryID)
                #expect(try await client.explain(body).fingerprint == id)
                #expect(try await client.entries(namespace: "a", tag: "t").entries.map(\.entryID) == [id])
                let entry = try await client.entry(id, namespace: "a")
                #expect(entry.response == answer)
                #expect(entry.tags == ["t"])
                _ = try await client.lookup(body)
                let counted = await eventually { try await client.stats(namespace: "a").counts.hits.exact == 1 }
                #expect(counted)
                #expect(try await client.flush(.namespace("a", tags: ["t"], dryRun: true)).flushed == 1)
                try await client.feedback(FeedbackBody(entryID: id, namespace: "a", verdict: "wrong"))
                #expect(try await client.lookup(body).miss().reason == "absent")
                let error = await clientError { _ = try await client.entry(id, namespace: "a") }
                #expect(error?.description.contains("404 not_found") == true)
                #expect(try await client.readiness().status == "ready")
            }
        }

        @Test func theExampleAsksOnceAndThenHits() async throws {
            let redis = try await RedisServer.start()
            let daemon = try await Daemon.start(redis: redis.url)
            let example = AdminTool(url: daemon.url(""), program: "swift-client-example")
            // The machine may be too busy for the client's own patience, which ends in a bypass, so it may take some runs.
            let isHit = await eventually {
                try await example.run(daemon.url(""), "How does it work?").output.contains("exact hit, ")
            }
            #expect(isHit)
            let hit = try await example.run(daemon.url(""), "How does it work?")
            #expect(hit.output.contains("answer: Follow the link on the sign-in page.\n"))
            #expect(hit.output.contains("data: [DONE]\n"))
            #expect(hit.status == 0)
        }
    }
}
