import RedisStorage
import SemanticCache
import SemanticCacheTesting
import Testing

/// What a store and an administration promise, in a cluster and through Sentinels.
@Suite struct ClusterContractTests {
    @Test func aClusterKeepsThemAll() async throws {
        try await withRedisCluster { try await keepsThemAll($0) }
    }

    @Test func aPrimaryThatSentinelsNameKeepsThemAll() async throws {
        try await withRedisSentinels { try await keepsThemAll($0) }
    }

    /// Each promise has keys of its own in the same Redis.
    private func keepsThemAll(_ redis: any TestedRedis) async throws {
        for (place, promise) in ResponseStoreContract.promises.enumerated() {
            var configuration = StorageConfiguration.testing
            configuration.keyPrefix = "p\(place):"
            do {
                try await RedisReplicas.with(redis, configuration) { try await promise.check($0) }
            } catch {
                Issue.record("\(promise): \(error)")
            }
        }
    }

    @Test func entriesAreSpreadEvenlyOverTheServers() async throws {
        try await withRedisCluster { cluster in
            try await Deployment.run(cluster) { deployment in
                let fills = try (0..<6400).map { Deployment.fill(try Deployment.key($0)) }
                try await deployment.store(fills)
                // Of 64 buckets with 100 entries each a server has 21 or 22.
                for node in cluster.nodes {
                    let entries = try node.command("EVAL", countEntries, "0").integer ?? 0
                    #expect([2100, 2200].contains(entries), "\(entries)")
                }
            }
        }
    }

    private let countEntries = """
        local count = 0
        for _, key in ipairs(redis.call('KEYS', '*')) do
          if string.find(key, '}:e:', 1, true) then count = count + 1 end
        end
        return count
        """

    @Test func aFlushCoversAllServersAndListsAndCountsSeeThemAll() async throws {
        try await withRedisCluster { cluster in
            try await Deployment.run(cluster) { deployment in
                for (namespace, tags) in [("support", ["old"]), ("faq", [])] {
                    try await deployment.store(
                        try (0..<300).map { Deployment.fill(try Deployment.key($0, namespace), tags: tags) }
                    )
                }
                let support = try #require(Namespace("support"))
                let administration = deployment.administration
                var listed: Set<Fingerprint> = []
                var cursor: String?
                repeat {
                    let page = try await administration.entries(
                        EntryQuery(namespace: support, limit: 70, cursor: cursor)
                    )
                    listed.formUnion(page.records.map(\.entry.id))
                    cursor = page.cursor
                } while cursor != nil
                #expect(listed.count == 300)
                let tagged = FlushSelector.namespace(support, model: nil, tags: ["old"])
                #expect(try await administration.flush(tagged, isDryRun: true) == 300)
                #expect(try await administration.flush(tagged, isDryRun: false) == 300)
                #expect(try await administration.flush(.all, isDryRun: false) == 300)
                for number in 0..<300 {
                    #expect(try await deployment.fetch(try Deployment.key(number, "faq")) == nil)
                }
            }
        }
    }
}
