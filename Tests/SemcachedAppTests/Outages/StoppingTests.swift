import Glibc
import JSONScanning
import SemanticCacheTesting
import Testing

extension Outages {
    /// The daemon is stopped or killed.
    @Suite struct Stopping {
        @Test(arguments: 1...3)
        func stoppedPolitelyItCutsNoAnswerAndLosesNoCount(_ round: Int) async throws {
            let redis = try await RedisServer.start()
            let replica = try await ReplicaProcess.start(redis: redis.url)
            let load = QuestionLoad([replica], mayEnd: true)
            try await load.run(clients: 16) {
                try await load.serves(100 * round)
                replica.signal(SIGTERM)
                let status = await replica.waitForExit()
                #expect(status == 0)
            }
            load.expectNothingWrong("daemon stopped")
            let other = try await ReplicaProcess.start(redis: redis.url)
            let stats = try await other.stats()
            let record = load.record
            // One that was counted and whose answer nobody got would be one too many.
            #expect(stats["lookups"]?.int == record.lookups.values.reduce(0, +))
            #expect(stats["hits"]?["total"]?.int == record.lookups["hit", default: 0])
            #expect(stats["misses"]?.int == record.lookups["miss", default: 0])
            #expect(stats["bypasses"]?.int == record.lookups["bypass", default: 0])
            #expect(stats["stores"]?.int == record.stores["stored", default: 0])
        }

        @Test func stoppedPolitelyItAnswersThoseWhoWait() async throws {
            let redis = try await RedisServer.start()
            let replica = try await ReplicaProcess.start(redis: redis.url)
            try await hold("hi", at: replica)
            async let waiting = replica.lookup("hi", cache: #"{"wait_ms":60000}"#)
            try await untilSomebodyWaits(redis)
            replica.signal(SIGTERM)
            let answer = try await waiting
            #expect(answer.status == 200)
            #expect(answer.string("status") == "miss")
            #expect(answer["lease"]?["state"]?.string == "held")
            let status = await replica.waitForExit()
            #expect(status == 0)
        }

        @Test func stoppedPolitelyWhileRedisIsAwayForAMomentItLosesNoCount() async throws {
            let redis = try await RedisServer.start()
            let proxy = try await FaultyProxy.start(to: redis.port)
            let replica = try await ReplicaProcess.start(redis: proxy.url)
            let load = QuestionLoad([replica])
            try await load.run { try await load.serves(100) }
            proxy.set(.silence)
            #expect(try await replica.lookup("hi").string("status") == "bypass")
            replica.signal(SIGTERM)
            try await Task.sleep(for: .milliseconds(300))
            proxy.set(.none)
            let status = await replica.waitForExit()
            #expect(status == 0)
            let other = try await ReplicaProcess.start(redis: redis.url)
            #expect(try await other.stats()["lookups"]?.int == load.record.lookups.values.reduce(1, +))
        }

        @Test func killedItLosesAtMostWhatItCountedLast() async throws {
            let redis = try await RedisServer.start()
            let replica = try await ReplicaProcess.start(redis: redis.url)
            let other = try await ReplicaProcess.start(redis: redis.url)
            let load = QuestionLoad([replica], mayEnd: true)
            try await load.run { try await load.serves(200) }
            let counted = load.record.lookups.values.reduce(0, +)
            try await eventually("they are counted") { try await other.stats()["lookups"]?.int == counted }
            try await load.run {
                try await load.serves(50)
                replica.signal(SIGKILL)
                _ = await replica.waitForExit()
            }
            load.expectNothingWrong("daemon killed")
            let stats = try #require(try await other.stats()["lookups"]?.int)
            #expect(stats >= counted)
            // Each client may have missed one answer.
            #expect(stats <= load.record.lookups.values.reduce(8, +))
        }

        @Test func leaseOfAKilledReplicaIsTakenOver() async throws {
            let redis = try await RedisServer.start()
            let settings = "lease: { seconds: 1 }\n"
            let first = try await ReplicaProcess.start(redis: redis.url, settings: settings)
            let second = try await ReplicaProcess.start(redis: redis.url, settings: settings)
            let stale = try await hold("hi", at: first)
            async let waiting = second.lookup("hi", cache: #"{"wait_ms":9000}"#)
            first.signal(SIGKILL)
            _ = await first.waitForExit()
            let answer = try await waiting
            #expect(answer["lease"]?["state"]?.string == "granted")
            let ticket = try #require(answer.string("ticket"))
            #expect(try await second.store(ticket: ticket, "new").status == 201)
            #expect(try await second.store(ticket: stale, "old").string("reason") == "lease_lost")
            try await eventually("the new answer is there") { try await second.lookup("hi").text.contains("new") }
        }

        @Test(arguments: [true, false])
        func thoseWhoWaitAreBypassedWhenRedisDies(_ isKilled: Bool) async throws {
            let redis = try await RedisServer.start()
            let replica = try await ReplicaProcess.start(redis: redis.url)
            try await hold("hi", at: replica)
            let answers = try await withThrowingTaskGroup(of: Answer.self) { group in
                for _ in 0..<5 {
                    // Longer than the clients' patience: nobody waits for the time to be over.
                    group.addTask { try await replica.lookup("hi", cache: #"{"wait_ms":60000}"#) }
                }
                try await untilSomebodyWaits(redis)
                if isKilled { redis.kill() } else { redis.pause() }
                let began = ContinuousClock.now
                let answers = try await group.reduce(into: [Answer]()) { $0.append($1) }
                report(
                    "Redis \(isKilled ? "killed" : "stopped"): waiting lookups answered after",
                    ContinuousClock.now - began
                )
                return answers
            }
            for answer in answers {
                #expect(answer.status == 200)
                #expect(answer.string("status") == "bypass")
            }
        }

        /// Takes the lease of a question and gives the ticket.
        @discardableResult
        private func hold(_ question: String, at replica: ReplicaProcess) async throws -> String {
            var ticket: String?
            try await eventually("the lease is granted") {
                let answer = try await replica.lookup(question)
                if answer["lease"]?["state"]?.string == "granted" { ticket = answer.string("ticket") }
                return ticket != nil
            }
            return try #require(ticket)
        }

        private func untilSomebodyWaits(_ redis: RedisServer) async throws {
            try await eventually("somebody waits") { try redis.command("KEYS", "*}:q:*").elements?.isEmpty == false }
        }
    }
}
