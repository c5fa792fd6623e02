import NIOConcurrencyHelpers
import NIOCore
import NIOPosix
import SemanticCacheTesting
import Testing

@testable import Redis

/// What a client does in a real cluster whose servers come and go.
@Suite struct ClusterTests {
    private let script = RedisScript("return redis.call('INCRBY', KEYS[1], ARGV[1])")

    @Test func commandsFindTheirServersAndScriptsAreLearnedByEach() async throws {
        var options = RedisServer.Options()
        options.password = "hunter2"
        try await withRedisCluster(options: options) { cluster in
            // One living seed among dead ones is enough.
            let dead = try RedisServer.freePort()
            let url = cluster.url(seeds: [cluster.nodes[1]]).replacing("@", with: "@127.0.0.1:\(dead),")
            try await withClusterClient(url) { client in
                for number in 0..<300 { #expect(try await client.set("k\(number)", "v\(number)")) }
                for number in 0..<300 { #expect(try await client.get("k\(number)") == "v\(number)") }
                let counts = try cluster.nodes.map { try $0.command("DBSIZE").integer ?? 0 }
                #expect(counts.reduce(0, +) == 300)
                #expect(counts.allSatisfy { $0 > 50 })
                for number in 0..<30 {
                    for sum in [2, 4] {
                        let key = Array("n\(number)".utf8)
                        let reply = try await client.eval(script, keys: [key], arguments: [Array("2".utf8)])
                        #expect(reply.integer == Int64(sum))
                    }
                }
                let results = await client.pipeline((0..<300).map { RedisCommand("GET", Array("k\($0)".utf8)) })
                #expect(results.map { try? $0.get().text } == (0..<300).map { "v\($0)" })
                let split = RedisCommand("MGET", Array("a".utf8), Array("b".utf8))
                #expect(try await client.send(split).serverError?.code == "CROSSSLOT")
            }
        }
    }

    @Test func slotsThatMoveAreFollowedAndNoCommandFails() async throws {
        try await withRedisCluster { cluster in
            try await withClusterClient(cluster.url) { client in
                let added = try await cluster.addNode()
                let slots = (0..<6).map { HashSlot.of(Array("key\($0)".utf8)) }
                for number in 0..<6 { #expect(try await client.set("key\(number)", "0")) }
                let stop = NIOLockedValueBox(false)
                async let load = increments(client, until: stop)
                for slot in slots { try cluster.moveSlot(slot, to: added) }
                for slot in slots[..<2] { try cluster.moveSlot(slot, to: cluster.nodes[0]) }
                stop.withLockedValue { $0 = true }
                let counts = try await load
                for (number, count) in counts.enumerated() {
                    #expect(try await client.get("key\(number)") == "\(count)")
                    #expect(count > 0)
                }
            }
        }
    }

    /// Increments six keys in turn, by script and by command, until told to stop; how often each.
    private func increments(_ client: RedisClient, until stop: NIOLockedValueBox<Bool>) async throws -> [Int] {
        var counts = Array(repeating: 0, count: 6)
        while !stop.withLockedValue({ $0 }) {
            for number in 0..<6 {
                let key = Array("key\(number)".utf8)
                let reply =
                    counts[number].isMultiple(of: 2)
                    ? try await client.send(RedisCommand("INCR", key))
                    : try await client.eval(script, keys: [key], arguments: [Array("1".utf8)])
                counts[number] += 1
                #expect(reply.integer == Int64(counts[number]), "\(reply)")
            }
        }
        return counts
    }

    @Test func whileASlotMovesItsKeysAreReadWhereTheyAre() async throws {
        try await withRedisCluster { cluster in
            let loop = MultiThreadedEventLoopGroup.singleton.next()
            try await withClusterClient(cluster.url) { client in
                let keys = (0..<4).map { "{tag}\($0)" }
                for key in keys { #expect(try await client.set(key, "v" + key)) }
                let slot = HashSlot.of(Array("tag".utf8))
                let source = try cluster.node(ownerOf: slot)
                let target = try #require(cluster.nodes.first { $0 !== source })
                let move = try cluster.beginMove(slot, to: target)
                _ = try move.migrateKeys(count: 2)
                for key in keys { #expect(try await client.get(key) == "v" + key) }
                #expect(try await client.get("{tag}absent") == nil)
                // ASKING holds for one command: what is not asked for is still refused there.
                #expect(throws: (any Error).self) { try target.command("GET", keys[0]) }
                let values = try await mget(keys + ["{tag}absent"], of: cluster.url, on: loop)
                #expect(values == .array(keys.map { .bulk(Array(("v" + $0).utf8)) } + [.null]))
                let both = [Array(keys[0].utf8), Array(keys[3].utf8)]
                let split = try await client.eval(RedisScript("return #KEYS"), keys: both)
                #expect(split.serverError?.code == "TRYAGAIN" || split.integer == 2)
                _ = try move.migrateKeys()
                try move.finish()
                #expect(try await client.eval(RedisScript("return #KEYS"), keys: both).integer == 2)
            }
        }
    }

    /// Reads keys together with a client of its own.
    private func mget(_ keys: [String], of url: String, on loop: any EventLoop) async throws -> RedisValue {
        let configuration = RedisConfiguration(endpoint: try RedisEndpoint(url: url), commandDeadline: .seconds(20))
        let promise = loop.makePromise(of: RedisValue.self)
        let box = try await loop.submit {
            let client = LoopRedisClient(configuration: configuration, eventLoop: loop, logger: silentLogger)
            client.onStateChange { [weak client] state in
                guard state == .up, let client else { return }
                // Each server comes up by itself: those that are yet to are waited for.
                client.mget(keys.map { Array($0.utf8) }) { result in
                    promise.completeWith(result.mapError { $0 as any Error })
                }
            }
            client.start()
            return NIOLoopBound(client, eventLoop: loop)
        }.get()
        let value = try await promise.futureResult.get()
        try await loop.flatSubmit { box.value.close() }.get()
        return value
    }

    @Test func aReplicaThatTakesOverIsFound() async throws {
        try await withRedisCluster(replicasPerPrimary: 1) { cluster in
            try await withClusterClient(cluster.url, changing: { $0.commandDeadline = .milliseconds(500) }) { client in
                for number in 0..<60 { #expect(try await client.set("k\(number)", "\(number)")) }
                let victim = cluster.nodes[0]
                let theirs = try (0..<60).filter { try cluster.node(ownerOf: "k\($0)") === victim }
                try await eventually("its replica has all") {
                    try cluster.nodes[3].command("DBSIZE") == victim.command("DBSIZE")
                }
                victim.kill()
                // Those of the others go on.
                for number in 0..<60 where !theirs.contains(number) {
                    let reply = try await client.get("k\(number)")
                    #expect(reply == "\(number)" || reply == nil)
                }
                for number in theirs {
                    try await eventually("k\(number) is read from the replica") {
                        try await client.get("k\(number)") == "\(number)"
                    }
                }
                try await eventually("writes are taken") { try await client.set("k\(theirs[0])", "new") }
                try await victim.restart()
                #expect(try await client.get("k\(theirs[0])") == "new")
            }
        }
    }

    @Test func aClusterThatWasAwayIsFoundAgain() async throws {
        var options = RedisServer.Options()
        options.persistence = true
        try await withRedisCluster(options: options) { cluster in
            try await withClusterClient(cluster.url) { client in
                #expect(try await client.set("a", "1"))
                cluster.kill()
                await #expect(throws: RedisError.self) { try await client.get("a") }
                try await eventually("it is known to be away") { client.state != .up }
                for node in cluster.nodes { try await node.restart() }
                try await eventually("it is back") { try await client.get("a") == "1" }
                #expect(client.state == .up)
            }
        }
    }

    @Test func aClusterWithoutAllSlotsSaysSoInsideTheDeadline() async throws {
        try await withRedisCluster { cluster in
            try await withClusterClient(cluster.url) { client in
                cluster.nodes[0].kill()
                try await eventually("the others say that the cluster is down") {
                    let reply = try await client.send(RedisCommand("GET", Array("foo".utf8)))
                    return reply.serverError?.code == "CLUSTERDOWN"
                }
                try await cluster.nodes[0].restart()
                try await eventually("the cluster is whole again") { try await client.set("foo", "1") }
            }
        }
    }

    @Test func aServerThatIsNoClusterIsNamed() async throws {
        try await withRedisServer { server in
            let client = try clusterClient("redis-cluster://127.0.0.1:\(server.port)")
            client.start()
            try await eventually("the reason is known") {
                (try? await client.get("a")) == nil
                    && client.state.lastError?.contains("no server of a cluster") == true
            }
            let error = await #expect(throws: RedisError.self) {
                while true {
                    do throws(RedisError) {
                        _ = try await client.send(RedisCommand("GET", [97]))
                    } catch {
                        if error.message.contains("cluster support disabled") { throw error }
                    }
                    try await Task.sleep(for: .milliseconds(5))
                }
            }
            #expect(error?.message.contains("127.0.0.1:\(server.port)") == true)
            await client.shutdown()
        }
    }
}
