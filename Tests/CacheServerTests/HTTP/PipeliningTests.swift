import CacheServer
import Foundation
import NIOCore
import Testing

@Suite struct PipeliningTests {
    @Test func noMoreRequestsOfAConnectionAreWorkedOnThanTheLimitSays() async throws {
        var configuration = ServerConfiguration()
        configuration.maximumPipelinedRequests = 8
        let server = try await TestServer.start(configuration: configuration)
        let connection = try RawConnection(port: server.port)
        let all = (0..<200).map { _ in lookup("after-2") }.joined() + lookup("last-0", headers: "connection: close\r\n")
        connection.send(all)
        let text = await connection.receive()
        #expect(text.components(separatedBy: "HTTP/1.1 200 OK").count == 202)
        #expect(text.contains("\"last-0\""))
        #expect(server.load.peak == 8)
        connection.close()
        try await server.stop()
    }

    @Test func manyPipelinedRequestsToASlowReaderAreAllAnsweredInOrder() async throws {
        let server = try await TestServer.start()
        let connection = try RawConnection(port: server.port)
        Thread.detachNewThread {
            for number in 0..<10_000 {
                connection.send("GET /healthz HTTP/1.1\r\nhost: x\r\nx-request-id: n\(number)\r\n\r\n")
            }
            connection.finishSending()
        }
        let bytes = await connection.receiveAll()
        let numbers = bytes.split(separator: "\r\n").filter { $0.hasPrefix("x-request-id: n") }
            .compactMap { Int($0.dropFirst(15)) }
        #expect(numbers == Array(0..<10_000))
        connection.close()
        try await server.stop()
    }

    @Test func aConnectionWhoseSendingHalfIsClosedIsClosedAfterItsAnswers() async throws {
        let server = try await TestServer.start()
        let connection = try RawConnection(port: server.port)
        connection.send(lookup("after-50") + lookup("after-100"))
        connection.finishSending()
        let text = await connection.receive()
        #expect(text.components(separatedBy: "HTTP/1.1 200 OK").count == 3)
        #expect(server.load.now == 0)
        connection.close()
        try await server.stop()
    }

    @Test(arguments: [
        "GET /healthz HTTP/1.1\r\nho", "POST /v1/lookup HTTP/1.1\r\nhost: x\r\ncontent-length: 9\r\n\r\n{",
    ])
    func aRequestThatEndsInTheMiddleIsCalledThat(request: String) async throws {
        let server = try await TestServer.start()
        let connection = try RawConnection(port: server.port)
        connection.send(request)
        connection.finishSending()
        let text = await connection.receive()
        #expect(text.hasPrefix("HTTP/1.1 400 "))
        #expect(text.contains("ended in the middle"))
        connection.close()
        try await server.stop()
    }

    @Test func aServerThatStopsAnswersAllThatWasSentBefore() async throws {
        let server = try await TestServer.start()
        let connection = try RawConnection(port: server.port)
        connection.send(lookup("after-400") + lookup("after-200") + lookup("after-300"))
        while server.load.now < 3 { try await Task.sleep(for: .milliseconds(5)) }
        async let stopped: Void = server.stop(grace: .seconds(20))
        let text = await connection.receive()
        let order = text.matches(of: /"response":"([a-z]+-[0-9]+)"/).map { String($0.1) }
        #expect(order == ["after-400", "after-200", "after-300"])
        connection.close()
        try await stopped
    }

    @Test func aClientThatWaitsToContinueBehindAnotherAnswerMayContinue() async throws {
        let server = try await TestServer.start()
        let connection = try RawConnection(port: server.port)
        let request = lookup("at-0", headers: "expect: 100-continue\r\n")
        let end = try #require(request.range(of: "\r\n\r\n")?.upperBound)
        connection.send(lookup("after-100") + String(request[..<end]))
        let go = await connection.receive { $0.hasSuffix("HTTP/1.1 100 Continue\r\n\r\n") }
        #expect(go.hasPrefix("HTTP/1.1 200 OK"))
        connection.send(String(request[end...]))
        #expect(await connection.receive { $0.contains("\"saved\"") }.hasPrefix("HTTP/1.1 200 OK"))
        connection.close()
        try await server.stop()
    }

    @Test func aConnectionOverTheLimitIsClosedAndTheOthersServed() async throws {
        var configuration = ServerConfiguration()
        configuration.maximumConnections = 2
        let server = try await TestServer.start(configuration: configuration)
        let first = try RawConnection(port: server.port)
        let second = try RawConnection(port: server.port)
        for connection in [first, second] {
            connection.send(lookup("at-0"))
            #expect(await connection.receive { $0.contains("\"saved\"") }.hasPrefix("HTTP/1.1 200 OK"))
        }
        let third = try RawConnection(port: server.port)
        #expect(await third.receive() == "")
        first.send(lookup("at-0", headers: "connection: close\r\n"))
        #expect(await first.receive().hasPrefix("HTTP/1.1 200 OK"))
        for connection in [first, second, third] { connection.close() }
        try await server.stop()
    }
}
