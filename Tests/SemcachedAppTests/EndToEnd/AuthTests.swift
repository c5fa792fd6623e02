import JSONScanning
import NIOHTTP1
import SemanticCacheTesting
import Testing

extension EndToEnd {
    @Suite struct AuthTests {
        private static var keys: String {
            var keys = Keys()
            keys.add("reader", "read", #""support-*""#)
            keys.add("writer", "write", #""support-*""#)
            keys.add("admin", "admin", #""support-*""#)
            keys.add("chief", "read, write, admin")
            return keys.text
        }

        private static let id = String(repeating: "a", count: 64)

        /// Every route that asks for a key: method, path and body for a namespace, scope.
        private static func routes(_ namespace: String) -> [(HTTPMethod, String, String?, String)] {
            let member = #""namespace":"\#(namespace)""#
            let request = #""request":\#(chatRequest("Who asks here?"))"#
            return [
                (.POST, "/v1/lookup", "{\(member),\(request)}", "reader"),
                (.GET, "/v1/entries/\(id)?namespace=\(namespace)", nil, "reader"),
                (.POST, "/v1/store", #"{\#(member),\#(request),"response":\#(chatResponse("I do."))}"#, "writer"),
                (.POST, "/v1/feedback", #"{\#(member),"entry_id":"\#(id)","verdict":"right"}"#, "writer"),
                (.POST, "/v1/explain", "{\(member),\(request)}", "admin"),
                (.POST, "/v1/flush", #"{\#(member),"dry_run":true}"#, "admin"),
                (.GET, "/v1/entries?namespace=\(namespace)", nil, "admin"),
                (.DELETE, "/v1/entries/\(id)?namespace=\(namespace)", nil, "admin"),
                (.GET, "/v1/stats?namespace=\(namespace)", nil, "admin"),
            ]
        }

        @Test func everyRouteWantsItsScopeAndNamespace() async throws {
            let redis = try await RedisServer.start()
            let daemon = try await Daemon.start(redis: redis.url, keys: AuthTests.keys)
            for (method, path, body, scope) in AuthTests.routes("support-eu") {
                func call(_ headers: [String: String]) async throws -> String {
                    let answer = try await daemon.send(method, path, body, headers: headers)
                    if answer.status == 401 { #expect(answer.header("www-authenticate") == "Bearer") }
                    return [401, 403].contains(answer.status) ? answer.problem : "admitted"
                }
                #expect(try await call([:]) == "401 unauthorized", "\(path)")
                #expect(try await call(Keys.header("nobody")) == "401 unauthorized", "\(path)")
                #expect(try await call(["authorization": "Basic dTpw"]) == "401 unauthorized", "\(path)")
                #expect(try await call(["authorization": "Bearer "]) == "401 unauthorized", "\(path)")
                for id in ["reader", "writer", "admin"] {
                    let expected = id == scope ? "admitted" : "403 forbidden"
                    #expect(try await call(Keys.header(id)) == expected, "\(path) with \(id)")
                }
                #expect(try await call(Keys.header("chief")) == "admitted", "\(path)")
            }
            for (method, path, body, scope) in AuthTests.routes("sales") {
                let answer = try await daemon.send(method, path, body, headers: Keys.header(scope))
                #expect(answer.problem == "403 forbidden", "\(path)")
            }
        }

        @Test func whatConcernsAllNamespacesWantsAKeyForAll() async throws {
            let redis = try await RedisServer.start()
            let daemon = try await Daemon.start(redis: redis.url, keys: AuthTests.keys)
            let all = #"{"all":true}"#
            #expect(try await daemon.post("/v1/flush", all, headers: Keys.header("admin")).problem == "403 forbidden")
            #expect(try await daemon.post("/v1/flush", all, headers: Keys.header("chief")).status == 200)
            #expect(try await daemon.get("/v1/stats", headers: Keys.header("admin")).problem == "403 forbidden")
            #expect(try await daemon.get("/v1/stats", headers: Keys.header("chief")).status == 200)
        }

        @Test(arguments: ["/healthz", "/readyz", "/metrics", "/openapi.json"])
        func operationsAskForNoKey(_ path: String) async throws {
            let redis = try await RedisServer.start()
            let daemon = try await Daemon.start(redis: redis.url, keys: AuthTests.keys)
            #expect(try await daemon.get(path).status == 200)
        }

        @Test func aTicketOfAForeignNamespaceIsInvalid() async throws {
            let redis = try await RedisServer.start()
            let daemon = try await Daemon.start(redis: redis.url, keys: AuthTests.keys)
            let miss = try await daemon.lookup("Whose is it?", namespace: "sales", headers: Keys.header("chief"))
            let ticket = try #require(miss.string("ticket"))
            let store = #"{"ticket":"\#(ticket)","response":\#(chatResponse("it is not mine"))}"#
            let release = #"{"ticket":"\#(ticket)"}"#
            for (path, body) in [("/v1/store", store), ("/v1/release", release)] {
                let refused = try await daemon.post(path, body, headers: Keys.header("writer"))
                #expect(refused.problem == "403 invalid_ticket")
                #expect(try await daemon.post(path, body, headers: Keys.header("reader")).problem == "403 forbidden")
                #expect(try await daemon.post(path, body).problem == "401 unauthorized")
            }
            #expect(try await daemon.post("/v1/store", store, headers: Keys.header("chief")).outcome == "stored")
        }

        @Test func withoutKeysOnlyThisMachineIsServed() async throws {
            let redis = try await RedisServer.start()
            let (code, text) = try await Daemon.run(redis: redis.url, arguments: ["--host", "0.0.0.0"])
            #expect(code == 1 || code == 64)
            #expect(text.contains("auth.keys_file"))
            #expect(text.contains("server.host"))
        }

        @Test func withoutKeysOtherMachinesAreServedWhenThatIsMeant() async throws {
            let redis = try await RedisServer.start()
            let daemon = try await Daemon.start(
                redis: redis.url,
                arguments: ["--host", "0.0.0.0", "--allow-unauthenticated"]
            )
            #expect(try await daemon.lookup("Is it open?").outcome == "miss absent")
        }

        @Test func withKeysOtherMachinesAreServed() async throws {
            let redis = try await RedisServer.start()
            let daemon = try await Daemon.start(
                redis: redis.url,
                keys: AuthTests.keys,
                arguments: ["--host", "0.0.0.0"]
            )
            #expect(try await daemon.lookup("Is it open?").problem == "401 unauthorized")
        }

        @Test func aKeyOverItsRateIsToldWhenToComeBack() async throws {
            var keys = Keys()
            keys.add("fast", "read")
            keys.add("other", "read")
            let redis = try await RedisServer.start()
            let daemon = try await Daemon.start(
                redis: redis.url,
                settings: "limits: { requests_per_second: 1, burst: 3 }",
                keys: keys.text
            )
            var limited: Answer?
            for _ in 0..<200 where limited == nil {
                let answer = try await daemon.lookup("How fast?", headers: Keys.header("fast"))
                if answer.status == 429 { limited = answer } else { #expect(answer.status == 200) }
            }
            let answer = try #require(limited)
            #expect(answer.problem == "429 rate_limited")
            let seconds = try #require(answer.header("retry-after").flatMap { Int($0) })
            #expect(seconds >= 1)
            #expect(try await daemon.lookup("How fast?", headers: Keys.header("other")).status == 200)
            let admitted = await eventually {
                try await daemon.lookup("How fast?", headers: Keys.header("fast")).status == 200
            }
            #expect(admitted)
        }

        @Test func aSignalReadsKeysNamespacesAndPricesAgain() async throws {
            var before = Keys()
            before.add("old", "read, write")
            var after = Keys()
            after.add("new", "read, write")
            let redis = try await RedisServer.start()
            let daemon = try await Daemon.start(redis: redis.url, keys: before.text)
            #expect(try await daemon.lookup("Who is let in?", headers: Keys.header("old")).status == 200)
            #expect(try await daemon.lookup("Who is let in?", headers: Keys.header("new")).status == 401)

            try await daemon.reload(
                settings: """
                    namespaces: { news: { ttl: { maximum: 30 } } }
                    prices: { gpt-4o: { prompt: 2.5, completion: 10 } }
                    """,
                keys: after.text
            )
            let headers = Keys.header("new")
            #expect(try await daemon.lookup("Who is let in?", headers: Keys.header("old")).status == 401)
            let stored = try await daemon.store("What is new?", "the price is", namespace: "news", headers: headers)
            #expect(stored["ttl"]?.int == 30)
            let hit = try await daemon.lookup("What is new?", namespace: "news", headers: headers)
            // 100 prompt tokens at 2.50 and 20 completion tokens at 10 dollars per million.
            #expect(hit["saved"]?["usd"]?.double == 0.00045)
        }

        @Test(arguments: [
            ("", "keys: [ { id: broken"), ("", "keys: []"), ("limits: { unheard_of: 1 }", nil),
            ("ttl: { default: 0 }", nil),
        ])
        func aBrokenFileKeepsWhatWasThere(_ settings: String, _ keys: String?) async throws {
            var good = Keys()
            good.add("old", "read, write")
            let redis = try await RedisServer.start()
            let daemon = try await Daemon.start(redis: redis.url, keys: good.text)
            try await daemon.reload(settings: settings, keys: keys ?? good.text, outcome: "not reloaded")
            #expect(try await daemon.lookup("Who is let in?", headers: Keys.header("old")).outcome == "miss absent")
            #expect(try await daemon.lookup("Who is let in?").problem == "401 unauthorized")
        }

        @Test func noSignalMakesKeysUnnecessary() async throws {
            var good = Keys()
            good.add("old", "read, write")
            let redis = try await RedisServer.start()
            let daemon = try await Daemon.start(redis: redis.url, keys: good.text)
            try await daemon.reload(keys: nil, outcome: "not reloaded")
            #expect(try await daemon.lookup("Who is let in?").problem == "401 unauthorized")
        }

        @Test func aWebPageOfAnotherOriginCannotChangeAnything() async throws {
            let redis = try await RedisServer.start()
            let daemon = try await Daemon.start(redis: redis.url)
            let headers = ["origin": "https://elsewhere.example", "sec-fetch-site": "cross-site"]
            let flush = try await daemon.post("/v1/flush", #"{"all":true}"#, headers: headers)
            #expect(flush.problem == "403 forbidden")
        }
    }
}
