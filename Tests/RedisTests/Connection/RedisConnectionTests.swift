import NIOCore
import Redis
import SemanticCacheTesting
import Testing

@Suite struct RedisConnectionTests {
    @Test func commandsAreAnsweredOverTCPAndUnixSocket() async throws {
        try await withRedisServer { server in
            for url in [server.url, server.unixURL] {
                let connection = try HostedConnection(url)
                try await connection.up()
                #expect(try await connection.send("SET", "key", url).value == .status("OK"))
                #expect(try await connection.send("GET", "key").value == .bulk(Array(url.utf8)))
                #expect(try await connection.send("GET", "absent").value == .null)
                #expect(try await connection.send("NONSENSE").value?.serverError?.code == "ERR")
                try await connection.close()
            }
        }
    }

    @Test func databaseIsSelectedAndTheClientIsNamed() async throws {
        try await withRedisServer { server in
            let connection = try HostedConnection("redis://127.0.0.1:\(server.port)/7")
            try await connection.up()
            let text = try await connection.send("CLIENT", "INFO").value?.text ?? ""
            #expect(text.contains(" db=7 "))
            #expect(text.contains(" name=semcached "))
            #expect(text.contains(" resp=2"))
            try await connection.close()
        }
    }

    @Test func absentDatabaseIsNamedInTheState() async throws {
        try await withRedisServer { server in
            let connection = try HostedConnection("redis://127.0.0.1:\(server.port)/99")
            try await connection.on { $0.start() }
            try await eventually("the state names the database") {
                try await connection.on { $0.state.lastError }?.contains("cannot select the database") == true
            }
            try await connection.close()
        }
    }

    @Test func commandsOfOneTickShareOneWrite() async throws {
        try await withRedisServer { server in
            let connection = try HostedConnection(server.unixURL)
            try await connection.up()
            let before = try await connection.on { $0.flushCount }
            let done = connection.loop.makePromise(of: [RedisValue?].self)
            try await connection.on { connection in
                let results = NIOLoopBoundBox([RedisValue?](), eventLoop: connection.eventLoop)
                for number in 0..<1000 {
                    let key = Array("\(number)".utf8)
                    connection.send(RedisCommand("MGET", key, [0])) { result in
                        results.value.append(result.value)
                        if results.value.count == 1000 { done.succeed(results.value) }
                    }
                }
                #expect(connection.inFlight == 1000)
            }
            let values = try await done.futureResult.get()
            #expect(values == Array(repeating: .array([.null, .null]), count: 1000))
            #expect(try await connection.on { $0.flushCount } == before + 1)
            try await connection.close()
        }
    }

    @Test func repliesComeInTheOrderOfTheCommands() async throws {
        try await withRedisServer { server in
            let connection = try HostedConnection(server.url)
            try await connection.up()
            let done = connection.loop.makePromise(of: [Int64].self)
            try await connection.on { connection in
                let seen = NIOLoopBoundBox([Int64](), eventLoop: connection.eventLoop)
                for _ in 0..<500 {
                    connection.send(RedisCommand("INCR", Array("counter".utf8))) { result in
                        seen.value.append(result.value?.integer ?? -1)
                        if seen.value.count == 500 { done.succeed(seen.value) }
                    }
                }
            }
            #expect(try await done.futureResult.get() == Array(1...500))
            try await connection.close()
        }
    }

    @Test func valueOfFourMebibytesGoesThereAndBack() async throws {
        try await withRedisServer { server in
            let connection = try HostedConnection(server.url) { $0.commandDeadline = .seconds(20) }
            try await connection.up()
            let body = (0..<4 * 1024 * 1024).map { UInt8(truncatingIfNeeded: $0 &* 17) }
            let results = try await connection.send(
                RedisCommand("SET", Array("big".utf8), body),
                RedisCommand("GET", Array("big".utf8)),
                RedisCommand("GET", Array("big".utf8))
            )
            #expect(results.map(\.value) == [.status("OK"), .bulk(body), .bulk(body)])
            try await connection.close()
        }
    }

