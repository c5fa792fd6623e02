import Redis
import RedisStorage
import SemanticCache
import SemanticCacheTesting
import Testing

@Suite struct IndexFeedTests {
    /// Runs `body` with a deployment and one replica's feed.
    private func withFeed(
        _ body: (RedisServer, Deployment, RunningFeed) async throws -> Void
    ) async throws {
        try await withRedisServer { server in
            try await Deployment.run(server, .testing) { deployment in
                try await RunningFeed.run(server) { feed in try await body(server, deployment, feed) }
            }
        }
    }

    private func fills(_ numbers: Range<Int>, _ namespace: String = "support", tags: [String] = []) throws -> [Fill] {
        try numbers.map { number in
            Deployment.fill(try Deployment.key(number, namespace), tags: tags, semantic: try .sample(number))
        }
    }

    @Test func whatWasStoredBeforeAndAfterItBeganIsThereAsItWasStored() async throws {
        try await withRedisServer { server in
            try await Deployment.run(server, .testing) { deployment in
                try await deployment.store(try fills(0..<3000))
                try await deployment.store([Deployment.fill(try Deployment.key(9000))])
                try await RunningFeed.run(server) { feed in
                    try await feed.holds(try fills(0..<3000).map(\.entry.key))
                    try await deployment.store(try fills(3000..<3300))
                    let all = try fills(0..<3300)
                    try await feed.holds(all.map(\.entry.key))
                    try await feed.caughtUp()
                    for fill in all {
                        let element = try #require(feed.index.elements[fill.entry.key.fingerprint])
                        let part = try #require(fill.entry.semantic)
                        #expect(element.text == part.text)
                        #expect(element.vector == part.vector)
                        #expect(element.partition == part.partition)
                        #expect(element.namespace == fill.entry.key.namespace)
                        let entry = try #require(try await deployment.fetch(fill.entry.key))
                        #expect(element.version == entry.version)
                        #expect(element.expiresAt == entry.expiresAt)
                    }
                }
            }
        }
    }

    @Test func removedAndFlushedEntriesLeave() async throws {
        try await withFeed { _, deployment, feed in
            try await deployment.store(try fills(0..<100, tags: ["old"]))
            try await deployment.store(try fills(100..<200))
            try await deployment.store(try fills(0..<50, "faq"))
            let support = try fills(0..<200).map(\.entry.key)
            let faq = try fills(0..<50, "faq").map(\.entry.key)
            try await feed.holds(support + faq)

            #expect(try await deployment.administration.remove(support[150]))
            try await feed.holds(support.filter { $0 != support[150] } + faq)

            let namespace = support[0].namespace
            let old = FlushSelector.namespace(namespace, model: nil, tags: ["old"])
            #expect(try await deployment.administration.flush(old, isDryRun: false) == 100)
            try await feed.holds(support[100...].filter { $0 != support[150] } + faq)

            let whole = FlushSelector.namespace(namespace, model: nil, tags: [])
            #expect(try await deployment.administration.flush(whole, isDryRun: false) == 99)
            try await feed.holds(faq)
            try await deployment.store(try fills(0..<3))
            try await feed.holds(faq + support[0..<3])
            #expect(try await deployment.administration.flush(.all, isDryRun: false) == 53)
            try await feed.holds([])
        }
    }

    @Test func anEntryReplacedByOneWithoutVectorLeaves() async throws {
        try await withFeed { server, deployment, feed in
            let fill = try #require(try fills(1..<2).first)
            try await deployment.store([fill])
            try await feed.holds([fill.entry.key])
            try await deployment.store([Deployment.fill(fill.entry.key)])
            try await feed.holds([])
            // What was never in the index costs the log nothing.
            let length = try server.command("XLEN", "semcached:{y01}:c")
            try await deployment.store([Deployment.fill(fill.entry.key)])
            #expect(try await deployment.administration.remove(fill.entry.key))
            #expect(try server.command("XLEN", "semcached:{y01}:c") == length)
        }
    }

