import NIOCore
import Redis
import SemanticCacheTesting
import Testing

@Suite struct OutageTests {
    @Test func killedServerFailsCommandsAtOnceAndServesAgainAfterARestart() async throws {
        try await withRedisServer { server in
            let connection = try HostedConnection(server.url)
            try await connection.up()
            server.kill()
            try await eventually("the loss is noticed") { try await connection.on { !$0.isAvailable } }
            let started = ContinuousClock.now
            for _ in 0..<100 {
                let code = try await connection.send("PING").code
                #expect(code == .notConnected || code == .breakerOpen)
            }
            // Far below a deadline each: nothing waited.
            #expect(ContinuousClock.now - started < .seconds(10))
            try await eventually("the breaker opens") {
                guard case .breakerOpen(let error) = try await connection.on({ $0.state }) else { return false }
                return error.contains("cannot connect to redis://127.0.0.1:")
            }
            #expect(try await connection.send("PING").code == .breakerOpen)
            try await server.restart()
            try await eventually("it serves again") { try await connection.send("PING").value == .status("PONG") }
            #expect(try await connection.on { $0.connectCount } == 2)
            try await connection.close()
        }
    }

    @Test func silentServerCostsOneDeadlineAndServesAgainWhenItGoesOn() async throws {
        try await withRedisServer { server in
            let connection = try HostedConnection(server.url)
            try await connection.up()
            server.pause()
            let results = try await connection.send(
                RedisCommand("PING"),
                RedisCommand("PING"),
                deadline: .milliseconds(50)
            )
            #expect(results.map(\.code) == [.deadlineExceeded, .deadlineExceeded])
            #expect(try await connection.send("PING").code == .notConnected)
            try await eventually("the breaker opens") {
                guard case .breakerOpen = try await connection.on({ $0.state }) else { return false }
                return true
            }
            server.resume()
            try await eventually("it serves again") { try await connection.send("PING").value == .status("PONG") }
            // A reply of before the pause would have shifted all that follow.
            for number in 0..<50 {
                #expect(try await connection.send("ECHO", "\(number)").value?.integer == Int64(number))
            }
            try await connection.close()
        }
    }

    @Test func onlyThoseWhoseDeadlinePassedAreToldSo() async throws {
        try await withRedisServer { server in
            let connection = try HostedConnection(server.url)
            try await connection.up()
            server.pause()
            async let patient = connection.send("PING", deadline: .seconds(60))
            try await eventually("it is in flight") { try await connection.on { $0.inFlight == 1 } }
            #expect(try await connection.send("PING", deadline: .milliseconds(20)).code == .deadlineExceeded)
            #expect(try await patient.code == .connectionClosed)
            try await connection.close()
        }
    }

    @Test func blockingReadMayOutlastTheUsualDeadline() async throws {
        try await withRedisServer { server in
            let connection = try HostedConnection(server.url) { $0.commandDeadline = .milliseconds(50) }
            try await connection.up()
            let result = try await connection.send("BLPOP", "absent", "0.3", deadline: .seconds(30))
            #expect(result.value == .null)
            #expect(try await connection.on { $0.connectCount } == 1)
            try await connection.close()
        }
    }

    @Test func serverThatIsAbsentAtTheStartIsFoundLater() async throws {
        try await withRedisServer { server in
            server.kill()
            let connection = try HostedConnection(server.unixURL)
            try await connection.on { $0.start() }
            try await eventually("an attempt failed") { try await connection.on { $0.state.lastError != nil } }
            try await server.restart()
            try await eventually("it serves") { try await connection.on { $0.isAvailable } }
            try await connection.close()
        }
    }

    @Test func loadingServerIsNotAvailableUntilItHasLoaded() async throws {
        var options = RedisServer.Options()
        options.persistence = true
        options.arguments = ["--enable-debug-command", "yes", "--aof-use-rdb-preamble", "no"]
        try await withRedisServer(options) { server in
            try server.command("DEBUG", "POPULATE", "20000")
            try server.command("SET", "key", "value")
            try server.command("CONFIG", "SET", "auto-aof-rewrite-percentage", "0")
            try server.command("BGREWRITEAOF")
            try await eventually("the data is in the file") {
                try server.command("INFO", "persistence").text?.contains("aof_rewrite_in_progress:0") == true
            }
            await server.stop()
            // Loading then takes 20,000 times this, in microseconds.
            try server.launch(further: ["--key-load-delay", "500", "--loading-process-events-interval-bytes", "1024"])
            let connection = try HostedConnection(server.unixURL)
            try await connection.on { $0.start() }
            try await eventually("the state tells that it loads") {
                try await connection.on { $0.state.lastError }?.contains("LOADING") == true
            }
            #expect(try await connection.on { !$0.isAvailable })
            try server.command("CONFIG", "SET", "key-load-delay", "0")
            try await eventually("it serves") { try await connection.on { $0.isAvailable } }
            #expect(try await connection.send("GET", "key").value == .bulk(Array("value".utf8)))
            try await connection.close()
        }
    }

    @Test func idleConnectionToASilentServerIsNoticed() async throws {
        try await withRedisServer { server in
            let connection = try HostedConnection(server.url) {
                $0.idleCheckInterval = .milliseconds(20)
                $0.commandDeadline = .milliseconds(500)
            }
            try await connection.up()
            try await eventually("it was asked") {
                try server.command("INFO", "commandstats").text?.contains("cmdstat_ping:calls=") == true
            }
            server.pause()
            try await eventually("the loss is noticed") { try await connection.on { !$0.isAvailable } }
            try await connection.close()
        }
    }

    @Test func serverThatReadsNothingIsOverloadedBeforeMemoryIs() async throws {
        try await withRedisServer { server in
            let connection = try HostedConnection(server.url) { $0.maxUnsentBytes = 2 * 1024 * 1024 }
            try await connection.up()
            server.pause()
            let body = [UInt8](repeating: 0, count: 1024 * 1024)
            let refused = try await connection.on { connection in
                (0..<100).map { _ in
                    let refused = NIOLoopBoundBox(false, eventLoop: connection.eventLoop)
                    connection.send(RedisCommand("SET", [0], body), deadline: .now() + .seconds(60)) { result in
                        refused.value = result.code == .overloaded
                    }
                    return refused.value
                }
            }
            // What was taken is the limit, one more, and what the kernel's buffers hold.
            #expect(refused.first == false)
            #expect(refused.last == true)
            #expect(refused.count { !$0 } < 50)
            server.resume()
            try await connection.close()
        }
    }

    @Test func closingWhileConnectingEnds() async throws {
        try await withRedisServer { server in
            server.pause()
            let connection = try HostedConnection(server.url)
            try await connection.on { connection in
                connection.start()
                connection.close()
            }
            try await connection.close()
            for pause in [0, 1, 50] {
                let connection = try HostedConnection(server.url)
                try await connection.on { $0.start() }
                try await Task.sleep(for: .milliseconds(pause))
                try await connection.close()
                #expect(try await connection.on { $0.state } == .closed)
            }
        }
    }
}
