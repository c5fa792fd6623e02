import Redis
import SemanticCache
import SemanticCacheTesting
import Testing

@testable import RedisStorage

@Suite(.timeLimit(.minutes(10))) struct ClusterIndexTests {
    private static func configuration(_ cluster: RedisCluster) throws -> RedisConfiguration {
        var configuration = RedisConfiguration(endpoint: try RedisEndpoint(url: cluster.url))
        configuration.connectTimeout = .seconds(20)
        configuration.commandDeadline = .seconds(20)
        return configuration
    }

    @Test func partitionsAreSpreadOverTheServersAndKeepTheContract() async throws {
        var options = RedisServer.Options()
        options.program = .redis8
        let cluster = try await RedisCluster.start(options: options)
        defer { cluster.kill() }
        var settings = RedisIndexSettings.testing
        settings.shardSize = 200
        for promise in VectorIndexContract.promises {
            try await IndexReplica.run(try Self.configuration(cluster), .vectorSets, settings) { replica in
                #expect(await RedisSearchOffer.ask(replica.client)?.kind == .vectorSets)
                try await promise.check(replica.trial())
            }
            for node in cluster.nodes { try node.command("FLUSHALL") }
        }
        try await IndexReplica.run(try Self.configuration(cluster), .vectorSets, settings) { replica in
            try await replica.insert((0..<300).map { .lasting($0, partition: $0 % 60) })
            for number in 0..<300 { #expect(await replica.finds(number, in: number % 60)) }
            for node in cluster.nodes { #expect(try node.keys("*}:s:*").count > 5) }
            try await replica.insert((300..<800).map { .lasting($0) })
            for number in 300..<800 { #expect(await replica.finds(number)) }
            try await IndexTender(index: replica.index).look()
            #expect(replica.index.usage.elements == 800)
        }
    }

    /// A module's index sees the keys of its own server only.
    @Test func aSearchModuleIsNotUsedInACluster() async throws {
        var options = RedisServer.Options()
        options.program = .redis8WithSearch
        let cluster = try await RedisCluster.start(options: options)
        defer { cluster.kill() }
        try await IndexReplica.run(try Self.configuration(cluster), .vectorSets) { replica in
            #expect(await RedisSearchOffer.ask(replica.client)?.kind == .vectorSets)
        }
    }
}
