import JSONScanning
import SemanticCacheTesting
import Testing

extension EndToEnd {
    @Suite(.oneDaemon) struct RefusalTests {
        private static let message = #"[{"role":"user","content":"What is refused?"}]"#

        private static func chat(_ message: String, _ reason: String) -> String {
            #"{"choices":[{"index":0,"message":\#(message),"finish_reason":"\#(reason)"}]}"#
        }

        private static func claude(_ text: String, _ reason: String) -> String {
            #"{"type":"message","role":"assistant","content":[{"type":"text","text":"\#(text)"}],"stop_reason":"\#(reason)"}"#
        }

        private static func answer(_ more: String) -> String { #"{"object":"response",\#(more)}"# }

        private static let text = #"{"role":"assistant","content":"half an answer"}"#
        private static let output =
            #""output":[{"type":"message","content":[{"type":"output_text","text":"half an answer"}]}]"#

        @Test(arguments: [
            ("chat.completions", #"{"error":{"message":"overloaded","type":"server_error"}}"#, "error_response"),
            ("chat.completions", #""just a text""#, "error_response"),
            ("chat.completions", "{}", "error_response"),
            ("chat.completions", "null", "error_response"),
            ("chat.completions", chat(text, "length"), "truncated"),
            ("chat.completions", chat(text, "content_filter"), "content_filtered"),
            ("chat.completions", chat(#"{"role":"assistant","content":""}"#, "stop"), "empty"),
            ("chat.completions", chat(#"{"role":"assistant","content":null}"#, "stop"), "empty"),
            ("completions", #"{"error":{"message":"x"}}"#, "error_response"),
            ("completions", #"{"choices":[{"index":0,"text":"half","finish_reason":"length"}]}"#, "truncated"),
            ("completions", #"{"choices":[{"index":0,"text":" ","finish_reason":"stop"}]}"#, "empty"),
            ("messages", #"{"type":"error","error":{"type":"overloaded_error","message":"x"}}"#, "error_response"),
            ("messages", claude("half", "max_tokens"), "truncated"),
            ("messages", claude("half", "pause_turn"), "truncated"),
            ("messages", claude("half", "refusal"), "content_filtered"),
            ("messages", claude("", "end_turn"), "empty"),
            ("responses", answer(#""status":"failed","error":{"code":"server_error"}"#), "error_response"),
            (
                "responses",
                answer(#""status":"incomplete","incomplete_details":{"reason":"max_output_tokens"},\#(output)"#),
                "truncated"
            ),
            (
                "responses",
                answer(#""status":"incomplete","incomplete_details":{"reason":"content_filter"},\#(output)"#),
                "content_filtered"
            ),
            ("responses", answer(#""status":"in_progress","output":[]"#), "truncated"),
            ("responses", answer(#""status":"completed","output":[]"#), "empty"),
            ("embeddings", #"{"error":{"message":"x"}}"#, "error_response"),
            ("embeddings", #"{"object":"list","data":[]}"#, "empty"),
        ])
        func anAnswerThatMustNotBeCachedIsRefused(_ endpoint: String, _ response: String, _ reason: String) async throws
        {
            let daemon = try #require(Daemon.ofSuite)
            let asked = RefusalTests.request(endpoint)
            let store = try await daemon.post(
                "/v1/store",
                #"{"endpoint":"\#(endpoint)","request":\#(asked),"response":\#(response)}"#
            )
            #expect(store.status == 200)
            #expect(store.outcome == "refused \(reason)")

            // With a ticket too, and nothing is kept.
            let lookup = #"{"endpoint":"\#(endpoint)","request":\#(asked)}"#
            let miss = try await daemon.post("/v1/lookup", lookup)
            #expect(miss.outcome == "miss absent")
            #expect(miss.lease == "granted")
            let ticket = try #require(miss.string("ticket"))
            let filled = try await daemon.post("/v1/store", #"{"ticket":"\#(ticket)","response":\#(response)}"#)
            #expect(filled.outcome == "refused \(reason)")
            // The lease was given up, so that the next case gets it.
        }

        private static func request(_ endpoint: String) -> String {
            switch endpoint {
            case "chat.completions": #"{"model":"m","messages":\#(message)}"#
            case "messages": #"{"model":"m","max_tokens":9,"messages":\#(message)}"#
            case "completions": #"{"model":"m","prompt":"What is refused?"}"#
            default: #"{"model":"m","input":"What is refused?"}"#
            }
        }

        @Test(arguments: [
            (
                "chat.completions", #"{"choices":[{"index":0,"delta":{"role":"assistant","content":"half"}}]}"#,
                "truncated"
            ),
            (
                "chat.completions",
                #"{"choices":[{"index":0,"delta":{"content":"half"},"finish_reason":"length"}]}"#, "truncated"
            ),
            (
                "chat.completions",
                #"{"choices":[{"index":0,"delta":{"content":"half"},"finish_reason":"content_filter"}]}"#,
                "content_filtered"
            ),
            ("chat.completions", #"{"error":{"message":"overloaded"}}"#, "error_response"),
            ("messages", #"{"type":"error","error":{"type":"overloaded_error","message":"x"}}"#, "error_response"),
            (
                "messages",
                #"{"type":"message_start","message":{"type":"message","role":"assistant","content":[],"usage":{}}}"#,
                "truncated"
            ),
        ])
        func aStreamThatIsNotWholeIsRefused(_ endpoint: String, _ event: String, _ reason: String) async throws {
            let daemon = try #require(Daemon.ofSuite)
            var writer = JSONWriter()
            writer.string(event)
            let events = "[\(String(decoding: writer.bytes, as: UTF8.self))]"
            let store = try await daemon.post(
                "/v1/store",
                #"{"endpoint":"\#(endpoint)","request":\#(RefusalTests.request(endpoint)),"events":\#(events)}"#
            )
            #expect(store.status == 200)
            #expect(store.outcome == "refused \(reason)")
        }

        @Test func anEntryOverTheLimitOfItsNamespaceIsTooLarge() async throws {
            let redis = try await RedisServer.start()
            let daemon = try await Daemon.start(
                redis: redis.url,
                settings: "namespaces: { small: { limits: { entry_bytes: 2048 } } }"
            )
            let answer = String(repeating: "words ", count: 400)
            let refused = try await daemon.store("How long may it be?", answer, namespace: "small")
            #expect(refused.outcome == "refused too_large")
            #expect(try await daemon.lookup("How long may it be?", namespace: "small").outcome == "miss absent")
            #expect(try await daemon.store("How long may it be?", answer).outcome == "stored")
        }

        @Test func aRequestOverTheLimitOfItsNamespaceIsBypassed() async throws {
            let redis = try await RedisServer.start()
            let daemon = try await Daemon.start(
                redis: redis.url,
                settings: "namespaces: { small: { limits: { entry_bytes: 2048 } } }"
            )
            let question = String(repeating: "words ", count: 400)
            let bypass = try await daemon.lookup(question, namespace: "small")
            #expect(bypass.outcome == "bypass uncacheable")
            #expect(bypass["ticket"]?.isNull == true)
            #expect(bypass.header("cache-status") == "semcached; fwd=bypass; detail=uncacheable")
        }

        @Test(arguments: [
            ("", false), (#","temperature":0.7"#, false), (#","temperature":0"#, true), (#","seed":7"#, true),
        ])
        func aNamespaceOfDeterministicRequestsTakesNoOthers(_ extra: String, _ isCached: Bool) async throws {
            let redis = try await RedisServer.start()
            let daemon = try await Daemon.start(
                redis: redis.url,
                settings: "namespaces: { exact: { cacheable: { deterministic_only: true } } }"
            )
            let lookup = try await daemon.lookup("Is it certain?", namespace: "exact", extra: extra)
            #expect(lookup.outcome == (isCached ? "miss absent" : "bypass uncacheable"))
            let request = chatRequest("Is it certain?", extra: extra)
            let response = chatResponse("it is certain")
            let store = try await daemon.post(
                "/v1/store",
                #"{"namespace":"exact","request":\#(request),"response":\#(response)}"#
            )
            #expect(store.outcome == (isCached ? "stored" : "refused uncacheable"))
        }

        @Test func aDisabledNamespaceIsBypassed() async throws {
            let redis = try await RedisServer.start()
            let daemon = try await Daemon.start(
                redis: redis.url,
                settings: "namespaces: { off: { cache: { enabled: false } } }"
            )
            let bypass = try await daemon.lookup("Is anybody there?", namespace: "off")
            #expect(bypass.outcome == "bypass disabled")
            #expect(bypass.header("cache-status") == "semcached; fwd=bypass; detail=disabled")
            let store = try await daemon.store("Is anybody there?", "nobody is", namespace: "off")
            #expect(store.outcome == "refused uncacheable")
            #expect(try await daemon.lookup("Is anybody there?").outcome == "miss absent")
        }

        @Test func aRedisThatIsFullTakesNoStoresButServes() async throws {
            let redis = try await RedisServer.start(options: [
                "--maxmemory", "16mb", "--maxmemory-policy", "noeviction",
            ])
            let daemon = try await Daemon.start(redis: redis.url)
            #expect(try await daemon.store("What was first?", "this was first").outcome == "stored")
            try redis.command("CONFIG", "SET", "maxmemory", "1mb")
            let full = try await daemon.store("What comes now?", "nothing more")
            #expect(full.problem == "503 redis_full")
            #expect(full.header("retry-after") != nil)
            #expect(try await daemon.lookup("What was first?").outcome == "hit")
            let miss = try await daemon.lookup("What comes now?")
            #expect(miss.outcome == "miss absent")
            #expect(miss.lease == "none")
            try redis.command("CONFIG", "SET", "maxmemory", "0")
            #expect(try await daemon.store("What comes now?", "something more").outcome == "stored")
        }
    }
}
