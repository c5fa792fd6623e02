import SemanticCacheTesting
import Testing

@testable import CacheServer

@Suite struct HostAuthorityTests {
    @Test(arguments: ["evil.com", "evil.com:9470", "a.b.co.uk", "127.0.0.1.nip.io", "EVIL.COM.", "example.com.evil"])
    func aNameThatAStrangerCouldOwnIsOwnable(host: String) { #expect(HostAuthority.isOwnable(host)) }

    @Test(arguments: [
        "127.0.0.1", "127.0.0.1:9470", "10.1.2.3", "[::1]", "[::1]:9470", "localhost", "localhost:9470", "x", "",
        "semcached:9470", "host.docker.internal", "cache.local:80", "app.localhost", "printer.home.arpa", "example.com",
        "www.example.org:1", "localhost.",
    ])
    func addressesAndNamesOfOnesOwnAreNot(host: String) { #expect(!HostAuthority.isOwnable(host)) }

    @Test(arguments: [
        (true, "evil.com", "HTTP/1.1 403 "), (true, "localhost", "HTTP/1.1 200 "), (false, "evil.com", "HTTP/1.1 200 "),
    ])
    func withoutKeysAPageThatRebindsItsNameIsRefused(refuses: Bool, host: String, status: String) async throws {
        var configuration = ServerConfiguration()
        configuration.refusesForeignHosts = refuses
        let server = try await TestServer.start(configuration: configuration)
        let connection = try RawConnection(port: server.port)
        let body = #"{"request":{"model":"m","messages":[]}}"#
        connection.send(
            "POST /v1/lookup HTTP/1.1\r\nhost: \(host)\r\nconnection: close\r\n"
                + "content-length: \(body.utf8.count)\r\n\r\n\(body)"
        )
        let text = await connection.receive()
        #expect(text.hasPrefix(status), "\(text.prefix(300))")
        connection.close()
        try await server.stop()
    }
}
