import Logging
import NIOCore
import NIOPosix
import Redis
import SemanticCacheTesting
import Testing

/// What a client does about a primary that Sentinels name.
@Suite struct SentinelTests {
    @Test func thePrimaryIsFoundPastSentinelsThatAreDeadOrSilent() async throws {
        var options = RedisSentinels.Options()
        options.sentinelPassword = "hunter3"
        options.server.password = "hunter2"
        try await withRedisSentinels(options) { deployment in
            deployment.sentinels[0].kill()
            deployment.sentinels[1].pause()
            try await withClusterClient(deployment.url) { client in
                let isSet = try await client.set("a", "1")
                #expect(isSet)
                #expect(try deployment.primary.command("GET", "a") == .text("1"))
            }
            deployment.sentinels[1].resume()
        }
    }

    @Test(arguments: [false, true])
    func aFailoverIsFollowed(isPlanned: Bool) async throws {
        try await withRedisSentinels { deployment in
            try await withClusterClient(deployment.url, changing: { $0.commandDeadline = .milliseconds(500) }) {
                client in
                let old = try deployment.primary
                #expect(try await client.set("a", "1"))
                let reached = try await client.send(RedisCommand(words: ["WAIT", "1", "400"]))
                #expect(reached.integer == 1)
                if isPlanned { try await deployment.failover() } else { old.kill() }
                let new = try await deployment.waitForFailover(from: old)
                try await eventually("writes arrive at the new primary") {
                    let isSet = try await client.set("b", "2")
                    let value = try new.command("GET", "b")
                    return isSet && value == .text("2")
                }
                #expect(try await client.get("a") == "1")
            }
        }
    }

    /// The old primary lives and would answer: only the message, or asking again, tells that it is not the one.
    @Test func aConnectionToAnOldPrimaryThatLivesIsGivenUp() async throws {
        try await withRedisSentinels { deployment in
            try await withClusterClient(deployment.url, changing: { $0.idleCheckInterval = .seconds(600) }) { client in
                let old = try deployment.primary
                #expect(try await client.set("a", "1"))
                old.pause()
                let new = try await deployment.waitForFailover(from: old)
                old.resume()
                try await eventually("what is read is the new primary's") {
                    try new.command("SET", "c", "new")
                    return try await client.get("c") == "new"
                }
            }
        }
    }

    @Test func aNameThatNoSentinelKnowsIsSaid() async throws {
        try await withRedisSentinels { deployment in
            let url = deployment.url.replacing("/cache", with: "/other")
            let client = try clusterClient(url)
            client.start()
            try await eventually("the reason is known") { client.state.lastError?.contains("'other'") == true }
            #expect(client.state.lastError?.contains("does not know that name") == true)
            await client.shutdown()
        }
    }

    @Test func aReplicaThatASentinelNamesIsRefused() async throws {
        try await withRedisServer { primary in
            try await withRedisServer { replica in
                try replica.command("REPLICAOF", "127.0.0.1", "\(primary.port)")
                let port = replica.port
                let sentinel = try await FakeServer.start { words in
                    guard words.first == "SENTINEL" else { return .silence }
                    return .bytes(Array("*2\r\n$9\r\n127.0.0.1\r\n$\("\(port)".count)\r\n\(port)\r\n".utf8))
                }
                let url = sentinel.url.replacing("redis://", with: "redis-sentinel://") + "/cache"
                let client = try clusterClient(url)
                client.start()
                try await eventually("the reason is known") {
                    client.state.lastError?.contains("says that it is a slave") == true
                }
                try replica.command("REPLICAOF", "NO", "ONE")
                try await client.waitUntilAvailable(within: .seconds(30))
                await client.shutdown()
                try await sentinel.stop()
            }
        }
    }
}
