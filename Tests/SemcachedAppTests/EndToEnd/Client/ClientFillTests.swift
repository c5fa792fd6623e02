import CacheClient
import SemanticCacheTesting
import Synchronization
import Testing

extension EndToEnd {
    /// What the Swift client does around a call to the upstream.
    @Suite struct ClientFillTests {
        private struct Broken: Error {}

        /// Calls of an upstream.
        private final class Calls: Sendable {
            private let made = Mutex(0)

            var count: Int { made.withLock { $0 } }

            func add() { made.withLock { $0 += 1 } }
        }

        /// Long enough that only a release can have passed a lease on.
        private static let long = "lease: { seconds: 300, ticket_seconds: 900 }"

        private static func answer(_ text: String) -> [UInt8] { Array(chatResponse(text).utf8) }

        /// Payloads as an upstream streams them.
        private static func stream(_ payloads: [String]) -> AsyncStream<String> {
            AsyncStream { continuation in
                for payload in payloads { continuation.yield(payload) }
                continuation.finish()
            }
        }

        @Test func theUpstreamIsCalledOnce() async throws {
            let redis = try await RedisServer.start()
            let daemon = try await Daemon.start(redis: redis.url)
            try await daemon.withClient { client in
                let body = try LookupBody.chat("Is it called once?")
                let first = try await client.cached(body) { Self.answer("Once.") }
                #expect(first.use.hit == nil)
                #expect(first.use.stored?.status == "stored")
                #expect(first.use.failure == nil)
                let second = try await client.cached(body) { throw Broken() }
                #expect(second.response == Self.answer("Once."))
                #expect(second.use.hit?.tier == "exact")
            }
        }

