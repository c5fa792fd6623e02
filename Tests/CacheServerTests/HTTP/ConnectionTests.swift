import CacheServer
import Foundation
import NIOCore
import Testing

@Suite struct ConnectionTests {
    @Test func pipelinedAnswersComeInTheOrderOfTheirRequests() async throws {
        let server = try await TestServer.start()
        let connection = try RawConnection(port: server.port)
        connection.send(lookup("after-80") + lookup("at-0") + lookup("after-20") + lookup("at-0"))
        let text = await connection.receive { $0.components(separatedBy: "\"saved\"").count == 5 }
        let order = text.matches(of: /"response":"([a-z]+-[0-9]+)"/).map { String($0.1) }
        #expect(order == ["after-80", "at-0", "after-20", "at-0"])
        connection.close()
        try await server.stop()
    }

    @Test func aRequestThatArrivesByteByByteIsAnswered() async throws {
        let server = try await TestServer.start()
        let connection = try RawConnection(port: server.port)
        for byte in lookup("at-0").utf8 { connection.send([byte]) }
        let text = await connection.receive { $0.contains("\"saved\"") }
        #expect(text.hasPrefix("HTTP/1.1 200 OK\r\n"))
        connection.close()
        try await server.stop()
    }

    @Test func aChunkedBodyIsRead() async throws {
        let server = try await TestServer.start()
        let connection = try RawConnection(port: server.port)
        let body = #"{"namespace":"at-0","request":{"model":"m","messages":[]}}"#
        let half = body.utf8.count / 2
        let first = String(body.prefix(half))
        let second = String(body.dropFirst(half))
        connection.send("POST /v1/lookup HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n")
        connection.send("\(String(first.utf8.count, radix: 16))\r\n\(first)\r\n")
        connection.send("\(String(second.utf8.count, radix: 16))\r\n\(second)\r\n0\r\n\r\n")
        let text = await connection.receive { $0.contains("\r\n\r\n{") && $0.hasSuffix("}") }
        #expect(text.contains("\"status\":\"hit\""))
        connection.close()
        try await server.stop()
    }

    @Test func aClientThatAsksMayContinue() async throws {
        let server = try await TestServer.start()
        let connection = try RawConnection(port: server.port)
        let request = lookup("at-0", headers: "expect: 100-continue\r\n")
        let end = try #require(request.range(of: "\r\n\r\n")?.upperBound)
        connection.send(String(request[..<end]))
        let go = await connection.receive { $0.hasSuffix("\r\n\r\n") }
        #expect(go == "HTTP/1.1 100 Continue\r\n\r\n")
        connection.send(String(request[end...]))
        let text = await connection.receive { $0.contains("\"saved\"") }
        #expect(text.hasPrefix("HTTP/1.1 200 OK\r\n"))
        connection.close()
        try await server.stop()
    }

    @Test func theLastAnswerIsSentWholeBeforeTheConnectionCloses() async throws {
        let server = try await TestServer.start()
        let connection = try RawConnection(port: server.port)
        connection.send(lookup("after-20") + lookup("at-0", headers: "connection: close\r\n") + lookup("at-0"))
        let text = await connection.receive()
        #expect(text.components(separatedBy: "HTTP/1.1 200 OK").count == 3)
        #expect(text.contains("connection: close\r\n"))
        connection.close()
        try await server.stop()
    }

    @Test(arguments: [
        ("nonsense\r\n\r\n", "400 Bad Request"),
        ("GET / HTTP/1.1\r\nhost: x\r\nx: \(String(repeating: "y", count: 20_000))\r\n\r\n", "431"),
        ("GET /nowhere HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n", "404 Not Found"),
        ("QUERY /v1/lookup HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n", "405 Method Not Allowed"),
        ("PUT /v1/lookup HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n", "405 Method Not Allowed"),
        ("GET /healthz HTTP/1.0\r\n\r\n", "200 OK"),
        ("POST /v1/lookup HTTP/1.1\r\nhost: x\r\ncontent-length: 9999999\r\n\r\n", "413 Content Too Large"),
        (
            "POST /v1/flush HTTP/1.1\r\nhost: x\r\norigin: http://evil\r\ncontent-length: 0\r\nconnection: close\r\n\r\n",
            "403 Forbidden"
        ),
    ])
    func oddRequestsGetAnAnswerThatSaysWhatIsWrong(request: String, status: String) async throws {
        let server = try await TestServer.start()
        let connection = try RawConnection(port: server.port)
        connection.send(request)
        let text = await connection.receive()
        #expect(text.hasPrefix("HTTP/1.1 \(status)"), "\(text.prefix(200))")
        connection.close()
        try await server.stop()
    }

    @Test func aBodyThatGrowsOverTheLimitIsRefusedWhileItArrives() async throws {
        var configuration = ServerConfiguration()
        configuration.maximumBodyBytes = 1000
        let server = try await TestServer.start(configuration: configuration)
        let connection = try RawConnection(port: server.port)
        connection.send("POST /v1/lookup HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n")
        for _ in 0..<40 { connection.send("64\r\n\(String(repeating: "z", count: 100))\r\n") }
        let text = await connection.receive()
        #expect(text.hasPrefix("HTTP/1.1 413 "))
        #expect(text.contains("\"code\":\"payload_too_large\""))
        connection.close()
        try await server.stop()
    }

    @Test func aHeadThatDoesNotArriveIsNotWaitedForForever() async throws {
        var configuration = ServerConfiguration()
        configuration.headerTimeout = .milliseconds(100)
        let server = try await TestServer.start(configuration: configuration)
        let connection = try RawConnection(port: server.port)
        connection.send("POST /v1/lookup HTTP/1.1\r\nhost: x\r\n")
        let text = await connection.receive()
        #expect(text.hasPrefix("HTTP/1.1 408 "))
        connection.close()
        try await server.stop()
    }

    @Test func anIdleConnectionIsClosed() async throws {
        var configuration = ServerConfiguration()
        configuration.idleTimeout = .milliseconds(100)
        let server = try await TestServer.start(configuration: configuration)
        let connection = try RawConnection(port: server.port)
        #expect(await connection.receive() == "")
        connection.close()
        try await server.stop()
    }

    @Test func aRequestIDIsEchoedOnlyWhenItIsHarmless() async throws {
        let server = try await TestServer.start()
        let connection = try RawConnection(port: server.port)
        connection.send("GET /healthz HTTP/1.1\r\nhost: x\r\nx-request-id: abc-1\r\n\r\n")
        #expect(await connection.receive { $0.contains("\r\n\r\n{") }.contains("x-request-id: abc-1\r\n"))
        connection.send("GET /healthz HTTP/1.1\r\nhost: x\r\nx-request-id: a b\r\nconnection: close\r\n\r\n")
        let second = await connection.receive()
        #expect(!second.contains("a b"))
        #expect(second.contains("x-request-id: "))
        connection.close()
        try await server.stop()
    }

    @Test func anAgeBeyondAllTimesIsNoLimit() async throws {
        let server = try await TestServer.start()
        let connection = try RawConnection(port: server.port)
        let body = #"{"request":{"model":"m","messages":[]},"cache":{"s-maxage":9223372036854775807}}"#
        connection.send("POST /v1/lookup HTTP/1.1\r\nhost: x\r\ncontent-length: \(body.utf8.count)\r\n\r\n\(body)")
        #expect(await connection.receive { $0.hasSuffix("}") }.contains("\"status\":\"miss\""))
        connection.close()
        try await server.stop()
    }
}
