import AsyncHTTPClient
import Foundation
import JSONScanning
import NIOCore
import NIOHTTP1
import NIOSSL
import SemanticCacheTesting
import Testing

extension EndToEnd {
    @Suite struct TLSTests {
        @Test func aDaemonWithACertificateServesHTTPSOnly() async throws {
            let redis = try await RedisServer.start()
            let folder = try Secrets.current.makeFolder().path
            let authority = try CertificateAuthority(directory: folder)
            let identity = try authority.issue(names: ["DNS:localhost", "IP:127.0.0.1"])
            let daemon = try await Daemon.start(
                redis: redis.url,
                settings: """
                    server: { tls: { certificate_file: '\(identity.certificateFile)', key_file: '\(identity.keyFile)' } }
                    """,
                scheme: "https",
                waitsUntilReady: false
            )

            var trusting = TLSConfiguration.makeClientConfiguration()
            trusting.trustRoots = .file(authority.certificateFile)
            var configuration = HTTPClient.Configuration()
            configuration.tlsConfiguration = trusting
            let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
            let ready = await eventually { try await TLSTests.status(client, daemon.url("/readyz")) == 200 }
            #expect(ready)
            try await client.shutdown()

            // Neither plain HTTP nor a client that does not know the authority gets through.
            let plain = daemon.url("/healthz").replacing("https:", with: "http:")
            await #expect(throws: (any Error).self) { try await TLSTests.status(Daemon.client, plain) }
            await #expect(throws: (any Error).self) { try await TLSTests.status(Daemon.client, daemon.url("/healthz")) }
        }

        private static func status(_ client: HTTPClient, _ url: String) async throws -> Int {
            let response = try await client.execute(HTTPClientRequest(url: url), timeout: .seconds(20))
            _ = try await response.body.collect(upTo: 1 << 20)
            return Int(response.status.code)
        }

        @Test func aCertificateThatCannotBeReadStopsTheStart() async throws {
            let redis = try await RedisServer.start()
            let folder = try Secrets.current.makeFolder()
            let file = folder.appending(path: "no.pem").path
            try "no certificate".write(toFile: file, atomically: true, encoding: .utf8)
            let (code, text) = try await Daemon.run(
                redis: redis.url,
                settings: "server: { tls: { certificate_file: '\(file)', key_file: '\(file)' } }",
                arguments: []
            )
            #expect(code == 1)
            #expect(text.contains("server.tls.certificate_file"))
        }

        @Test func redisIsReachedOverTLS() async throws {
            let redis = try await RedisServer.start(password: "a-redis-password", tls: true)
            Secrets.current.note("a-redis-password")
            let url = try #require(redis.tlsURL)
            let daemon = try await Daemon.start(redis: url)
            #expect(try await daemon.store("Is it safe?", "It is encrypted.").outcome == "stored")
            #expect(try await daemon.lookup("Is it safe?").outcome == "hit")
        }

        @Test func aRedisWithAnUnknownAuthorityIsNotTrusted() async throws {
            let redis = try await RedisServer.start(tls: true)
            let port = try #require(redis.tlsPort)
            let daemon = try await Daemon.start(redis: "rediss://localhost:\(port)/0", waitsUntilReady: false)
            let complained = await eventually { daemon.logText.contains("cannot connect to Redis") }
            #expect(complained)
            #expect(try await daemon.get("/readyz").status == 503)
            #expect(try await daemon.lookup("Is it safe?").outcome == "bypass redis_unavailable")
        }
    }
}