    @Test func completionMaySendAndCloseFromInside() async throws {
        try await withRedisServer { server in
            let connection = try HostedConnection(server.url)
            try await connection.up()
            let done = connection.loop.makePromise(of: [String].self)
            try await connection.on { connection in
                let log = NIOLoopBoundBox([String](), eventLoop: connection.eventLoop)
                connection.send(RedisCommand("PING")) { [unowned connection] result in
                    log.value.append("first \(result.value?.text ?? "")")
                    connection.send(RedisCommand("ECHO", Array("in flight".utf8))) { result in
                        log.value.append("sent inside: \(result.code == .shutDown)")
                        done.succeed(log.value)
                    }
                    connection.close()
                    connection.send(RedisCommand("PING")) { result in
                        log.value.append("after close: \(result.code == .shutDown)")
                    }
                }
                connection.send(RedisCommand("PING")) { result in
                    log.value.append("second: \(result.code == .shutDown)")
                }
            }
            let expected = ["first PONG", "second: true", "sent inside: true", "after close: true"]
            #expect(Set(try await done.futureResult.get()).isSubset(of: expected))
            try await connection.close()
        }
    }

    @Test func moreInFlightThanAllowedIsOverloaded() async throws {
        try await withRedisServer { server in
            let connection = try HostedConnection(server.url) { $0.maxInFlight = 4 }
            try await connection.up()
            let results = try await connection.send(
                RedisCommand("PING"),
                RedisCommand("PING"),
                RedisCommand("PING"),
                RedisCommand("PING"),
                RedisCommand("PING"),
                RedisCommand("PING")
            )
            #expect(results.map(\.code) == [nil, nil, nil, nil, .overloaded, .overloaded])
            #expect(try await connection.send("PING").value == .status("PONG"))
            try await connection.close()
        }
    }

    @Test func passedDeadlineFailsWithoutHarmToTheConnection() async throws {
        try await withRedisServer { server in
            let connection = try HostedConnection(server.url)
            try await connection.up()
            #expect(try await connection.send("PING", deadline: .seconds(-1)).code == .deadlineExceeded)
            #expect(try await connection.send("PING").value == .status("PONG"))
            #expect(try await connection.on { $0.connectCount } == 1)
            try await connection.close()
        }
    }

    @Test func nothingIsTakenBeforeTheStartAndAfterTheClose() async throws {
        let connection = try HostedConnection("redis://127.0.0.1:1")
        #expect(try await connection.on { $0.state } == .idle)
        #expect(try await connection.send("PING").code == .notConnected)
        try await connection.close()
        #expect(try await connection.send("PING").code == .shutDown)
        #expect(try await connection.on { $0.state } == .closed)
        try await connection.close()
    }

    @Test func fullServerRefusesAndTheConnectionStays() async throws {
        try await withRedisServer { server in
            try server.command("CONFIG", "SET", "maxmemory", "1")
            let connection = try HostedConnection(server.url)
            try await connection.up()
            for _ in 0..<20 {
                #expect(try await connection.send("SET", "key", "value").value?.serverError?.code == "OOM")
            }
            try server.command("CONFIG", "SET", "maxmemory", "0")
            try server.command("REPLICAOF", "127.0.0.1", "1")
            #expect(try await connection.send("SET", "key", "value").value?.serverError?.code == "READONLY")
            #expect(try await connection.on { $0.connectCount } == 1)
            try await connection.close()
        }
    }

    @Test func scriptRunsByDigestAndComesBackAfterScriptFlush() async throws {
        try await withRedisServer { server in
            let connection = try HostedConnection(server.url)
            try await connection.up()
            let script = RedisScript("redis.call('INCR', KEYS[1]) return {KEYS[1], ARGV[1]}")
            for _ in 0..<2 {
                for _ in 0..<3 {
                    let done = connection.loop.makePromise(of: RedisValue?.self)
                    try await connection.on {
                        $0.eval(script, keys: [Array("runs".utf8)], arguments: [[0, 255]]) { done.succeed($0.value) }
                    }
                    #expect(try await done.futureResult.get() == .array([.bulk(Array("runs".utf8)), .bulk([0, 255])]))
                }
                try server.command("SCRIPT", "FLUSH")
            }
            #expect(try server.command("GET", "runs") == .text("6"))
            let statistics = try server.command("INFO", "commandstats").text ?? ""
            #expect(statistics.contains("cmdstat_eval:calls=2,"))
            #expect(statistics.contains("cmdstat_evalsha:calls=6,"))
            try await connection.close()
        }
    }

    @Test func droppedConnectionClosesItsSocket() async throws {
        try await withRedisServer { server in
            do {
                let connection = try HostedConnection(server.url)
                try await connection.up()
            }
            try await eventually("only the asking client is left") {
                try server.command("CLIENT", "LIST").text?.contains("name=semcached") == false
            }
        }
    }
}
