import Logging
import NIOCore
import NIOPosix
import Redis
import SemanticCacheTesting
import Testing

@Suite struct RedisClientTests {
    private func client(_ url: String, _ change: (inout RedisConfiguration) -> Void = { _ in }) throws -> RedisClient {
        var configuration = RedisConfiguration(endpoint: try RedisEndpoint(url: url))
        configuration.commandDeadline = .seconds(20)
        change(&configuration)
        return RedisClient(
            configuration: configuration,
            group: MultiThreadedEventLoopGroup.singleton,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
    }

    @Test func commandsScriptsAndPipelinesAreAnswered() async throws {
        try await withRedisServer { server in
            let client = try client(server.url)
            #expect(client.state == .idle)
            client.start()
            try await client.waitUntilAvailable()
            #expect(client.state == .up)
            #expect(try await client.send(RedisCommand(words: ["SET", "a", "1"])) == .status("OK"))
            let script = RedisScript("return redis.call('INCRBY', KEYS[1], ARGV[1])")
            #expect(
                try await client.eval(script, keys: [Array("a".utf8)], arguments: [Array("41".utf8)]) == .integer(42)
            )
            let results = await client.pipeline([
                RedisCommand(words: ["GET", "a"]), RedisCommand(words: ["LPOP", "a"]), RedisCommand("PING"),
            ])
            #expect(results.map { try? $0.get().text } == ["42", nil, "PONG"])
            #expect(results[1].value?.serverError?.code == "WRONGTYPE")
            await client.shutdown()
            #expect(client.state == .closed)
            await client.shutdown()
        }
    }

    @Test func waitingForAnAbsentServerEndsWithTheReason() async throws {
        let client = try client("redis://127.0.0.1:\(RedisServer.freePort())")
        client.start()
        let error = await #expect(throws: RedisError.self) {
            try await client.waitUntilAvailable(within: .milliseconds(200))
        }
        #expect(error?.code == .notConnected)
        #expect(error?.message.contains("refused") == true)
        await #expect(throws: RedisError.self) { try await client.send(RedisCommand("PING")) }
        await client.shutdown()
        let after = await #expect(throws: RedisError.self) { try await client.waitUntilAvailable() }
        #expect(after?.code == .shutDown)
    }

    @Test func canceledTaskStopsWaitingAndTheConnectionStays() async throws {
        try await withRedisServer { server in
            let client = try client(server.url)
            client.start()
            try await client.waitUntilAvailable()
            let blocked = Task {
                try await client.send(
                    RedisCommand(words: ["XREAD", "BLOCK", "0", "STREAMS", "s", "$"]),
                    deadline: .now() + .seconds(600)
                )
            }
            try await eventually("it blocks") {
                try server.command("INFO", "clients").text?.contains("blocked_clients:1") == true
            }
            blocked.cancel()
            let error = await #expect(throws: RedisError.self) { try await blocked.value }
            #expect(error?.code == .canceled)
            try server.command("XADD", "s", "*", "f", "v")
            #expect(try await client.send(RedisCommand("PING")) == .status("PONG"))
            await client.shutdown()
        }
    }

    @Test func runServesUntilItsTaskIsCanceled() async throws {
        try await withRedisServer { server in
            let client = try client(server.unixURL)
            try await withThrowingTaskGroup { group in
                group.addTask { await client.run() }
                try await client.waitUntilAvailable()
                #expect(try await client.send(RedisCommand("PING")) == .status("PONG"))
                group.cancelAll()
                try await group.waitForAll()
            }
            #expect(client.state == .closed)
        }
    }

    @Test func runEndsWhenTheClientIsShutDown() async throws {
        try await withRedisServer { server in
            let client = try client(server.unixURL)
            async let running: Void = client.run()
            try await client.waitUntilAvailable()
            await client.shutdown()
            await running
            #expect(client.state == .closed)
        }
    }

    @Test func manyTasksShareOneConnection() async throws {
        try await withRedisServer { server in
            let client = try client(server.url)
            client.start()
            try await client.waitUntilAvailable()
            try await withThrowingTaskGroup { group in
                for number in 0..<500 {
                    group.addTask {
                        try await client.send(RedisCommand(words: ["ECHO", "\(number)"])).integer == Int64(number)
                    }
                }
                for try await isRight in group { #expect(isRight) }
            }
            #expect(try server.command("INFO", "stats").text?.contains("rejected_connections:0") == true)
            await client.shutdown()
        }
    }
}
