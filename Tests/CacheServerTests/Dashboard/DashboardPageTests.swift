import Crypto
import Foundation
import Testing

@testable import CacheServer

@Suite struct DashboardPageTests {
    private let page = DashboardPage.current
    private var text: String { String(decoding: page.document, as: UTF8.self) }

    /// What a server answers to `GET /` or another method, its head and its body.
    private func answer(
        _ method: String = "GET",
        headers: String = "",
        keys: AccessKeys? = nil
    ) async throws -> (head: String, body: String) {
        let server = try await TestServer.start(keys: keys)
        let connection = try RawConnection(port: server.port)
        connection.send("\(method) / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\(headers)\r\n")
        let parts = await connection.receive().components(separatedBy: "\r\n\r\n")
        connection.close()
        try await server.stop()
        return (parts[0], parts.dropFirst().joined(separator: "\r\n\r\n"))
    }

    @Test func thePageIsServedWithoutAKeyAlsoWhereKeysAreConfigured() async throws {
        for keys in [nil, AccessKeys([])] {
            let (head, body) = try await answer(keys: keys)
            #expect(head.hasPrefix("HTTP/1.1 200 OK\r\ncontent-type: text/html; charset=utf-8\r\n"))
            #expect(body == text)
        }
    }

    @Test(arguments: [
        "content-security-policy: default-src 'none'; script-src 'sha256-", "x-content-type-options: nosniff",
        "x-frame-options: DENY", "referrer-policy: no-referrer", "cache-control: no-cache", "etag: \"",
        "cross-origin-resource-policy: same-origin",
    ])
    func aBrowserIsTold(line: String) async throws {
        #expect(try await answer().head.contains("\r\n\(line)"))
    }

    @Test func headIsAnsweredWithoutTheDocument() async throws {
        let (head, body) = try await answer("HEAD")
        #expect(head.hasPrefix("HTTP/1.1 200 OK\r\n"))
        #expect(head.contains("\r\ncontent-length: \(page.document.count)\r\n"))
        #expect(body.isEmpty)
    }

    @Test(arguments: ["%", "W/%", "\"other\", %", "*", "\"other\",W/%"])
    func aPageThatTheCallerHasIsNotSentAgain(tags: String) async throws {
        let header = "if-none-match: \(tags.replacing("%", with: page.entityTag))\r\n"
        let (head, body) = try await answer(headers: header)
        #expect(head.hasPrefix("HTTP/1.1 304 Not Modified\r\n"))
        #expect(head.contains("\r\netag: \(page.entityTag)\r\n"))
        #expect(!head.contains("content-length"))
        #expect(body.isEmpty)
    }

    @Test(arguments: ["\"other\"", "", "W/", "\""])
    func anotherPageIsReplaced(tags: String) async throws {
        #expect(try await answer(headers: "if-none-match: \(tags)\r\n").head.hasPrefix("HTTP/1.1 200 "))
    }

    @Test(arguments: ["POST", "PUT", "DELETE"])
    func thePageIsOnlyRead(method: String) async throws {
        let head = try await answer(method, headers: "content-length: 0\r\n").head
        #expect(head.hasPrefix("HTTP/1.1 405 "))
        #expect(head.contains("\r\nallow: GET, HEAD\r\n"))
    }

    /// The text of the only element of this name.
    private func content(of element: String) throws -> String {
        let parts = text.components(separatedBy: "<\(element)")
        #expect(parts.count == 2, "the page must have one <\(element)>")
        let open = try #require(parts.last?.firstIndex(of: ">"))
        let rest = try #require(parts.last?[open...].dropFirst())
        return rest.components(separatedBy: "</\(element)>")[0]
    }

    @Test(arguments: [("script", "script-src"), ("style", "style-src")])
    func thePolicyAllowsWhatIsInThePageAndNothingElse(element: String, directive: String) throws {
        let digest = Data(SHA256.hash(data: Array(try content(of: element).utf8))).base64EncodedString()
        #expect(page.contentSecurityPolicy.contains("; \(directive) 'sha256-\(digest)';"))
        #expect(!page.contentSecurityPolicy.contains("unsafe"))
        #expect(try content(of: element).utf8.count > 1000)
    }

    /// What would be refused by the policy, or would ask another server, or would make markup of text, or would keep.
    @Test(arguments: [
        "https://", "http://", "//cdn", "innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(",
        "localStorage", "sessionStorage", "indexedDB", "document.cookie", " style=\"", " onclick=", " onload=",
        "@import", "url(", "<link rel=\"stylesheet", "<script src", "new Function", "location.hash", "location.search",
    ])
    func thePageDoesWithout(forbidden: String) throws {
        let text = self.text.replacing("http://www.w3.org/2000/svg", with: "")
        #expect(!text.contains(forbidden))
    }
}
