import Redis
import SemanticCache
import SemanticCacheTesting
import Testing

@testable import RedisStorage

@Suite(.timeLimit(.minutes(10))) struct SharedIndexKeeperTests {
    private func fills(_ numbers: Range<Int>) throws -> [Fill] {
        try numbers.map { number in
            Deployment.fill(try Deployment.key(number), semantic: try .sample(number, dimensions: 24))
        }
    }

    /// Runs `body` with a server and a replica's store.
    private func withDeployment(
        _ kind: RedisSearchOffer.Kind,
        persistence: Bool = false,
        _ body: (RedisServer, Deployment) async throws -> Void
    ) async throws {
        var options = RedisServer.Options()
        options.program = kind.program
        options.persistence = persistence
        try await withRedisServer(options) { server in
            try await Deployment.run(server) { try await body(server, $0) }
        }
    }

    @Test(arguments: RedisSearchOffer.Kind.allCases)
    func everythingThatWasStoredIsCarriedOver(_ kind: RedisSearchOffer.Kind) async throws {
        try await withDeployment(kind) { server, deployment in
            try await deployment.store(try fills(0..<300))
            try await IndexReplica.run(try .testing(server), kind, keeps: true) { replica in
                try await eventually("all that was there is held") { try await replica.held() == 300 }
                try await eventually("it is complete") { replica.keeper.state.isCaughtUp }
                try await deployment.store(try fills(300..<350))
                try await eventually("what came is held") { try await replica.held() == 350 }
                try await eventually("it is counted") { replica.keeper.state.elements == 350 }
                #expect(replica.keeper.state.missing == nil)

                #expect(try await deployment.administration.remove(try Deployment.key(7)))
                try await eventually("the removed one has left") { try await replica.held() == 349 }
                let whole = FlushSelector.namespace(try Deployment.key(0).namespace, model: nil, tags: [])
                #expect(try await deployment.administration.flush(whole, isDryRun: false) == 349)
                try await eventually("the flushed ones have left") { try await replica.held() == 0 }
            }
        }
    }

    @Test func aFlushTakesWholeSetsAtOnce() async throws {
        try await withDeployment(.vectorSets) { server, deployment in
            try await deployment.store(try fills(0..<700))
            try await IndexReplica.run(try .testing(server), .vectorSets) { replica in
                let elements = try await self.elements(of: 0..<700, deployment)
                for element in elements { replica.index.insert(element) }
                await replica.index.settle()
                #expect(try await replica.held() == 700)
                try server.resetCommandCounts()
                let namespace = try Deployment.key(0).namespace
                let whole = FlushSelector.namespace(namespace, model: nil, tags: [])
                _ = try await deployment.administration.flush(whole, isDryRun: false)
                replica.index.removeAll(in: namespace) { _ in true }
                await replica.index.settle()
                #expect(try await replica.held() == 0)
                #expect(try server.commandCounts()["VREM"] == nil)
                #expect(try server.keys("*}:[isp]:*").isEmpty)
            }
        }
    }

    /// Elements as the replica that stored their entries knows them.
    private func elements(of numbers: Range<Int>, _ deployment: Deployment) async throws -> [IndexElement] {
        var elements: [IndexElement] = []
        for fill in try fills(numbers) {
            let part = try #require(fill.entry.semantic)
            let entry = try #require(try await deployment.fetch(fill.entry.key))
            elements.append(
                IndexElement(
                    entry: fill.entry.key.fingerprint,
                    version: entry.version,
                    namespace: fill.entry.key.namespace,
                    partition: part.partition,
                    text: part.text,
                    vector: part.vector,
                    expiresAt: entry.expiresAt
                )
            )
        }
        return elements
    }

    @Test func anEntryThatSeveralReplicasLearnOfIsAddedOnce() async throws {
        try await withDeployment(.vectorSets) { server, deployment in
            try await IndexReplica.run(try .testing(server), .vectorSets, keeps: true) { first in
                try await IndexReplica.run(try .testing(server), .vectorSets, keeps: true) { second in
                    try await eventually("somebody follows") { first.keeper.state.isCaughtUp }
                    try server.resetCommandCounts()
                    for start in stride(from: 0, to: 200, by: 10) {
                        try await deployment.store(try fills(start..<start + 10))
                        let elements = try await self.elements(of: start..<start + 10, deployment)
                        for element in elements { second.index.insert(element) }
                        await second.index.settle()
                        for element in elements {
                            let found = await self.neighbors(of: element, first.index)
                            #expect(found.first?.entry == element.entry)
                        }
                    }
                    try await eventually("it is counted") { first.keeper.state.elements == 200 }
                    let counts = try server.commandCounts()
                    #expect(counts["VADD"] == 200, "\(counts)")
                    #expect(try await first.held() == 200)
                }
            }
        }
    }

    private func neighbors(of element: IndexElement, _ index: RedisVectorIndex) async -> [Neighbor] {
        await withCheckedContinuation { continuation in
            index.neighbors(
                of: element.direction,
                in: element.partition,
                count: 1,
                now: Timestamp(milliseconds: 0)
            ) { continuation.resume(returning: $0) }
        }
    }

    @Test func anotherReplicaTakesOverFromOneThatDied() async throws {
        try await withDeployment(.vectorSets) { server, deployment in
            try await IndexReplica.run(try .testing(server), .vectorSets, keeps: true) { second in
                try await eventually("it is complete") { second.keeper.state.isCaughtUp }
                // Whoever has the lock and is never heard of again.
                let lock = try #require(try server.keys("*{config}:indexer:*").first)
                try server.command("SET", lock, "somebody else", "PX", "3000")
                try await deployment.store(try fills(0..<100))
                try await eventually("what was stored is held") { try await second.held() == 100 }
                #expect(try server.command("GET", lock).text != "somebody else")
            }
        }
    }

    @Test func theIndexOfARedisThatLostItsMemoryIsMadeAgain() async throws {
        try await withDeployment(.vectorSets) { server, deployment in
            try await IndexReplica.run(try .testing(server), .vectorSets, keeps: true) { replica in
                try await deployment.store(try fills(0..<100))
                try await eventually("all are held") { try await replica.held() == 100 }
                try await server.restart()
                #expect(try await replica.eventuallyHeld() == 0)
                try await eventually("the store is back") { try await deployment.isUp }
                try await deployment.store(try fills(50..<150))
                try await eventually("what was stored is held") { try await replica.held() == 100 }
                try await eventually("it is counted") { replica.keeper.state.elements == 100 }
            }
        }
    }

    @Test func aStatusIsReadAsItWasWritten() {
        let status = IndexStatus(
            at: 1_764_000_000_000,
            staleMilliseconds: 3,
            unreadParts: 5,
            elements: 7,
            isComplete: true
        )
        #expect(IndexStatus(status.description) == status)
        for text in ["", "1 2 3 4", "1 2 3 4 x", "1 2 3 4 1 1"] { #expect(IndexStatus(text) == nil) }
    }
}

extension IndexReplica {
    /// What is held once Redis answers again.
    fileprivate func eventuallyHeld() async throws -> Int {
        var held = -1
        try await eventually("Redis answers") {
            held = try await self.held()
            return true
        }
        return held
    }
}