        @Test func equalRequestsOfTwoReplicasShareOneCall() async throws {
            let redis = try await RedisServer.start()
            let daemons = [try await Daemon.start(redis: redis.url), try await Daemon.start(redis: redis.url)]
            let calls = Calls()
            let body = try LookupBody.chat("Who else asks that?")
            let answers = try await withThrowingTaskGroup(of: CachedAnswer.self) { group in
                for number in 0..<12 {
                    group.addTask {
                        try await daemons[number % 2].withClient { client in
                            try await client.cached(body) {
                                calls.add()
                                return Self.answer("All of us.")
                            }
                        }
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(calls.count == 1)
            #expect(answers.map(\.response) == Array(repeating: Self.answer("All of us."), count: 12))
            #expect(answers.count { $0.use.hit != nil } == 11)
        }

        @Test func aCancelledFillIsReleased() async throws {
            let redis = try await RedisServer.start()
            let daemon = try await Daemon.start(redis: redis.url, settings: Self.long)
            try await daemon.withClient { client in
                let body = try LookupBody.chat("Who goes on?")
                let isCalled = Mutex(false)
                let first = Task {
                    try await client.cached(body) {
                        isCalled.withLock { $0 = true }
                        try await Task.sleep(for: .seconds(3600))
                        return []
                    }
                }
                #expect(await eventually { isCalled.withLock { $0 } })
                first.cancel()
                await #expect(throws: CancellationError.self) { try await first.value }
                #expect(try await client.lookup(body).miss().lease?.state == "granted")
            }
        }

        @Test(arguments: [false, true])
        func aFailedFillIsReleased(streams: Bool) async throws {
            let redis = try await RedisServer.start()
            let daemon = try await Daemon.start(redis: redis.url, settings: Self.long)
            try await daemon.withClient { client in
                let body = try streams ? LookupBody.stream("Who tries again?") : .chat("Who tries again?")
                await #expect(throws: Broken.self) {
                    if streams {
                        _ = try await client.cachedEvents(body) { () -> AsyncStream<String> in
                            throw Broken()
                        } consume: { _ in
                        }
                    } else {
                        _ = try await client.cached(body) { throw Broken() }
                    }
                }
                #expect(try await client.lookup(body).miss().lease?.state == "granted")
            }
        }

        @Test func anAnswerThatIsNoJSONIsGivenOnAndNotStored() async throws {
            let redis = try await RedisServer.start()
            let daemon = try await Daemon.start(redis: redis.url, settings: Self.long)
            try await daemon.withClient { client in
                let body = try LookupBody.chat("Is this JSON?")
                let answer = try await client.cached(body) { Array("<html>".utf8) }
                #expect(answer.response == Array("<html>".utf8))
                #expect(answer.use == (try await client.cached(body) { Array("<html>".utf8) }).use)
                #expect(answer.use.stored == nil)
                #expect(try await client.lookup(body).miss().lease?.state == "granted")
            }
        }

        @Test func aStreamIsPassedOnStoredAndReplayed() async throws {
            let redis = try await RedisServer.start()
            let daemon = try await Daemon.start(redis: redis.url)
            try await daemon.withClient { client in
                let body = try LookupBody.stream("Does it flow?")
                let payloads = ChatStream.payloads(of: ["It ", "flows."])
                var seen: [String] = []
                let first = try await client.cachedEvents(body) {
                    Self.stream(payloads)
                } consume: { payload in
                    seen.append(payload)
                }
                #expect(seen == payloads)
                #expect(first.stored?.status == "stored")
                seen = []
                let second = try await client.cachedEvents(body) { () -> AsyncStream<String> in
                    throw Broken()
                } consume: { payload in
                    seen.append(payload)
                }
                #expect(second.hit?.tier == "exact")
                #expect(try ChatStream.text(of: seen) == "It flows.")
                #expect(seen.last == "[DONE]")
            }
        }

        @Test func aStreamWhoseConsumerIsGoneIsReleased() async throws {
            let redis = try await RedisServer.start()
            let daemon = try await Daemon.start(redis: redis.url, settings: Self.long)
            try await daemon.withClient { client in
                let body = try LookupBody.stream("Is anybody there?")
                await #expect(throws: Broken.self) {
                    _ = try await client.cachedEvents(body) {
                        Self.stream(ChatStream.payloads(of: ["Nobody."]))
                    } consume: { _ in
                        throw Broken()
                    }
                }
                let miss = try await client.lookup(body).miss()
                #expect(miss.reason == "absent")
                #expect(miss.lease?.state == "granted")
            }
        }

        @Test func aCutStreamIsRefusedAndItsLeaseGivenUp() async throws {
            let redis = try await RedisServer.start()
            let daemon = try await Daemon.start(redis: redis.url, settings: Self.long)
            try await daemon.withClient { client in
                let body = try LookupBody.stream("Where does it end?")
                let payloads = ChatStream.payloads(of: ["Here."]).dropLast(2)
                let use = try await client.cachedEvents(body) {
                    Self.stream(Array(payloads))
                } consume: { _ in
                }
                #expect(use.stored?.reason == "truncated")
                #expect(try await client.lookup(body).miss().lease?.state == "granted")
            }
        }

        @Test func withoutAServerTheUpstreamAnswers() async throws {
            let redis = try await RedisServer.start()
            let daemon = try await Daemon.start(redis: redis.url)
            try await daemon.withClient { client in
                daemon.kill()
                let body = try LookupBody.chat("Is it gone?")
                let answer = try await client.cached(body) { Self.answer("Gone.") }
                #expect(answer.response == Self.answer("Gone."))
                guard case .unreachable = answer.use.failure else {
                    Issue.record("the failure is \(String(describing: answer.use.failure))")
                    return
                }
            }
        }

        @Test func aServerThatDiesMeanwhileCostsTheStoreAlone() async throws {
            let redis = try await RedisServer.start()
            let daemon = try await Daemon.start(redis: redis.url)
            try await daemon.withClient { client in
                let answer = try await client.cached(.chat("Is it dying?")) {
                    daemon.kill()
                    return Self.answer("Dead.")
                }
                #expect(answer.response == Self.answer("Dead."))
                #expect(answer.use.stored == nil)
                #expect(answer.use.failure != nil)
            }
        }

        @Test func withAWrongKeyTheUpstreamAnswersAndTheFailureSaysSo() async throws {
            let redis = try await RedisServer.start()
            var keys = Keys()
            keys.add("gateway", "read, write")
            let daemon = try await Daemon.start(redis: redis.url, keys: keys.text)
            let answer = try await daemon.withClient(apiKey: "key-of-nobody-qZ7x") { client in
                try await client.cached(.chat("Which key?")) { Self.answer("Another.") }
            }
            #expect(answer.response == Self.answer("Another."))
            #expect(answer.use.failure?.description.contains("401 unauthorized") == true)
        }

        @MainActor @Test func theUpstreamIsCalledWhereTheCallerIs() async throws {
            let redis = try await RedisServer.start()
            let daemon = try await Daemon.start(redis: redis.url)
            var calls = 0
            try await daemon.withClient { client in
                _ = try await client.cached(.chat("Whose actor is it?")) {
                    MainActor.assertIsolated()
                    calls += 1
                    return Self.answer("The caller's.")
                }
            }
            #expect(calls == 1)
        }
    }
}
