import JSONScanning
import SemanticCacheTesting
import Testing

extension EndToEnd {
    @Suite struct FlushTests {
        /// Two replicas that share a Redis.
        private static func pair() async throws -> (RedisServer, Daemon, Daemon) {
            let redis = try await RedisServer.start()
            return (redis, try await Daemon.start(redis: redis.url), try await Daemon.start(redis: redis.url))
        }

        @Test func noReplicaServesAFlushedEntryAgain() async throws {
            let (redis, first, second) = try await FlushTests.pair()
            defer { redis.kill() }
            for number in 0..<20 {
                #expect(try await first.store("question \(number)", "answer", namespace: "a").outcome == "stored")
                for _ in 0..<3 {
                    #expect(try await second.lookup("question \(number)", namespace: "a").outcome == "hit")
                }
            }
            #expect(try await first.store("question 0", "of b", namespace: "b").outcome == "stored")
            let flushed = try await first.post("/v1/flush", #"{"namespace":"a"}"#)
            #expect(flushed.text == #"{"flushed":20,"dry_run":false}"#)
            for replica in [first, second] {
                for number in 0..<20 {
                    let answer = try await replica.lookup(
                        "question \(number)",
                        namespace: "a",
                        cache: #"{"lease":false}"#
                    )
                    #expect(answer.outcome == "miss absent")
                }
                #expect(try await replica.lookup("question 0", namespace: "b").outcome == "hit")
            }
            #expect(try await second.post("/v1/flush", #"{"namespace":"a"}"#)["flushed"]?.int == 0)
            #expect(try await second.store("question 0", "a new answer", namespace: "a").outcome == "stored")
            #expect(try await first.lookup("question 0", namespace: "a").response.contains("a new answer"))
        }

        @Test func aDryRunCountsOnly() async throws {
            let (redis, first, second) = try await FlushTests.pair()
            defer { redis.kill() }
            for number in 0..<7 { _ = try await first.store("question \(number)", "answer", namespace: "a") }
            for body in [#"{"namespace":"a","dry_run":true}"#, #"{"all":true,"dry_run":true}"#] {
                #expect(try await second.post("/v1/flush", body).text == #"{"flushed":7,"dry_run":true}"#)
            }
            for number in 0..<7 {
                #expect(try await second.lookup("question \(number)", namespace: "a").outcome == "hit")
            }
        }

        @Test func everythingIsFlushedInEveryNamespace() async throws {
            let (redis, first, second) = try await FlushTests.pair()
            defer { redis.kill() }
            for namespace in ["a", "b", "default"] {
                _ = try await first.store("the question", "answer", namespace: namespace)
                #expect(try await second.lookup("the question", namespace: namespace).outcome == "hit")
            }
            #expect(try await first.post("/v1/flush", #"{"all":true}"#).text == #"{"flushed":3,"dry_run":false}"#)
            for namespace in ["a", "b", "default"] {
                #expect(try await second.lookup("the question", namespace: namespace).outcome == "miss absent")
            }
        }

        /// Entries of namespace `a`: number, model, tags.
        private static let entries = [
            (0, "gpt-4o", ["x"]), (1, "gpt-4o", ["x", "y"]), (2, "gpt-4o-mini", ["x", "y"]), (3, "gpt-4o", ["y"]),
            (4, "gpt-4o-mini", []),
        ]

        @Test(arguments: [
            (#""model":"gpt-4o""#, [0, 1, 3]), (#""tags":["x"]"#, [0, 1, 2]), (#""tags":["x","y"]"#, [1, 2]),
            (#""tags":["y","x"],"model":"gpt-4o""#, [1]), (#""tags":["z"]"#, []), (#""model":"gpt-4""#, []),
            (#""tags":["x","z"]"#, []),
        ])
        func onlyWhatMatchesAllSelectorsIsFlushed(_ selector: String, _ covered: [Int]) async throws {
            let (redis, first, second) = try await FlushTests.pair()
            defer { redis.kill() }
            for (number, model, tags) in FlushTests.entries {
                let extra = tags.isEmpty ? "" : #","tags":["\#(tags.joined(separator: #"",""#))"]"#
                let stored = try await first.store(
                    "question \(number)",
                    "answer",
                    namespace: "a",
                    model: model,
                    extra: extra
                )
                #expect(stored.outcome == "stored")
            }
            func served(by replica: Daemon) async throws -> [Int] {
                var numbers: [Int] = []
                for (number, model, _) in FlushTests.entries {
                    let request = chatRequest("question \(number)", model: model)
                    let body = #"{"namespace":"a","request":\#(request),"cache":{"lease":false}}"#
                    if try await replica.post("/v1/lookup", body).outcome == "hit" { numbers.append(number) }
                }
                return numbers
            }
            #expect(try await served(by: second) == [0, 1, 2, 3, 4])
            let body = #"{"namespace":"a",\#(selector)"#
            #expect(try await first.post("/v1/flush", body + #","dry_run":true}"#)["flushed"]?.int == covered.count)
            #expect(try await first.post("/v1/flush", body + "}")["flushed"]?.int == covered.count)
            let rest = [0, 1, 2, 3, 4].filter { !covered.contains($0) }
            #expect(try await served(by: first) == rest)
            #expect(try await served(by: second) == rest)
            #expect(try await second.post("/v1/flush", #"{"namespace":"a"}"#)["flushed"]?.int == rest.count)
        }

        @Test(arguments: [
            (#"{"namespace":"a"}"#, "refused flushed"), (#"{"all":true}"#, "refused flushed"),
            (#"{"namespace":"a","model":"gpt-4o"}"#, "refused flushed"),
            (#"{"namespace":"a","tags":["docs:v2"]}"#, "refused flushed"), (#"{"namespace":"b"}"#, "stored"),
            (#"{"namespace":"a","model":"gpt-4"}"#, "stored"), (#"{"namespace":"a","tags":["docs:v1"]}"#, "stored"),
            (#"{"namespace":"a","dry_run":true}"#, "stored"),
        ])
        func aFillFromBeforeAFlushIsRefused(_ flush: String, _ outcome: String) async throws {
            let (redis, first, second) = try await FlushTests.pair()
            defer { redis.kill() }
            let ticket = try await first.ticket("What is it now?", namespace: "a", cache: #"{"tags":["docs:v2"]}"#)
            #expect(try await second.post("/v1/flush", flush).status == 200)
            #expect(try await first.store(ticket: ticket, "an answer of before").outcome == outcome)
            let expected = outcome == "stored" ? "hit" : "miss absent"
            #expect(try await second.lookup("What is it now?", namespace: "a").outcome == expected)
        }

        @Test func aFlushWithoutRedisIsUnavailable() async throws {
            let redis = try await RedisServer.start()
            let daemon = try await Daemon.start(redis: redis.url)
            redis.kill()
            let answer = try await daemon.post("/v1/flush", #"{"namespace":"a"}"#)
            #expect(answer.problem == "503 redis_unavailable")
            #expect(answer.header("retry-after") != nil)
            #expect(try await daemon.store("Is it up?", "it is not").problem == "503 redis_unavailable")
        }
    }
}