    @Test func entriesWithVectorsOfAnotherModelAreLeftOut() async throws {
        try await withFeed { _, deployment, feed in
            let key = try Deployment.key(1)
            try await deployment.store([Deployment.fill(key, semantic: try .sample(1, modelID: "model-2"))])
            try await deployment.store(try fills(2..<3))
            try await feed.holds([try Deployment.key(2)])
            // The same entry with this model's vector comes, and leaves when the other model replaces it.
            try await deployment.store(try fills(1..<2))
            try await feed.holds([key, try Deployment.key(2)])
            try await deployment.store([Deployment.fill(key, semantic: try .sample(1, modelID: "model-2"))])
            try await feed.holds([try Deployment.key(2)])
        }
    }

    @Test func whoWaitsForAChangeIsToldOnceItIsKnown() async throws {
        try await withFeed { _, deployment, feed in
            for number in 0..<20 {
                let fill = Deployment.fill(try Deployment.key(number), semantic: try .sample(number))
                let token = try #require(try await deployment.commit(fill).receipt?.change)
                #expect(ChangeToken(token.description) == token)
                #expect(await feed.isApplied(token, within: 20_000))
                #expect(feed.index.entries.contains(fill.entry.key.fingerprint))
                var later = token
                later.number += 1
                #expect(await !feed.isApplied(later, within: 1))
            }
        }
    }

    @Test func oneStoredEntryCostsAReplicaNoScript() async throws {
        try await withFeed { server, deployment, feed in
            try await deployment.store(try fills(0..<1))
            try await feed.holds([try Deployment.key(0)])
            try await feed.caughtUp()
            try server.resetCommandCounts()
            try await deployment.store(try fills(64..<65))
            try await feed.holds([try Deployment.key(0), try Deployment.key(64)])
            // The script is the store's.
            #expect(try server.storeCommands() == ["evalsha": 1])
        }
    }

    @Test func stateSaysWhatIsMissing() async throws {
        try await withFeed { server, deployment, feed in
            try await deployment.store(try fills(0..<10))
            try await feed.holds(try fills(0..<10).map(\.entry.key))
            try await feed.caughtUp()
            #expect(feed.feed.state.missing == nil)
            #expect(feed.feed.state.elements == 10)
            let idle = IndexFeed(
                client: deployment.client,
                index: PlainIndex(),
                modelID: "model-1",
                configuration: .testing,
                logger: silent
            )
            #expect(!idle.state.isCaughtUp)
            #expect(idle.state.missing?.contains("0 of 64") == true)
            server.pause()
            try await eventually("its knowledge grows old") { (feed.feed.state.staleMilliseconds ?? 0) > 1000 }
            server.resume()
            try await eventually("it is fresh again") { (feed.feed.state.staleMilliseconds ?? 9999) < 1000 }
        }
    }

    @Test func elementsAreReadBackByTheirEntries() async throws {
        try await withFeed { _, deployment, feed in
            try await deployment.store(try fills(0..<500))
            try await deployment.store([Deployment.fill(try Deployment.key(900))])
            try await feed.holds(try fills(0..<500).map(\.entry.key))
            let source = RedisIndexElementSource(
                client: deployment.client,
                configuration: deployment.configuration,
                modelID: "model-1"
            )
            let asked = try (0..<600).map { try Deployment.key($0).fingerprint } + [try Deployment.key(900).fingerprint]
            let namespace = try Deployment.key(0).namespace
            let read = await withCheckedContinuation { continuation in
                source.elements(of: asked, in: namespace) { continuation.resume(returning: $0) }
            }
            let elements = try #require(read)
            #expect(elements.count == 500)
            for element in elements { #expect(feed.index.elements[element.entry] == element) }
            // Another namespace's entries are not there to be read.
            let foreign = await withCheckedContinuation { continuation in
                source.elements(of: asked, in: .default) { continuation.resume(returning: $0) }
            }
            #expect(foreign == [])
        }
    }
}

extension RunningFeed {
    func isApplied(_ token: ChangeToken, within milliseconds: Int) async -> Bool {
        await withCheckedContinuation { continuation in
            feed.whenApplied(token, by: HostedStore.deadline(milliseconds)) { continuation.resume(returning: $0) }
        }
    }
}
