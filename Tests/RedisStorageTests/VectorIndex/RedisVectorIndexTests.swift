import Redis
import SemanticCache
import SemanticCacheTesting
import Testing

@testable import RedisStorage

@Suite(.timeLimit(.minutes(10))) struct RedisVectorIndexTests {
    @Test(arguments: RedisSearchOffer.Kind.allCases, VectorIndexContract.promises)
    func theIndexInRedisKeeps(_ kind: RedisSearchOffer.Kind, _ promise: VectorIndexContract.Promise) async throws {
        try await IndexReplica.alone(kind) { _, replica in try await promise.check(replica.trial()) }
    }

    @Test(arguments: RedisSearchOffer.Kind.allCases)
    func expiredElementsAreRemovedAndTheOthersStay(_ kind: RedisSearchOffer.Kind) async throws {
        try await IndexReplica.alone(kind) { server, replica in
            let now = Int64(try #require(try server.command("TIME").elements?.first?.integer)) * 1000
            try await replica.insert((0..<40).map { .lasting($0) })
            try await replica.insert((40..<100).map { .lasting($0, partition: $0 % 3, expiresAt: now + 1500) })
            let tender = IndexTender(index: replica.index)
            try await eventually("60 have gone") {
                try await tender.look()
                return replica.index.usage.elements == 40
            }
            #expect(try await replica.held() == 40)
            for number in 0..<40 { #expect(await replica.finds(number)) }
            // Nothing is left of partitions in which nothing is.
            #expect(try server.keys("*}:p:*").count == (kind == .vectorSets ? 1 : 0))
        }
    }

    @Test func aPartitionAboveTheSizeIsSplitAndSearchedWhole() async throws {
        var settings = RedisIndexSettings.testing
        settings.shardSize = 64
        try await IndexReplica.alone(.vectorSets, settings) { server, replica in
            let elements = (0..<500).map { IndexElement.lasting($0) }
            for some in elements.chunks(of: 50) { try await replica.insert(Array(some)) }
            let shards = try server.keys("*}:s:*").count
            #expect(4...9 ~= shards, "\(shards)")
            var generator = SeededGenerator(seed: 1)
            for _ in 0..<20 {
                let asked = generator.unitVector(dimensions: 24)
                let expected = elements.sorted {
                    MemoryVectorIndex.cosine(asked, $0.vector) > MemoryVectorIndex.cosine(asked, $1.vector)
                }.prefix(10)
                let found = await replica.index.neighbors(of: asked, count: 10)
                #expect(found.map(\.entry) == expected.map(\.entry))
            }
            // Another replica, which has not seen it grow.
            try await IndexReplica.run(try .testing(server), .vectorSets, settings) { other in
                for number in 0..<100 { #expect(await other.finds(number)) }
            }
            try await replica.discard((0..<480).map(Fingerprint.numbered))
            for number in 0..<480 { replica.index.remove(.numbered(number)) }
            await replica.index.settle()
            #expect(try await replica.held() == 20)
            for number in 480..<500 { #expect(await replica.finds(number)) }
        }
    }

    @Test(arguments: RedisSearchOffer.Kind.allCases)
    func candidatesThatAreGoneAreLeftOutAndRemoved(_ kind: RedisSearchOffer.Kind) async throws {
        try await IndexReplica.alone(kind) { _, replica in
            let elements = (0..<200).map { IndexElement.lasting($0) }
            try await replica.insert(elements)
            let asked = elements[0].direction
            let nearest = await replica.index.neighbors(of: asked, count: 60).map(\.entry)
            try await replica.discard(Array(nearest[1..<40]))
            let found = await replica.index.neighbors(of: asked, count: 5).map(\.entry)
            #expect(found == [nearest[0]] + nearest[40..<44])
            await replica.index.settle()
            try await replica.index.count()
            #expect(replica.index.usage.elements < 200)
            #expect(try await replica.held() == replica.index.usage.elements)
        }
    }

    @Test(arguments: RedisSearchOffer.Kind.allCases)
    func whatRedisHasLostOfTheIndexIsMadeAgain(_ kind: RedisSearchOffer.Kind) async throws {
        try await IndexReplica.alone(kind) { server, replica in
            try await replica.insert((0..<100).map { .lasting($0, partition: $0 % 3) })
            let pattern = kind == .vectorSets ? "*}:[sp]:*" : "*:h:*"
            for name in try await replica.client.send(RedisCommand(words: ["KEYS", pattern])).elements ?? [] {
                try await replica.client.evict(try #require(name.bytes))
            }
            if kind == .searchIndex {
                for name in try server.command("FT._LIST").elements ?? [] {
                    try server.command("FT.DROPINDEX", try #require(name.text))
                }
            }
            #expect(try await replica.held() == 0)
            #expect(await !replica.finds(1, in: 1))
            try await IndexTender(index: replica.index).look()
            #expect(try await replica.held() == 100)
            for number in 0..<100 { #expect(await replica.finds(number, in: number % 3)) }
        }
    }

    @Test func anIndexThatSomebodyHasDroppedIsMadeAgain() async throws {
        try await IndexReplica.alone(.searchIndex) { server, replica in
            try await replica.insert((0..<50).map { .lasting($0) })
            let name = try #require(try server.command("FT._LIST").elements?.first?.text)
            try server.command("FT.DROPINDEX", name)
            try await eventually("a search finds again") { await replica.finds(7) }
        }
    }

    @Test func anotherProcessThatFlushesScriptsDoesNoHarm() async throws {
        try await IndexReplica.alone(.vectorSets) { server, replica in
            try await replica.insert((0..<50).map { .lasting($0) })
            try server.command("SCRIPT", "FLUSH")
            #expect(await replica.finds(7))
            try server.command("SCRIPT", "FLUSH")
            try await replica.discard([.numbered(7)])
            replica.index.remove(.numbered(7))
            await replica.index.settle()
            #expect(try await replica.held() == 49)
        }
    }

    @Test(arguments: RedisSearchOffer.Kind.allCases)
    func withoutRedisNothingIsFoundAndItComesBack(_ kind: RedisSearchOffer.Kind) async throws {
        var options = RedisServer.Options()
        options.program = kind.program
        options.persistence = true
        try await withRedisServer(options) { server in
            try await IndexReplica.run(try .testing(server), kind) { replica in
                try await replica.insert((0..<50).map { .lasting($0) })
                server.kill()
                #expect(await !replica.finds(7))
                replica.index.insert(.lasting(60))
                // It is dropped, and nobody waits for it.
                await replica.index.settle()
                try await server.restart()
                try await eventually("a search finds again") { await replica.finds(7) }
                // The connection that stores comes back by itself, too.
                try await eventually("it is stored") {
                    try await replica.insert([.lasting(61)])
                    return true
                }
                #expect(await replica.finds(61))
            }
        }
    }

    @Test func moreThanMayWaitIsDroppedAndSettlesAllTheSame() async throws {
        var settings = RedisIndexSettings.testing
        settings.waiting = 10
        try await IndexReplica.alone(.vectorSets, settings) { server, replica in
            let elements = (0..<50).map { IndexElement.lasting($0) }
            try await replica.store(elements)
            server.pause()
            for element in elements { replica.index.insert(element) }
            server.resume()
            await replica.index.settle()
            #expect(1...20 ~= (try await replica.held()))
            for element in elements { replica.index.forFeed.insert(element) }
            await replica.index.forFeed.settle()
            #expect(try await replica.held() == 50)
        }
    }

    @Test func anElementOfAnotherDimensionIsIgnored() async throws {
        try await IndexReplica.alone(.vectorSets) { _, replica in
            let other = IndexElement.sample(1, dimensions: 25, expiresAt: IndexElement.farAway.milliseconds)
            try await replica.insert([other, .lasting(2)])
            #expect(try await replica.held() == 1)
            #expect(await replica.index.neighbors(of: other.direction) == [])
        }
    }

    @Test func theVectorsOfAnotherModelAreSweptAndNeverMet() async throws {
        try await IndexReplica.alone(.vectorSets) { server, replica in
            try await replica.insert((0..<50).map { .lasting($0) })
            let other = RedisVectorIndex(
                kind: .vectorSets,
                dimensions: 24,
                modelID: "model-2",
                configuration: .testing,
                connections: 1,
                settings: .testing,
                logger: silent
            ) { RedisClient(configuration: redis(server), group: replica.client.eventLoop, logger: silent) }
            try await withThrowingTaskGroup(of: Void.self) { tasks in
                tasks.addTask { await other.run() }
                try await eventually("the other is up") { other.client.state == .up }
                #expect(await other.neighbors(of: IndexElement.sample(7).direction) == [])
                try await replica.discard((0..<20).map(Fingerprint.numbered))
                try await IndexTender(index: other).look()
                #expect(try await replica.held() == 30)
                tasks.cancelAll()
            }
        }
    }
}

private func redis(_ server: RedisServer) -> RedisConfiguration {
    (try? RedisConfiguration.testing(server)) ?? RedisConfiguration(endpoint: RedisEndpoint(address: .unix(path: "")))
}
