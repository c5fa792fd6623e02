import JSONScanning
import SemanticCacheTesting
import Testing

extension EndToEnd {
    @Suite struct StreamTests {
        private static let streaming = ["accept": "text/event-stream"]

        private static func quoted(_ texts: [String]) -> String {
            var writer = JSONWriter()
            writer.beginArray()
            for text in texts { writer.string(text) }
            writer.endArray()
            return String(decoding: writer.bytes, as: UTF8.self)
        }

        private static func chunk(_ delta: String, _ reason: String = "null", more: String = "") -> String {
            #"{"id":"chatcmpl-9","object":"chat.completion.chunk","created":5,"model":"gpt-4o","#
                + #""choices":[{"index":0,"delta":\#(delta),"finish_reason":\#(reason)}]\#(more)}"#
        }

        private static let chunks = [
            chunk(#"{"role":"assistant","content":""}"#), chunk(#"{"content":"It is "}"#),
            chunk(#"{"content":"streamed."}"#), chunk("{}", #""stop""#),
            #"{"id":"chatcmpl-9","object":"chat.completion.chunk","created":5,"model":"gpt-4o","choices":[],"#
                + #""usage":{"prompt_tokens":11,"completion_tokens":4,"total_tokens":15}}"#,
            "[DONE]",
        ]

        /// The data payloads of an event stream.
        private static func data(_ answer: Answer) -> [String] {
            answer.text.split(separator: "\n").filter { $0.hasPrefix("data: ") }.map { String($0.dropFirst(6)) }
        }

        /// The texts of the deltas, joined, as JSON objects of a stream carry them.
        private static func content(_ events: [String]) throws -> String {
            try events.filter { $0 != "[DONE]" }.reduce(into: "") { text, event in
                let json = try JSONDocument(Array(event.utf8)).root
                for choice in json["choices"]?.elements ?? [] { text += choice["delta"]?["content"]?.string ?? "" }
            }
        }

        @Test func whatWasStoredAsEventsIsLookedUpWhole() async throws {
            let redis = try await RedisServer.start()
            let daemon = try await Daemon.start(redis: redis.url)
            let miss = try await daemon.lookup(
                "Is it streamed?",
                extra: #","stream":true"#,
                headers: StreamTests.streaming
            )
            #expect(miss.outcome == "miss absent")
            #expect(miss.header("content-type") == "application/json")
            let ticket = try #require(miss.string("ticket"))
            let events = StreamTests.quoted(StreamTests.chunks)
            let stored = try await daemon.post("/v1/store", #"{"ticket":"\#(ticket)","events":\#(events)}"#)
            #expect(stored.outcome == "stored")

            let hit = try await daemon.lookup("Is it streamed?")
            #expect(hit.outcome == "hit")
            #expect(hit.string("entry_id") == stored.string("entry_id"))
            let response = try #require(hit["response"])
            #expect(response["object"]?.string == "chat.completion")
            let choice = try #require(response["choices"]?.elements.first)
            #expect(choice["message"]?["role"]?.string == "assistant")
            #expect(choice["message"]?["content"]?.string == "It is streamed.")
            #expect(choice["finish_reason"]?.string == "stop")
            #expect(hit["saved"]?["prompt_tokens"]?.int == 11)
            #expect(hit["saved"]?["completion_tokens"]?.int == 4)
        }

        @Test func whatWasStoredWholeIsReplayedAsAStream() async throws {
            let redis = try await RedisServer.start()
            let daemon = try await Daemon.start(redis: redis.url)
            let stored = try await daemon.store("Is it whole?", "It is whole, every word of it.")
            let hit = try await daemon.lookup("Is it whole?", extra: #","stream":true"#, headers: StreamTests.streaming)
            #expect(hit.status == 200)
            #expect(hit.header("content-type") == "text/event-stream")
            #expect(hit.header("x-semcached-entry") == stored.string("entry_id"))
            #expect(hit.header("x-semcached-tier") == "exact")
            #expect(hit.header("age") != nil)
            #expect(hit.header("cache-status")?.hasPrefix("semcached; hit; ttl=") == true)

            let events = StreamTests.data(hit)
            #expect(events.last == "[DONE]")
            #expect(try StreamTests.content(events) == "It is whole, every word of it.")
            let first = try JSONDocument(Array(try #require(events.first).utf8)).root
            #expect(first["object"]?.string == "chat.completion.chunk")
            #expect(first["choices"]?.elements.first?["delta"]?["role"]?.string == "assistant")
            #expect(events.contains { $0.contains(#""finish_reason":"stop""#) })
            #expect(!events.contains { $0.contains("prompt_tokens") })
        }

        @Test func theUsageIsInTheStreamWhenAskedFor() async throws {
            let redis = try await RedisServer.start()
            let daemon = try await Daemon.start(redis: redis.url)
            _ = try await daemon.store("How much was it?", "It was cheap.")
            let hit = try await daemon.lookup(
                "How much was it?",
                extra: #","stream":true,"stream_options":{"include_usage":true}"#,
                headers: StreamTests.streaming
            )
            let events = StreamTests.data(hit)
            let usage = try JSONDocument(Array(try #require(events.dropLast().last).utf8)).root
            #expect(usage["choices"]?.elements.isEmpty == true)
            #expect(usage["usage"]?["prompt_tokens"]?.int == 100)
            #expect(usage["usage"]?["completion_tokens"]?.int == 20)
        }

        @Test func aReplayedStreamCanBeStoredAgain() async throws {
            let redis = try await RedisServer.start()
            let daemon = try await Daemon.start(redis: redis.url)
            _ = try await daemon.store("Does it go round?", "It goes round and round.")
            let hit = try await daemon.lookup(
                "Does it go round?",
                extra: #","stream":true,"stream_options":{"include_usage":true}"#,
                headers: StreamTests.streaming
            )
            let request = chatRequest("Does it go round?")
            let events = StreamTests.quoted(StreamTests.data(hit))
            let stored = try await daemon.post(
                "/v1/store",
                #"{"namespace":"again","request":\#(request),"events":\#(events)}"#
            )
            #expect(stored.outcome == "stored")
            let again = try await daemon.lookup("Does it go round?", namespace: "again")
            let message = again["response"]?["choices"]?.elements.first?["message"]
            #expect(message?["content"]?.string == "It goes round and round.")
            #expect(again["saved"]?["prompt_tokens"]?.int == 100)
        }

        @Test(arguments: [
            (#","stream":true"#, [:]), (#","stream":true"#, ["accept": "application/json"]),
            (#","stream":false"#, ["accept": "text/event-stream"]), ("", ["accept": "text/event-stream"]),
        ])
        func withoutBothWishesAHitIsJSON(_ extra: String, _ headers: [String: String]) async throws {
            let redis = try await RedisServer.start()
            let daemon = try await Daemon.start(redis: redis.url)
            _ = try await daemon.store("In what form?", "In plain JSON.")
            let hit = try await daemon.lookup("In what form?", extra: extra, headers: headers)
            #expect(hit.outcome == "hit")
            #expect(hit.header("content-type") == "application/json")
            #expect(hit.response == chatResponse("In plain JSON."))
        }

        @Test func toolCallsComeThroughAStream() async throws {
            let redis = try await RedisServer.start()
            let daemon = try await Daemon.start(redis: redis.url)
            let response =
                #"{"id":"c","object":"chat.completion","created":1,"model":"gpt-4o","choices":[{"index":0,"message":"#
                + #"{"role":"assistant","content":null,"tool_calls":[{"id":"call_1","type":"function","function":"#
                + #"{"name":"weather","arguments":"{\"city\":\"Paris\"}"}}]},"finish_reason":"tool_calls"}]}"#
            let request = chatRequest("What is the weather?")
            _ = try await daemon.post("/v1/store", #"{"request":\#(request),"response":\#(response)}"#)
            let hit = try await daemon.lookup(
                "What is the weather?",
                extra: #","stream":true"#,
                headers: StreamTests.streaming
            )
            var name = ""
            var arguments = ""
            for event in StreamTests.data(hit).dropLast() {
                let delta = try JSONDocument(Array(event.utf8)).root["choices"]?.elements.first?["delta"]
                for call in delta?["tool_calls"]?.elements ?? [] {
                    name += call["function"]?["name"]?.string ?? ""
                    arguments += call["function"]?["arguments"]?.string ?? ""
                }
            }
            #expect(name == "weather")
            #expect(arguments == #"{"city":"Paris"}"#)
            #expect(hit.text.contains(#""finish_reason":"tool_calls""#))
        }

        @Test func anthropicAnswersAreReplayedAsAnthropicEvents() async throws {
            let redis = try await RedisServer.start()
            let daemon = try await Daemon.start(redis: redis.url)
            let request =
                #"{"model":"claude-sonnet-4","max_tokens":99,"messages":[{"role":"user","content":"Who are you?"}]"#
            let response =
                #"{"id":"msg_1","type":"message","role":"assistant","model":"claude-sonnet-4","#
                + #""content":[{"type":"text","text":"I am what was stored."}],"stop_reason":"end_turn","#
                + #""stop_sequence":null,"usage":{"input_tokens":25,"output_tokens":15}}"#
            let stored = try await daemon.post(
                "/v1/store",
                #"{"endpoint":"messages","request":\#(request)},"response":\#(response)}"#
            )
            #expect(stored.outcome == "stored")
            let hit = try await daemon.post(
                "/v1/lookup",
                #"{"endpoint":"messages","request":\#(request),"stream":true}}"#,
                headers: StreamTests.streaming
            )
            #expect(hit.header("content-type") == "text/event-stream")
            let names = hit.text.split(separator: "\n").filter { $0.hasPrefix("event: ") }.map { $0.dropFirst(7) }
            #expect(names.first == "message_start")
            #expect(names.contains("content_block_start"))
            #expect(names.contains("content_block_delta"))
            #expect(names.contains("content_block_stop"))
            #expect(names.suffix(2) == ["message_delta", "message_stop"])
            let text = try StreamTests.data(hit).reduce(into: "") { text, event in
                text += try JSONDocument(Array(event.utf8)).root["delta"]?["text"]?.string ?? ""
            }
            #expect(text == "I am what was stored.")

            // The other way round: the events make the same entry.
            let events = StreamTests.quoted(StreamTests.data(hit))
            let again = try await daemon.post(
                "/v1/store",
                #"{"namespace":"again","endpoint":"messages","request":\#(request),"stream":true},"events":\#(events)}"#
            )
            #expect(again.outcome == "stored")
            let whole = try await daemon.post(
                "/v1/lookup",
                #"{"namespace":"again","endpoint":"messages","request":\#(request)}}"#
            )
            #expect(whole["response"]?["content"]?.elements.first?["text"]?.string == "I am what was stored.")
            #expect(whole["response"]?["stop_reason"]?.string == "end_turn")
            #expect(whole["saved"]?["prompt_tokens"]?.int == 25)
        }
    }
}
