import SemanticCache
import SemanticCacheTesting
import Testing

@testable import RedisStorage

/// An index that follows a cluster.
@Suite struct ClusterFeedTests {
    private func fills(_ numbers: Range<Int>, _ namespace: String = "support") throws -> [Fill] {
        try numbers.map { Deployment.fill(try Deployment.key($0, namespace), semantic: try .sample($0)) }
    }

    @Test func followsAllServersWhileSlotsMove() async throws {
        try await withRedisCluster { cluster in
            try await Deployment.run(cluster) { deployment in
                try await deployment.store(try fills(0..<600))
                try await RunningFeed.run(cluster) { feed in
                    try await feed.holds(try fills(0..<600).map(\.entry.key))
                    try await feed.caughtUp()
                    // Bucket 0 goes elsewhere with its log.
                    let slot = try cluster.slot(of: "{v00}")
                    let target = try #require(cluster.nodes.first { try $0 !== cluster.node(ownerOf: slot) })
                    try cluster.moveSlot(slot, to: target)
                    try await deployment.store(try fills(600..<900))
                    try await feed.holds(try fills(0..<900).map(\.entry.key))
                    #expect(try await deployment.administration.remove(try Deployment.key(0)))
                    _ = try await deployment.administration.flush(.all, isDryRun: false)
                    try await feed.holds([])
                    try await feed.caughtUp()
                }
            }
        }
    }

    @Test func aServerThatIsAwayKeepsNoOtherFromBeingFollowed() async throws {
        try await withRedisCluster(options: .withoutFullCoverage) { cluster in
            try await Deployment.run(cluster) { deployment in
                try await deployment.store(try fills(0..<128))
                let theirs = try (0..<512).filter {
                    let bucket = Bucket(of: try Deployment.key($0).fingerprint)
                    let key = String(decoding: KeySpace(prefix: "").trash(bucket), as: UTF8.self)
                    return try cluster.node(ownerOf: key) === cluster.nodes[0]
                }
                let others = Set(0..<512).subtracting(theirs)
                try await RunningFeed.run(cluster) { feed in
                    try await feed.holds(try fills(0..<128).map(\.entry.key))
                    try await feed.caughtUp()
                    cluster.nodes[0].pause()
                    for fill in try fills(128..<256) where try others.contains(number(of: fill)) {
                        try await eventually("it is stored") { try await deployment.commit(fill).receipt != nil }
                    }
                    let reached = Set(0..<128).union(others.intersection(128..<256)).sorted()
                    try await feed.holds(try reached.map { try Deployment.key($0) }, "the others are followed")
                    // A feed that begins now reads what can be read.
                    try await RunningFeed.run(cluster) { late in
                        let readable = others.intersection(0..<256).sorted()
                        try await late.holds(try readable.map { try Deployment.key($0) }, "the others are read")
                        #expect(!late.feed.state.isCaughtUp)
                        cluster.nodes[0].resume()
                        try await late.holds(try reached.map { try Deployment.key($0) }, "all are read")
                        try await late.caughtUp()
                    }
                    try await feed.caughtUp()
                }
            }
        }
    }

    private func number(of fill: Fill) throws -> Int {
        try #require((0..<512).first { try Deployment.key($0) == fill.entry.key })
    }

    @Test func afterAFailoverTheIndexHasWhatTheNewPrimaryHas() async throws {
        try await withRedisCluster(replicasPerPrimary: 1) { cluster in
            try await Deployment.run(cluster) { deployment in
                try await deployment.store(try fills(0..<300))
                try await RunningFeed.run(cluster) { feed in
                    try await feed.holds(try fills(0..<300).map(\.entry.key))
                    let (primary, replica) = (cluster.nodes[0], cluster.nodes[3])
                    try await eventually("the replica has all") {
                        try primary.command("DBSIZE") == replica.command("DBSIZE")
                    }
                    primary.kill()
                    try await cluster.waitUntilHealthy()
                    for fill in try fills(300..<400) {
                        try await eventually("it is stored") { try await deployment.commit(fill).receipt != nil }
                    }
                    try await feed.holds(try fills(0..<400).map(\.entry.key))
                    try await feed.caughtUp()
                }
            }
        }
    }
}

extension RedisServer.Options {
    /// Of a cluster whose servers go on when others are away.
    static var withoutFullCoverage: RedisServer.Options {
        var options = RedisServer.Options()
        options.arguments = ["--cluster-require-full-coverage", "no"]
        return options
    }
}
