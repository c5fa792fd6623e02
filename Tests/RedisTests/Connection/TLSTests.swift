import Foundation
import NIOCore
import Redis
import SemanticCacheTesting
import Testing

@Suite struct TLSTests {
    private func server(named names: String..., body: (RedisServer, Int, String) async throws -> Void) async throws {
        var options = RedisServer.Options()
        options.tlsNames = names
        try await withRedisServer(options) { server in
            let port = try #require(server.tlsPort)
            let authority = try #require(server.authority)
            try await body(server, port, authority.certificateFile)
        }
    }

    private func folder(_ name: String, in server: RedisServer) throws -> String {
        let path = "\(server.directory)/\(name)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
        return path
    }

    private func refusal(of url: String) async throws -> String {
        let connection = try HostedConnection(url)
        try await connection.on { $0.start() }
        try await eventually("it is refused") { try await connection.on { $0.state.lastError != nil } }
        let error = try await connection.on { connection in
            #expect(!connection.isAvailable)
            return connection.state.lastError ?? ""
        }
        try await connection.close()
        return error
    }

    @Test func serverOfAKnownAuthorityIsServedByNameAndByAddress() async throws {
        try await server(named: "DNS:localhost", "IP:127.0.0.1") { server, port, authority in
            for host in ["localhost", "127.0.0.1"] {
                let connection = try HostedConnection("rediss://\(host):\(port)/3?ca=\(authority)")
                try await connection.up()
                let body = [UInt8](repeating: 7, count: 1_000_000)
                let results = try await connection.send(
                    RedisCommand("SET", Array("key".utf8), body),
                    RedisCommand("GET", Array("key".utf8)),
                    deadline: .seconds(20)
                )
                #expect(results.map(\.value) == [.status("OK"), .bulk(body)])
                try await connection.close()
            }
            #expect(try server.command("INFO", "keyspace").text?.contains("db3:keys=1") == true)
        }
    }

    @Test func unknownAuthorityIsRefused() async throws {
        try await server(named: "DNS:localhost") { server, port, _ in
            let own = try CertificateAuthority(directory: try folder("other", in: server))
            for query in ["", "?ca=\(own.certificateFile)"] {
                let error = try await refusal(of: "rediss://localhost:\(port)\(query)")
                #expect(error.contains("CERTIFICATE_VERIFY_FAILED"), "\(error)")
            }
        }
    }

    @Test(arguments: ["localhost", "127.0.0.1"])
    func otherHostNameIsRefused(_ host: String) async throws {
        try await server(named: "DNS:other.example", "IP:127.0.0.9") { _, port, authority in
            let error = try await refusal(of: "rediss://\(host):\(port)?ca=\(authority)")
            #expect(error.contains("certificate") || error.contains("Certificate"), "\(error)")
        }
    }

    @Test func missingAuthorityFileIsNamedAndReadAgainLater() async throws {
        try await server(named: "DNS:localhost") { server, port, authority in
            let file = "\(server.directory)/later.pem"
            let connection = try HostedConnection("rediss://localhost:\(port)?ca=\(file)")
            try await connection.on { $0.start() }
            try await eventually("the state tells") { try await connection.on { $0.state.lastError != nil } }
            try FileManager.default.copyItem(atPath: authority, toPath: file)
            try await eventually("it serves") { try await connection.on { $0.isAvailable } }
            try await connection.close()
        }
    }

    @Test func plainServerIsRefused() async throws {
        try await withRedisServer { server in
            let error = try await refusal(of: "rediss://localhost:\(server.port)")
            #expect(!error.isEmpty)
        }
    }
}
