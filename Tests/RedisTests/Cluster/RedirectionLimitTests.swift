import NIOConcurrencyHelpers
import NIOCore
import NIOPosix
import SemanticCacheTesting
import Testing

@testable import Redis

/// What a client does about servers that send it in circles.
@Suite struct RedirectionLimitTests {
    /// A server that claims to have all slots and answers everything else with an error that may name its own port.
    private func withLiar(
        _ error: @escaping @Sendable (Int) -> String,
        _ body: (RedisClient, _ asked: @escaping @Sendable () -> [String]) async throws -> Void
    ) async throws {
        let port = NIOLockedValueBox(0)
        let asked = NIOLockedValueBox([String]())
        let server = try await FakeServer.start { words in
            let port = port.withLockedValue { $0 }
            if words.first == "CLUSTER" {
                let host = "*3\r\n$9\r\n127.0.0.1\r\n:\(port)\r\n$2\r\nid\r\n"
                return .bytes(Array("*1\r\n*3\r\n:0\r\n:16383\r\n\(host)".utf8))
            }
            asked.withLockedValue { $0.append(words[0]) }
            if words.first == "ASKING" { return .bytes(Array("+OK\r\n".utf8)) }
            return .bytes(Array("-\(error(port))\r\n".utf8))
        }
        let url = server.url
        port.withLockedValue { $0 = Int(url.split(separator: ":").last ?? "") ?? 0 }
        let client = try clusterClient(url.replacing("redis://", with: "redis-cluster://"))
        client.start()
        try await client.waitUntilAvailable(within: .seconds(30))
        let result: Result<Void, any Error>
        do { result = .success(try await body(client) { asked.withLockedValue { $0 } }) } catch {
            result = .failure(error)
        }
        await client.shutdown()
        try await server.stop()
        try result.get()
    }

    @Test(arguments: ["MOVED 12182 127.0.0.1:", "ASK 12182 127.0.0.1:"])
    func aCommandThatIsSentInCirclesEnds(_ error: String) async throws {
        try await withLiar({ "\(error)\($0)" }) { client, asked in
            let reply = try await client.send(RedisCommand("GET", Array("foo".utf8)))
            #expect(reply.serverError?.code == error.split(separator: " ").first.map(String.init))
            #expect(asked().count { $0 == "GET" } == ClusterConnections.maximumAttempts)
            let asking = error.hasPrefix("ASK") ? ClusterConnections.maximumAttempts - 1 : 0
            #expect(asked().count { $0 == "ASKING" } == asking)
        }
    }

    @Test(arguments: ["TRYAGAIN x", "CLUSTERDOWN x", "MASTERDOWN x"])
    func aServerThatAlwaysSaysLaterIsGivenUp(_ error: String) async throws {
        try await withLiar({ _ in error }) { client, asked in
            let reply = try await client.send(RedisCommand("GET", Array("foo".utf8)))
            #expect(reply.serverError?.description == error)
            #expect(asked() == Array(repeating: "GET", count: ClusterConnections.maximumAttempts))
        }
    }

    @Test func noAttemptBeginsAfterTheDeadline() async throws {
        try await withLiar({ _ in "TRYAGAIN x" }) { client, asked in
            // Attempts at 0, 2, 6, 14, 30 and 62 ms at the earliest.
            let deadline = NIODeadline.now() + .milliseconds(20)
            let result = await client.pipeline([RedisCommand("GET", Array("foo".utf8))], deadline: deadline)
            #expect(result.count == 1)
            #expect(asked().count <= 4)
        }
    }

    @Test func anErrorThatIsNoRedirectionIsTheReply() async throws {
        try await withLiar({ _ in "WRONGTYPE x" }) { client, asked in
            let reply = try await client.send(RedisCommand("GET", Array("foo".utf8)))
            #expect(reply.serverError?.code == "WRONGTYPE")
            #expect(asked() == ["GET"])
        }
    }
}
