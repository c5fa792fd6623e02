import Redis
import RedisStorage
import SemanticCache
import SemanticCacheTesting
import Synchronization
import Testing

struct StatsOutageTests {
    private static let support = FlushTests.FlushCase.support

    /// Counts and flushes until told to stop, then until Redis has everything; returns what was counted.
    private func countWhile(
        _ deployment: Deployment,
        _ time: CountedTime,
        _ disturb: () async throws -> Void
    ) async throws -> Int64 {
        let flusher = deployment.flusher(time)
        let isDone = Flag()
        return try await withThrowingTaskGroup(of: Int64.self) { group in
            group.addTask {
                var counted: Int64 = 0
                while !isDone.isSet {
                    counted += Deployment.counts().lookups
                    await flusher.flush([Self.support: Deployment.counts()], status: Deployment.status())
                }
                try await eventually("everything is in Redis") {
                    await flusher.flush([:], status: Deployment.status())
                }
                return counted
            }
            do {
                try await disturb()
            } catch {
                isDone.set()
                throw error
            }
            isDone.set()
            return try await group.next() ?? 0
        }
    }

    @Test func countsAreExactAlthoughRedisIsKilledWhileTheyAreFlushed() async throws {
        var options = RedisServer.Options()
        options.persistence = true
        try await withRedisServer(options) { server in
            try await Deployment.run(server) { deployment in
                let time = CountedTime()
                let counted = try await countWhile(deployment, time) {
                    for _ in 0..<3 {
                        try await Task.sleep(for: .milliseconds(150))
                        server.kill()
                        try await server.restart()
                        try await deployment.client.waitUntilAvailable(within: .seconds(60))
                    }
                }
                let report = try await deployment.reader(time).report(namespace: nil, window: .all)
                #expect(report.counts.lookups == counted)
            }
        }
    }

    @Test func countsAreExactAlthoughConnectionsBreak() async throws {
        try await withRedisServer { server in
            try await Deployment.run(server) { deployment in
                let time = CountedTime()
                let counted = try await countWhile(deployment, time) {
                    for _ in 0..<20 {
                        try await Task.sleep(for: .milliseconds(20))
                        try server.command("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes")
                    }
                }
                try await deployment.client.waitUntilAvailable(within: .seconds(60))
                for window in [StatsWindow.hour, .all] {
                    let report = try await deployment.reader(time).report(namespace: nil, window: window)
                    #expect(report.counts.lookups == counted)
                }
            }
        }
    }

    @Test func aBatchWhoseAnswerWasLostCountsOnce() async throws {
        try await withRedisServer { server in
            try await Deployment.run(server) { deployment in
                let time = CountedTime()
                let flusher = deployment.flusher(time)
                #expect(await flusher.flush([Self.support: Deployment.counts()], status: Deployment.status()))
                // Redis finds the batch in its socket when it goes on; by then the flusher has given its answer up.
                server.pause()
                #expect(await !flusher.flush([Self.support: Deployment.counts()], status: Deployment.status()))
                server.resume()
                try await eventually("everything is in Redis") {
                    await flusher.flush([:], status: Deployment.status())
                }
                let report = try await deployment.reader(time).report(namespace: nil, window: .all)
                #expect(report.counts.lookups == 2 * Deployment.counts().lookups)
            }
        }
    }

    @Test func countsWaitWhileRedisIsFull() async throws {
        try await withRedisServer { server in
            try await Deployment.run(server) { deployment in
                let time = CountedTime()
                let flusher = deployment.flusher(time)
                try server.command("CONFIG", "SET", "maxmemory", "1")
                for _ in 0..<3 {
                    #expect(await !flusher.flush([Self.support: Deployment.counts()], status: Deployment.status()))
                }
                try server.command("CONFIG", "SET", "maxmemory", "0")
                #expect(await flusher.flush([:], status: Deployment.status()))
                let report = try await deployment.reader(time).report(namespace: nil, window: .all)
                #expect(report.counts.lookups == 3 * Deployment.counts().lookups)
            }
        }
    }

    @Test func aBatchSentTwiceCountsOnce() async throws {
        try await withRedisServer { server in
            try await Deployment.run(server) { deployment in
                let time = CountedTime()
                let flusher = deployment.flusher(time)
                // Several tasks flush at once; each may send what another one has not heard the answer to.
                await withTaskGroup(of: Void.self) { group in
                    for _ in 0..<20 {
                        group.addTask {
                            await flusher.flush([Self.support: Deployment.counts()], status: Deployment.status())
                        }
                    }
                }
                _ = await flusher.flush([:], status: Deployment.status())
                let report = try await deployment.reader(time).report(namespace: nil, window: .all)
                #expect(report.counts.lookups == 20 * Deployment.counts().lookups)
            }
        }
    }

    @Test func reportWithoutRedisSaysSo() async throws {
        try await withRedisServer { server in
            try await Deployment.run(server) { deployment in
                server.kill()
                await #expect(throws: AdministrationError.redisUnavailable) {
                    try await deployment.reader(CountedTime()).report(namespace: nil, window: .hour)
                }
            }
        }
    }
}

/// Set once, read by another task.
private final class Flag: Sendable {
    private let value = Mutex(false)

    var isSet: Bool { value.withLock { $0 } }

    func set() { value.withLock { $0 = true } }
}
