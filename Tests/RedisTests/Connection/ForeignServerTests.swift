import NIOCore
import NIOPosix
import Redis
import SemanticCacheTesting
import Synchronization
import Testing

@Suite struct ForeignServerTests {
    @Test func replyThatComesByteByByteIsWhole() async throws {
        let server = try await FakeServer.start { words in
            .drip(Array("*2\r\n$\(words[1].utf8.count)\r\n\(words[1])\r\n*1\r\n:-7\r\n".utf8))
        }
        let connection = try HostedConnection(server.url) { $0.commandDeadline = .seconds(20) }
        try await connection.up()
        let results = try await connection.send(RedisCommand("A", Array("one".utf8)), RedisCommand("B", [13, 10]))
        #expect(
            results.map(\.value) == [
                .array([.bulk(Array("one".utf8)), .array([.integer(-7)])]),
                .array([.bulk([13, 10]), .array([.integer(-7)])]),
            ]
        )
        try await connection.close()
        try await server.stop()
    }

    @Test(arguments: [
        "HTTP/1.1 400 Bad Request\r\n\r\n", "\0\0\0", "$abc\r\n",
        "*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n:1\r\n",
        "%0\r\n",
    ])
    func garbageClosesTheConnectionAndTheNextOneServes(_ garbage: String) async throws {
        let isBad = Mutex(true)
        let server = try await FakeServer.start { _ in
            isBad.withLock { $0 } ? .bytes(Array(garbage.utf8)) : .bytes(Array("+good\r\n".utf8))
        }
        let connection = try HostedConnection(server.url) { $0.commandDeadline = .seconds(20) }
        try await connection.up()
        let results = try await connection.send(RedisCommand("GET"), RedisCommand("GET"))
        #expect(results.map(\.code) == [.protocolViolation, .protocolViolation])
        isBad.withLock { $0 = false }
        try await eventually("it serves") { try await connection.send("GET").value == .status("good") }
        try await connection.close()
        try await server.stop()
    }

    @Test(arguments: ["+unasked\r\n", "$100\r\nabc"])
    func unaskedBytesCloseTheConnection(_ bytes: String) async throws {
        let server = try await FakeServer.start { _ in .bytes(Array("+asked\r\n\(bytes)".utf8)) }
        let connection = try HostedConnection(server.url) { $0.idleCheckInterval = .seconds(600) }
        try await connection.up()
        #expect(try await connection.send("GET").value == .status("asked"))
        try await eventually("a new connection is made") { try await connection.on { $0.connectCount } == 2 }
        try await connection.close()
        try await server.stop()
    }

    @Test func halfAReplyAndACloseIsConnectionClosed() async throws {
        let server = try await FakeServer.start { _ in .close(after: Array("$100\r\nabc".utf8)) }
        let connection = try HostedConnection(server.url)
        try await connection.up()
        let results = try await connection.send(RedisCommand("GET"), RedisCommand("GET"))
        #expect(results.map(\.code) == [.connectionClosed, .connectionClosed])
        try await connection.close()
        try await server.stop()
    }

    @Test func breakerOpensWhenTheServerPingsButNeverAnswersCommands() async throws {
        let answers = Mutex(false)
        let commands = Mutex(0)
        let server = try await FakeServer.start { _ in
            commands.withLock { $0 += 1 }
            return answers.withLock { $0 } ? .bytes(Array("+good\r\n".utf8)) : .silence
        }
        let connection = try HostedConnection(server.url) {
            $0.commandDeadline = .milliseconds(10)
            $0.failuresToOpen = 3
            $0.probeInterval = .seconds(3)
        }
        try await connection.up()
        var codes: [RedisError.Code] = []
        try await eventually("the breaker opens") {
            if let code = try await connection.send("GET").code { codes.append(code) }
            return codes.last == .breakerOpen
        }
        #expect(codes.count { $0 == .deadlineExceeded } == 3)
        #expect(commands.withLock { $0 } == 3)
        answers.withLock { $0 = true }
        try await eventually("it serves") { try await connection.send("GET").value == .status("good") }
        try await connection.close()
        try await server.stop()
    }

    @Test func serverThatBeginsToLoadIsLeftUntilItPings() async throws {
        let isLoading = Mutex(true)
        let server = try await FakeServer.start { _ in
            isLoading.withLock { $0 }
                ? .bytes(Array("-LOADING Redis is loading\r\n".utf8)) : .bytes(Array("+good\r\n".utf8))
        }
        let connection = try HostedConnection(server.url)
        try await connection.up()
        #expect(try await connection.send("GET").value?.serverError?.code == "LOADING")
        isLoading.withLock { $0 = false }
        try await eventually("it serves") { try await connection.send("GET").value == .status("good") }
        #expect(try await connection.on { $0.connectCount } == 2)
        try await connection.close()
        try await server.stop()
    }

    @Test(arguments: ["-READONLY You can't write against a read only replica.\r\n", "-UNBLOCKED force unblock\r\n"])
    func connectionToAServerThatBecameAReplicaIsMadeAnew(_ reply: String) async throws {
        let isReplica = Mutex(true)
        let server = try await FakeServer.start { _ in
            .bytes(Array((isReplica.withLock { $0 } ? reply : "+good\r\n").utf8))
        }
        let connection = try HostedConnection(server.url)
        try await connection.up()
        // Whoever asked is told as it is.
        #expect(try await connection.send("SET").value?.serverError != nil)
        isReplica.withLock { $0 = false }
        try await eventually("it serves") { try await connection.send("SET").value == .status("good") }
        #expect(try await connection.on { $0.connectCount } == 2)
        try await connection.close()
        try await server.stop()
    }

    @Test func aReplicaForGoodIsReadFromAndSeldomLeft() async throws {
        let server = try await FakeServer.start { words in
            .bytes(Array((words == ["GET"] ? "+good\r\n" : "-READONLY no\r\n").utf8))
        }
        let connection = try HostedConnection(server.url) {
            $0.initialSearchInterval = .seconds(3600)
            $0.maximumSearchInterval = .seconds(3600)
        }
        try await connection.up()
        #expect(try await connection.send("SET").value?.serverError?.code == "READONLY")
        try await eventually("it is there again") { try await connection.send("GET").value == .status("good") }
        for _ in 0..<20 {
            #expect(try await connection.send("SET").value?.serverError?.code == "READONLY")
            #expect(try await connection.send("GET").value == .status("good"))
        }
        #expect(try await connection.on { $0.connectCount } == 2)
        try await connection.close()
        try await server.stop()
    }

    @Test(arguments: [FakeServer.Reaction.silence, .bytes(Array("-ERR no\r\n".utf8)), .close(after: [])])
    func serverThatDoesNotAnswerPingIsNotAvailable(_ reaction: FakeServer.Reaction) async throws {
        let server = try await FakeServer.start(greets: false) { words in
            words == ["PING"] ? reaction : .bytes(Array("+OK\r\n".utf8))
        }
        let connection = try HostedConnection(server.url) { $0.connectTimeout = .milliseconds(50) }
        try await connection.on { $0.start() }
        try await eventually("the breaker opens") {
            guard case .breakerOpen = try await connection.on({ $0.state }) else { return false }
            return true
        }
        #expect(try await connection.on { $0.connectCount } == 0)
        try await connection.close()
        try await server.stop()
    }
}
