import JSONScanning
import NIOHTTP1
import SemanticCacheTesting
import Testing

extension EndToEnd {
    @Suite(.oneDaemon) struct InvalidRequestTests {
        private static let request = chatRequest("What is wrong?")

        @Test(arguments: [
            (#"{"no-cache":1}"#, "$.cache.no-cache"),
            (#"{"no-store":"yes"}"#, "$.cache.no-store"),
            (#"{"ttl":0}"#, "$.cache.ttl"),
            (#"{"ttl":-5}"#, "$.cache.ttl"),
            (#"{"ttl":1.5}"#, "$.cache.ttl"),
            (#"{"ttl":"60"}"#, "$.cache.ttl"),
            (#"{"s-maxage":-1}"#, "$.cache.s-maxage"),
            (#"{"min_similarity":1.5}"#, "$.cache.min_similarity"),
            (#"{"min_similarity":-0.1}"#, "$.cache.min_similarity"),
            (#"{"wait_ms":60001}"#, "$.cache.wait_ms"),
            (#"{"wait_ms":-1}"#, "$.cache.wait_ms"),
            (#"{"lease":"no"}"#, "$.cache.lease"),
            (#"{"semantic":0}"#, "$.cache.semantic"),
            (#"{"tags":"a"}"#, "$.cache.tags"),
            (#"{"tags":["a",1]}"#, "$.cache.tags[1]"),
            (#"{"tags":[""]}"#, "$.cache.tags[0]"),
            (#"{"no_cache":true}"#, "$.cache.no_cache"),
            (#"{"maxage":1}"#, "$.cache.maxage"),
            ("[]", "$.cache"),
            ("true", "$.cache"),
        ])
        func aWrongControlIsNamed(_ cache: String, _ place: String) async throws {
            let daemon = try #require(Daemon.ofSuite)
            let answer = try await daemon.lookup("What is wrong?", cache: cache)
            #expect(answer.problem == "400 invalid_request")
            #expect(answer.detail.hasPrefix("\(place):"))
        }

        @Test(arguments: [
            (#"{"namespace":"a b","request":\#(request)}"#, "$.namespace"),
            (#"{"namespace":"","request":\#(request)}"#, "$.namespace"),
            (#"{"namespace":"-a","request":\#(request)}"#, "$.namespace"),
            (#"{"namespace":"ä","request":\#(request)}"#, "$.namespace"),
            (#"{"namespace":"\#(String(repeating: "a", count: 129))","request":\#(request)}"#, "$.namespace"),
            (#"{"namespace":7,"request":\#(request)}"#, "$.namespace"),
            (#"{"endpoint":"chat","request":\#(request)}"#, "$.endpoint"),
            (#"{"endpoint":1,"request":\#(request)}"#, "$.endpoint"),
            (#"{"namespace":"a"}"#, "$.request"),
            (#"{"request":[]}"#, "$.request"),
            (#"{"request":"x"}"#, "$.request"),
            (#"{"request":null}"#, "$.request"),
            (#"{"request":{"model":"gpt-4o"}}"#, "$.request"),
            (#"{"request":{"model":"gpt-4o","messages":"hi"}}"#, "$.request.messages"),
            (#"{"request":\#(request),"unheard_of":1}"#, "$.unheard_of"),
            (#"[]"#, "$"),
            (#""text""#, "$"),
        ])
        func aWrongLookupIsNamed(_ body: String, _ place: String) async throws {
            let daemon = try #require(Daemon.ofSuite)
            for path in ["/v1/lookup", "/v1/explain"] {
                let answer = try await daemon.post(path, body)
                #expect(answer.problem == "400 invalid_request", "\(path)")
                #expect(answer.detail.hasPrefix("\(place):"), "\(path): \(answer.detail)")
            }
        }

        @Test(arguments: [
            "", "{", "{}x", "{'a':1}", "nul", #"{"request":{},"request":{}}"#,
            #"{"request":{"model":"a","model":"b","messages":[]}}"#,
            #"{"request":{"messages":\#(String(repeating: "[", count: 200))\#(String(repeating: "]", count: 200))}}"#,
        ])
        func whatIsNoGoodJSONIsRefusedEverywhere(_ body: String) async throws {
            let daemon = try #require(Daemon.ofSuite)
            for path in ["lookup", "store", "release", "feedback", "flush", "explain"] {
                #expect(try await daemon.post("/v1/\(path)", body).problem == "400 invalid_json", "\(path)")
            }
        }

        @Test(arguments: ["a", "A.b_c-9", "0", String(repeating: "x", count: 128)])
        func aNamespaceOfTheGrammarIsTaken(_ name: String) async throws {
            let daemon = try #require(Daemon.ofSuite)
            #expect(try await daemon.lookup("What is right?", namespace: name).outcome == "miss absent")
        }

        @Test(arguments: [
            ("chat.completions", #"{"model":"m","messages":[{"role":"user","content":"To whom?"}]}"#),
            ("completions", #"{"model":"m","prompt":"To whom?"}"#),
            ("responses", #"{"model":"m","input":"To whom?"}"#),
            ("messages", #"{"model":"m","max_tokens":9,"messages":[{"role":"user","content":"To whom?"}]}"#),
            ("embeddings", #"{"model":"m","input":"To whom?"}"#),
        ])
        func everyEndpointIsTaken(_ endpoint: String, _ request: String) async throws {
            let daemon = try #require(Daemon.ofSuite)
            let body = #"{"endpoint":"\#(endpoint)","request":\#(request)}"#
            #expect(try await daemon.post("/v1/lookup", body).outcome == "miss absent")
        }

        @Test(arguments: [
            (#"{}"#, "$.response"),
            (#"{"response":{}}"#, "$.ticket"),
            (#"{"request":\#(request)}"#, "$.response"),
            (#"{"request":\#(request),"response":{},"events":["a"]}"#, "$.events"),
            (#"{"request":\#(request),"events":[]}"#, "$.events"),
            (#"{"request":\#(request),"events":[1]}"#, "$.events[0]"),
            (#"{"request":\#(request),"events":"a"}"#, "$.events"),
            (#"{"request":\#(request),"events":["{}","not json"]}"#, "$.events[1]"),
            (#"{"request":\#(request),"response":{},"ttl":0}"#, "$.ttl"),
            (#"{"request":\#(request),"response":{},"tags":[3]}"#, "$.tags[0]"),
            (#"{"request":\#(request),"response":{},"namespace":"?"}"#, "$.namespace"),
            (#"{"request":\#(request),"response":{},"endpoint":"?"}"#, "$.endpoint"),
            (#"{"request":\#(request),"response":{},"cache":{}}"#, "$.cache"),
            (#"{"request":{},"response":{}}"#, "$.request"),
            (#"{"ticket":5,"response":{}}"#, "$.ticket"),
            (#"{"ticket":"t","request":\#(request),"response":{}}"#, "$.request"),
            (#"{"ticket":"t","endpoint":"messages","response":{}}"#, "$.endpoint"),
            (#"{"ticket":"t","ttl":5,"response":{}}"#, "$.ttl"),
            (#"{"ticket":"t","tags":["a"],"response":{}}"#, "$.tags"),
        ])
        func aWrongStoreIsNamed(_ body: String, _ place: String) async throws {
            let daemon = try #require(Daemon.ofSuite)
            let answer = try await daemon.post("/v1/store", body)
            #expect(answer.problem == "400 invalid_request")
            #expect(answer.detail.hasPrefix("\(place):"), "\(answer.detail)")
        }

        @Test(arguments: [
            ("release", "{}", "$.ticket"),
            ("release", #"{"ticket":"t","namespace":"a"}"#, "$.namespace"),
            ("feedback", #"{"verdict":"wrong"}"#, "$.entry_id"),
            ("feedback", #"{"entry_id":"abc","verdict":"wrong"}"#, "$.entry_id"),
            ("feedback", #"{"entry_id":"\#(String(repeating: "a", count: 64))"}"#, "$.verdict"),
            ("feedback", #"{"entry_id":"\#(String(repeating: "a", count: 64))","verdict":"bad"}"#, "$.verdict"),
            ("feedback", #"{"entry_id":"a","verdict":"right","why":1}"#, "$.why"),
            ("flush", "{}", "$.namespace"),
            ("flush", #"{"all":false}"#, "$.all"),
            ("flush", #"{"model":"gpt-4o"}"#, "$.namespace"),
            ("flush", #"{"tags":["a"]}"#, "$.namespace"),
            ("flush", #"{"namespace":"a","tags":[]}"#, "$.tags"),
            ("flush", #"{"namespace":"a","model":""}"#, "$.model"),
            ("flush", #"{"namespace":"a","all":true}"#, "$.all"),
            ("flush", #"{"dry_run":true}"#, "$.namespace"),
            ("flush", #"{"namespace":"a","dry_run":"yes"}"#, "$.dry_run"),
            ("flush", #"{"namespace":"a","tag":"b"}"#, "$.tag"),
            ("flush", #"{"namespace":"a b"}"#, "$.namespace"),
        ])
        func aWrongSmallBodyIsNamed(_ route: String, _ body: String, _ place: String) async throws {
            let daemon = try #require(Daemon.ofSuite)
            let answer = try await daemon.post("/v1/\(route)", body)
            #expect(answer.problem == "400 invalid_request")
            #expect(answer.detail.hasPrefix("\(place):"), "\(answer.detail)")
        }

        @Test(arguments: [
            (HTTPMethod.GET, "/v1/entries?limit=0", "limit"), (.GET, "/v1/entries?limit=1001", "limit"),
            (.GET, "/v1/entries?limit=ten", "limit"), (.GET, "/v1/entries?namespace=a%20b", "namespace"),
            (.GET, "/v1/entries?tags=a", "tags"), (.GET, "/v1/entries?limit=1&limit=2", "limit"),
            (.GET, "/v1/entries?cursor=nonsense", "cursor"), (.GET, "/v1/entries/xyz", "the id"),
            (.GET, "/v1/stats?window=2h", "window"), (.GET, "/v1/stats?namespace=%3F", "namespace"),
            (.GET, "/v1/stats?since=1", "since"), (.DELETE, "/v1/entries/xyz", "the id"),
        ])
        func aWrongQueryIsNamed(_ method: HTTPMethod, _ path: String, _ place: String) async throws {
            let daemon = try #require(Daemon.ofSuite)
            let answer = try await daemon.send(method, path)
            #expect(answer.problem == "400 invalid_request")
            #expect(answer.detail.hasPrefix(place), "\(answer.detail)")
        }

        @Test(arguments: [
            (HTTPMethod.GET, "/v1/lookup", 405, "method_not_allowed"), (.POST, "/v1/stats", 405, "method_not_allowed"),
            (.PUT, "/v1/entries", 405, "method_not_allowed"), (.GET, "/v1/nothing", 404, "not_found"),
            (.POST, "/v2/lookup", 404, "not_found"),
        ])
        func aRouteThatThereIsNot(_ method: HTTPMethod, _ path: String, _ status: Int, _ code: String) async throws {
            let daemon = try #require(Daemon.ofSuite)
            let answer = try await daemon.send(method, path)
            #expect(answer.problem == "\(status) \(code)")
            if status == 405 { #expect(answer.header("allow") != nil) }
        }

        @Test func aBodyOverTheLimitIsTooLarge() async throws {
            let redis = try await RedisServer.start()
            let daemon = try await Daemon.start(redis: redis.url, settings: "limits: { request_bytes: 4096 }")
            let answer = try await daemon.lookup(String(repeating: "too much ", count: 500))
            #expect(answer.problem == "413 payload_too_large")
            #expect(try await daemon.lookup("Is it still there?").outcome == "miss absent")
        }
    }
}
