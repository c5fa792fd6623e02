import NIOConcurrencyHelpers
import NIOCore
import SemanticCacheTesting
import Testing

@testable import Redis

/// What a client does about servers that are no longer what they were.
@Suite struct ReplacedServerTests {
    /// A reply to `CLUSTER SLOTS`: the slots up to 8191 at one port, the others at another.
    private static func slots(_ lower: Int, _ upper: Int) -> FakeServer.Reaction {
        let ranges = [(0, 8191, lower), (8192, 16_383, upper)].map { first, last, port in
            "*3\r\n:\(first)\r\n:\(last)\r\n*2\r\n$9\r\n127.0.0.1\r\n:\(port)\r\n"
        }
        return .bytes(Array("*2\r\n\(ranges.joined())".utf8))
    }

    private static func text(_ text: String) -> FakeServer.Reaction { .bytes(Array("+\(text)\r\n".utf8)) }

    private static func port(of server: FakeServer) -> Int { Int(server.url.split(separator: ":").last ?? "") ?? 0 }

    @Test func aRedirectionToAServerThatIsGoneIsForgotten() async throws {
        let own = NIOLockedValueBox(0)
        let redirects = NIOLockedValueBox(true)
        let dead = try RedisServer.freePort()
        let server = try await FakeServer.start { words in
            let port = own.withLockedValue { $0 }
            if words.first == "CLUSTER" { return Self.slots(port, port) }
            let redirects = redirects.withLockedValue { value in
                defer { value = false }
                return value
            }
            return redirects ? .bytes(Array("-MOVED 5061 127.0.0.1:\(dead)\r\n".utf8)) : Self.text("here")
        }
        own.withLockedValue { $0 = Self.port(of: server) }
        try await withClusterClient(server.url.replacing("redis://", with: "redis-cluster://")) { client in
            await #expect(throws: RedisError.self) { try await client.get("bar") }
            let value = try await client.get("bar")
            #expect(value == "here")
        }
        try await server.stop()
    }

    /// Suspended for a while, a primary answers as before and says that it has its slots, until others tell it.
    @Test func aServerThatWasReplacedMeanwhileIsNotServedFrom() async throws {
        let ports = NIOLockedValueBox((old: 0, new: 0))
        let isReplaced = NIOLockedValueBox(false)
        let old = try await FakeServer.start { words in
            let ports = ports.withLockedValue { $0 }
            if words.first == "CLUSTER" { return Self.slots(ports.old, ports.new) }
            return words == ["GET", "{bar}close"] ? .close(after: []) : Self.text("stale")
        }
        let new = try await FakeServer.start { words in
            let ports = ports.withLockedValue { $0 }
            guard words.first == "CLUSTER" else { return Self.text("fresh") }
            return isReplaced.withLockedValue { $0 }
                ? Self.slots(ports.new, ports.new) : Self.slots(ports.old, ports.new)
        }
        ports.withLockedValue { $0 = (Self.port(of: old), Self.port(of: new)) }
        try await withClusterClient(old.url.replacing("redis://", with: "redis-cluster://")) { client in
            #expect(try await client.get("bar") == "stale")
            isReplaced.withLockedValue { $0 = true }
            await #expect(throws: RedisError.self) { try await client.get("{bar}close") }
            var values: Set<String> = []
            try await eventually("the new server is found") {
                let value = try await client.get("bar")
                if let value { values.insert(value) }
                return value == "fresh"
            }
            for _ in 0..<200 {
                if let value = try? await client.get("bar") { values.insert(value) }
                try await Task.sleep(for: .milliseconds(5))
            }
            #expect(values == ["fresh"])
        }
        try await old.stop()
        try await new.stop()
    }
}
