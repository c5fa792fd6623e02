import Redis
import RedisStorage
import SemanticCache
import SemanticCacheTesting
import Testing

/// Two replicas' indexes agree with Redis again after each bad day, without a restart.
@Suite struct IndexFeedOutageTests {
    private func withTwoFeeds(
        persistence: Bool = false,
        _ body: (RedisServer, Deployment, [RunningFeed]) async throws -> Void
    ) async throws {
        var options = RedisServer.Options()
        options.persistence = persistence
        try await withRedisServer(options) { server in
            try await Deployment.run(server, .testing) { deployment in
                try await RunningFeed.run(server, "first") { first in
                    try await RunningFeed.run(server, "second") { second in
                        try await body(server, deployment, [first, second])
                    }
                }
            }
        }
    }

    private func store(_ deployment: Deployment, _ numbers: Range<Int>) async throws -> [EntryKey] {
        let fills = try numbers.map { Deployment.fill(try Deployment.key($0), semantic: try .sample($0)) }
        try await deployment.store(fills)
        return fills.map(\.entry.key)
    }

    private func agree(_ feeds: [RunningFeed], on keys: [EntryKey]) async throws {
        for feed in feeds {
            try await feed.holds(keys)
            try await feed.caughtUp()
        }
    }

    @Test func afterSomebodyEmptiedRedis() async throws {
        try await withTwoFeeds { server, deployment, feeds in
            let keys = try await store(deployment, 0..<300)
            try await agree(feeds, on: keys)
            try server.command("FLUSHALL")
            // Meanwhile the entry decides.
            for key in keys { #expect(try await deployment.fetch(key) == nil) }
            try await agree(feeds, on: [])
            try await agree(feeds, on: try await store(deployment, 100..<200))
        }
    }

    @Test func afterSomebodyEmptiedRedisAndEntriesWereStoredAtOnce() async throws {
        try await withTwoFeeds { server, deployment, feeds in
            try await agree(feeds, on: try await store(deployment, 0..<300))
            try server.command("FLUSHALL")
            try await agree(feeds, on: try await store(deployment, 250..<320))
        }
    }

    @Test func afterRedisLostItsMemory() async throws {
        try await withTwoFeeds { server, deployment, feeds in
            try await agree(feeds, on: try await store(deployment, 0..<300))
            try await server.restart()
            try await allow(feeds)
            try await deployment.client.waitUntilAvailable(within: .seconds(30))
            try await agree(feeds, on: [])
            try await eventually("the store is back") { try await deployment.isUp }
            try await agree(feeds, on: try await store(deployment, 200..<400))
        }
    }

    @Test func afterRedisWasKilledAndCameBackWithItsMemory() async throws {
        try await withTwoFeeds(persistence: true) { server, deployment, feeds in
            let keys = try await store(deployment, 0..<300)
            try await agree(feeds, on: keys)
            server.kill()
            try await server.restart()
            try await allow(feeds)
            try await eventually("the store is back") { try await deployment.isUp }
            let more = try await store(deployment, 300..<400)
            #expect(try await deployment.administration.remove(keys[0]))
            try await agree(feeds, on: keys.dropFirst() + more)
        }
    }

    @Test func afterTheLogWasTrimmedWhileOneWasAway() async throws {
        try await withTwoFeeds { server, deployment, feeds in
            let keys = try await store(deployment, 0..<300)
            try await agree(feeds, on: keys)
            try await feeds[1].whileAway {
                for key in keys[..<100] { #expect(try await deployment.administration.remove(key)) }
                _ = try await store(deployment, 300..<400)
                for name in try server.keys("*}:c") { try server.command("XTRIM", name, "MAXLEN", "1") }
                _ = try await store(deployment, 400..<500)
            }
            try await agree(feeds, on: try keys[100...] + (300..<500).map { try Deployment.key($0) })
        }
    }

    @Test func afterItsConnectionWasDroppedAgainAndAgain() async throws {
        try await withTwoFeeds { _, deployment, feeds in
            var keys: [EntryKey] = []
            for round in 0..<10 {
                try feeds[round % 2].drop()
                keys += try await store(deployment, round * 50..<round * 50 + 50)
                #expect(try await deployment.administration.remove(keys.removeFirst()))
            }
            try await agree(feeds, on: keys)
        }
    }

    @Test func afterOneBucketsLogWasLost() async throws {
        try await withTwoFeeds { server, deployment, feeds in
            let keys = try await store(deployment, 0..<300)
            try await agree(feeds, on: keys)
            try server.command("DEL", "semcached:{b05}:c")
            // Removed by somebody without a record of it.
            let fives = keys.filter { $0.fingerprint.firstByte & 63 == 5 }
            try #require(fives.count > 2)
            let client = try redisClient(server)
            client.start()
            try await client.waitUntilAvailable(within: .seconds(30))
            for name in try await client.entryNames() where name.suffix(32).elementsEqual(fives[0].fingerprint.bytes) {
                try await client.evict(name)
            }
            await client.shutdown()
            try await agree(feeds, on: keys.filter { $0 != fives[0] })
            try await agree(feeds, on: keys.filter { $0 != fives[0] } + (try await store(deployment, 300..<400)))
        }
    }

    @Test func aFeedThatBeginsWhileEntriesComeAndGoAgreesInTheEnd() async throws {
        try await withRedisServer { server in
            try await Deployment.run(server, .testing) { deployment in
                _ = try await store(deployment, 0..<5000)
                let support = FlushSelector.namespace(try Deployment.key(0).namespace, model: nil, tags: [])
                try await RunningFeed.run(server) { feed in
                    // It reads by now.
                    try await eventually("it has begun") { feed.index.usage.elements > 0 }
                    for number in 0..<100 {
                        _ = try await deployment.administration.remove(try Deployment.key(number))
                    }
                    _ = try await deployment.administration.flush(support, isDryRun: false)
                    let left = try await store(deployment, 50..<150)
                    try await agree([feed], on: left)
                }
            }
        }
    }

    @Test func afterItWasCutOffInTheMidstOfItsFirstRead() async throws {
        try await withRedisServer { server in
            try await Deployment.run(server, .testing) { deployment in
                let keys = try await store(deployment, 0..<300)
                let cutOff: @Sendable () -> Void = {
                    _ = try? server.command("ACL", "SETUSER", "first", "off")
                    _ = try? server.command("CLIENT", "KILL", "USER", "first")
                }
                try await RunningFeed.run(server, onFirstInsert: cutOff) { feed in
                    try await eventually("it has begun") { !feed.index.entries.isEmpty }
                    try await eventually("it is cut off") {
                        !(try server.command("CLIENT", "LIST").text ?? "").contains("user=first")
                    }
                    let had = feed.index.entries
                    #expect(had.count < 300)
                    for key in keys where had.contains(key.fingerprint) {
                        #expect(try await deployment.administration.remove(key))
                    }
                    try feed.allow()
                    try await agree([feed], on: keys.filter { !had.contains($0.fingerprint) })
                }
            }
        }
    }

    @Test func aRestartedReplicaFindsWhatTheOthersHave() async throws {
        try await withTwoFeeds { server, deployment, feeds in
            let keys = try await store(deployment, 0..<300)
            try await agree(feeds, on: keys)
            let brief = Deployment.fill(try Deployment.key(1000), seconds: 1, semantic: try .sample(1000))
            try await deployment.store([brief])
            let end = try server.milliseconds() + 1000
            // The entry goes by itself; nothing but its own time says so.
            try await eventually("it expires") { try await deployment.fetch(brief.entry.key) == nil }
            try await eventually("its time has come") { (try server.milliseconds()) > end }
            try await RunningFeed.run(server, "third") { third in
                try await agree([third], on: keys)
                for key in keys {
                    #expect(third.index.elements[key.fingerprint] == feeds[0].index.elements[key.fingerprint])
                }
            }
        }
    }

    @Test func whateverHappensAllAgreeInTheEnd() async throws {
        try await withTwoFeeds { server, deployment, feeds in
            var generator = SeededGenerator(seed: 11)
            var live: Set<Int> = []
            for _ in 0..<150 {
                switch Int.random(in: 0..<10, using: &generator) {
                case 0...4:
                    let start = Int.random(in: 0..<500, using: &generator)
                    _ = try await store(deployment, start..<start + 20)
                    live.formUnion(start..<start + 20)
                case 5...6:
                    for _ in 0..<10 {
                        guard let number = live.sorted().randomElement(using: &generator) else { break }
                        live.remove(number)
                        #expect(try await deployment.administration.remove(try Deployment.key(number)))
                    }
                case 7:
                    let selector = FlushSelector.namespace(try Deployment.key(0).namespace, model: nil, tags: [])
                    #expect(try await deployment.administration.flush(selector, isDryRun: false) == live.count)
                    live = []
                case 8: try feeds[Int.random(in: 0...1, using: &generator)].drop()
                default:
                    let name = try server.keys("*}:c").randomElement(using: &generator)
                    if let name { try server.command("XTRIM", name, "MAXLEN", "0") }
                }
            }
            try await agree(feeds, on: try live.map { try Deployment.key($0) })
        }
    }

    /// Users that were made at run time are gone with the process.
    private func allow(_ feeds: [RunningFeed]) async throws {
        for feed in feeds { try feed.allow() }
    }
}

extension RedisServer {
    /// Its clock.
    func milliseconds() throws -> Int64 {
        let time = try command("TIME").elements?.compactMap(\.integer) ?? []
        return Int64(time[0]) * 1000 + Int64(time[1]) / 1000
    }
}
