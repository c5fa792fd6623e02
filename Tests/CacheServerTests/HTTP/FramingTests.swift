import CacheServer
import Foundation
import Testing

private let second = "GET /healthz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n"

/// What a server of its own answers to `request` until it closes the connection.
private func answer(to request: String, keys: AccessKeys? = nil) async throws -> String {
    let server = try await TestServer.start(keys: keys)
    let connection = try RawConnection(port: server.port)
    connection.send(request)
    let text = await connection.receive()
    connection.close()
    try await server.stop()
    return text
}

@Suite struct FramingTests {
    @Test(arguments: [
        "GET /healthz HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: h2c\r\n\r\n",
        lookup("at-0", headers: "connection: upgrade\r\nupgrade: websocket\r\n"),
        "CONNECT x:1 HTTP/1.1\r\nhost: x:1\r\n\r\n",
    ])
    func afterAnOfferOfAnotherProtocolTheConnectionIsClosed(request: String) async throws {
        let text = try await answer(to: request + second)
        #expect(text.contains("connection: close\r\n"))
        #expect(text.components(separatedBy: "HTTP/1.1 ").count == 2)
    }

    @Test(arguments: [
        ("GET /healthz HTTP/1.1\r\n\r\n", "400", "the Host header, which HTTP/1.1 requires, is missing"),
        ("GET /healthz HTTP/1.1\r\nhost: a\r\nHOST: b\r\n\r\n", "400", "the Host header appears twice"),
        (
            lookup("at-0", headers: "authorization: Bearer a\r\nAuthorization: Bearer b\r\n"), "400",
            "the Authorization header appears twice"
        ),
        (lookup("at-0", headers: "content-encoding: gzip\r\n"), "415", "the body is encoded as gzip"),
        ("GET /healthz HTTP/1.1\nhost: x\n\n", "400", "or the line does not end in CRLF"),
        ("GET /healthz HTTP/2.0\r\nhost: x\r\n\r\n", "400", "its version is not HTTP/1.0 or HTTP/1.1"),
        (lookup("at-0", headers: "transfer-encoding: chunked\r\n"), "400", "beside Transfer-Encoding"),
        (lookup("at-0", headers: "content-length: 3\r\n"), "400", "Content-Length twice"),
        (
            "POST /v1/lookup HTTP/1.1\r\nhost: x\r\ncontent-length: +5\r\n\r\nhello", "400",
            "Content-Length is not a number"
        ),
    ])
    func aRequestThatCouldBeReadInTwoWaysIsRefused(request: String, status: String, detail: String) async throws {
        let text = try await answer(to: request)
        #expect(text.hasPrefix("HTTP/1.1 \(status) "), "\(text)")
        #expect(text.contains(detail), "\(text)")
        #expect(text.contains("connection: close\r\n"))
    }

    @Test(arguments: ["http://x/healthz", "HTTPS://x:1/healthz?a=b"])
    func anAbsoluteTargetMeansItsPath(target: String) async throws {
        let text = try await answer(to: "GET \(target) HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")
        #expect(text.hasPrefix("HTTP/1.1 200 OK"))
    }

    @Test func aClientOfHTTP10IsToldThatTheConnectionStays() async throws {
        let first = "GET /healthz HTTP/1.0\r\nconnection: keep-alive\r\n\r\n"
        let text = try await answer(to: first + second)
        #expect(text.contains("connection: keep-alive\r\n"))
        #expect(text.components(separatedBy: "HTTP/1.1 200 OK").count == 3)
    }

    @Test func anEmptyBodyIsCalledEmpty() async throws {
        let text = try await answer(
            to: "POST /v1/lookup HTTP/1.1\r\nhost: x\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
        )
        #expect(text.contains("the body is empty"))
    }

    @Test(arguments: ["bearer good", "BEARER good", "Bearer good "])
    func theSchemeOfTheKeyIsReadInAnyCase(value: String) async throws {
        let keys = try AccessKeys([
            AccessKey(
                id: "k",
                digest: KeyDigest(of: Array("good".utf8)),
                scopes: [.read],
                namespaces: [#require(NamespacePattern("*"))]
            )
        ])
        let text = try await answer(
            to: lookup("at-0", headers: "authorization: \(value)\r\nconnection: close\r\n"),
            keys: keys
        )
        #expect(text.hasPrefix("HTTP/1.1 200 OK"))
    }

    @Test(arguments: [
        "", "Bearer", "Bearer ", "Bearer  good", "Basic good", "good", "Bearer good x", "Bearer\tgood", "Bearer Good",
    ])
    func whatIsNotTheKeyIsNotTakenForIt(value: String) async throws {
        let keys = try AccessKeys([
            AccessKey(
                id: "k",
                digest: KeyDigest(of: Array("good".utf8)),
                scopes: [.read],
                namespaces: [#require(NamespacePattern("*"))]
            )
        ])
        let text = try await answer(
            to: lookup("at-0", headers: "authorization: \(value)\r\nconnection: close\r\n"),
            keys: keys
        )
        #expect(text.hasPrefix("HTTP/1.1 401 Unauthorized"))
        #expect(text.contains("www-authenticate: Bearer\r\n"))
    }
}
