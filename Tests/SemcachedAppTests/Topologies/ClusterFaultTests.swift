import NIOHTTP1
import SemanticCacheTesting
import Testing

extension Topologies {
    /// Two daemons under load before a cluster to which things happen.
    @Suite struct ClusterFaultTests {
        /// Entries of three fates: those of one server, those of the others, and those that are flushed.
        private struct Scene {
            let cluster: RedisCluster
            let replicas: [ReplicaProcess]
            let watch: EntryWatch

            /// The primary to which it happens.
            var victim: RedisServer { cluster.nodes[0] }
            /// Its replica, if there are any.
            var heir: RedisServer { cluster.nodes[3] }

            static func start(
                replicasPerPrimary: Int = 0,
                options: RedisServer.Options = RedisServer.Options()
            ) async throws -> Scene {
                let cluster = try await RedisCluster.start(replicasPerPrimary: replicasPerPrimary, options: options)
                let replicas = try await Topologies.replicas(of: cluster.url)
                let scene = Scene(cluster: cluster, replicas: replicas, watch: EntryWatch(replicas))
                let entries = try await scene.watch.store(60, in: "kept")
                let theirs = try scene.victim.entryIDs
                scene.watch.watch("victim's", entries.filter { theirs.contains($0.id) })
                scene.watch.watch("others'", entries.filter { !theirs.contains($0.id) })
                let gone = try await scene.watch.store(60, in: "gone")
                let flushed = try scene.victim.entryIDs
                scene.watch.watch("flushed", gone.filter { flushed.contains($0.id) })
                return scene
            }

            func end() { cluster.kill() }

            /// The slots of all keys that a server has: those of buckets, of the figures and of the ticket key.
            func slots(of node: RedisServer) throws -> [Int] {
                let script = """
                    local tags = {}
                    local seen = {}
                    for _, key in ipairs(redis.call('KEYS', '*')) do
                      local tag = string.match(key, '{(.-)}')
                      if tag and not seen[tag] then
                        seen[tag] = true
                        tags[#tags + 1] = tag
                      end
                    end
                    return tags
                    """
                let tags = try node.command("EVAL", script, "0").elements?.compactMap(\.text) ?? []
                return try tags.sorted().map { try cluster.slot(of: $0) }
            }
        }

        @Test func slotsThatMoveCostNoHit() async throws {
            let scene = try await Scene.start()
            defer { scene.end() }
            let added = try await scene.cluster.addNode()
            try await scene.watch.run {
                try await scene.watch.hits("victim's", 100)
                scene.watch.forget()
                // Slots with keys, among them those of buckets; to a server that the daemons do not know.
                let slots = try scene.slots(of: scene.victim)
                #expect(slots.count > 15)
                for (place, slot) in slots.enumerated() {
                    let target = place < slots.count / 2 ? added : scene.cluster.nodes[1]
                    let move = try scene.cluster.beginMove(slot, to: target)
                    while try move.migrateKeys(count: 3) > 0 { try await Task.sleep(for: .milliseconds(5)) }
                    try move.finish()
                }
                try await scene.watch.flush("flushed", at: 1)
                // And some back again.
                for slot in slots.prefix(5) { try scene.cluster.moveSlot(slot, to: scene.victim) }
                try await scene.watch.isWhole("victim's")
            }
            scene.watch.expectNothingWrong("resharding")
            for group in ["victim's", "others'"] {
                let record = scene.watch.record(group)
                #expect(record.answers.keys.sorted() == ["hit"], "\(group): \(record.answers)")
            }
        }

        @Test func aKilledPrimaryIsReplacedAndNothingFlushedComesBack() async throws {
            let scene = try await Scene.start(replicasPerPrimary: 1)
            defer { scene.end() }
            try await scene.victim.isCopied(by: scene.heir)
            try await scene.watch.run {
                try await scene.watch.flush("flushed", at: 0)
                try await scene.watch.hits("victim's", 100)
                scene.watch.forget()
                scene.victim.kill()
                try await scene.watch.answers("victim's", "bypass", 20)
                try await scene.watch.hits("others'", 20)
                try await scene.cluster.waitUntilHealthy()
                try await scene.watch.isWhole("victim's")
                try await scene.watch.isWhole("others'")
                try await scene.victim.restart()
                try await scene.cluster.waitUntilHealthy()
                try await scene.watch.isWhole("victim's")
            }
            scene.watch.expectNothingWrong("killed primary of a cluster")
            #expect(scene.watch.record("victim's").answers["miss"] == nil)
            #expect(scene.watch.record("others'").answers["miss"] == nil)
            // Stores are taken by the one that took over.
            #expect(try await scene.watch.store(40, in: "later").count == 40)
        }

        @Test(arguments: [0, 1])
        func aSuspendedPrimaryThatComesBackServesNothingStale(flushing replica: Int) async throws {
            let scene = try await Scene.start(replicasPerPrimary: 1)
            defer { scene.end() }
            try await scene.victim.isCopied(by: scene.heir)
            try await scene.watch.run {
                try await scene.watch.hits("victim's", 100)
                scene.watch.forget()
                scene.victim.pause()
                try await scene.watch.answers("victim's", "bypass", 20)
                try await eventually("the replica takes over") { try scene.heir.isPrimary }
                // It comes back as soon as one daemon knows of the new one; the other may not yet.
                try await scene.watch.flush("flushed", at: replica)
                scene.victim.resume()
                try await scene.watch.isWhole("victim's")
                try await scene.cluster.waitUntilHealthy()
                try await scene.watch.isWhole("victim's")
                try await scene.watch.isWhole("others'")
                #expect(try !scene.victim.isPrimary)
            }
            scene.watch.expectNothingWrong("suspended primary of a cluster")
            #expect(scene.watch.record("victim's").answers["miss"] == nil)
        }

        @Test(arguments: [true, false])
        func aPrimaryWithoutAReplicaTakesItsOwnEntriesOnlyOrAll(requiresFullCoverage: Bool) async throws {
            var options = RedisServer.Options()
            options.persistence = true
            if !requiresFullCoverage { options.arguments = ["--cluster-require-full-coverage", "no"] }
            let scene = try await Scene.start(options: options)
            defer { scene.end() }
            let name = "killed primary without a replica, full coverage \(requiresFullCoverage)"
            try await scene.watch.run {
                try await scene.watch.hits("victim's", 100)
                scene.watch.forget()
                scene.victim.kill()
                try await scene.watch.answers("victim's", "bypass", 50)
                if requiresFullCoverage {
                    try await scene.watch.answers("others'", "bypass", 50)
                } else {
                    try await eventually("it is found dead") {
                        try scene.cluster.nodes[1].command("CLUSTER", "NODES").text?.contains("fail ") == true
                    }
                    try await scene.watch.isWhole("others'")
                    #expect(scene.watch.record("others'").answers.keys.sorted() == ["hit"])
                }
                try await scene.victim.restart()
                try await scene.watch.isWhole("victim's")
                try await scene.watch.isWhole("others'")
                try await scene.watch.flush("flushed", at: 0)
            }
            scene.watch.expectNothingWrong(name)
            #expect(scene.watch.record("victim's").answers["miss"] == nil)
        }

        @Test func fillsGoOnWhileAPrimaryIsReplacedAndSlotsMove() async throws {
            let scene = try await Scene.start(replicasPerPrimary: 1)
            defer { scene.end() }
            let load = QuestionLoad(scene.replicas)
            try await load.run(clients: 6) {
                try await load.serves(300)
                for slot in try scene.slots(of: scene.victim).suffix(4) {
                    try scene.cluster.moveSlot(slot, to: scene.cluster.nodes[1])
                }
                try await load.serves(100)
                try await scene.cluster.promote(scene.heir)
                report("planned failover of a cluster: recovered after", try await load.recovers())
                try await load.serves(200)
                try await scene.cluster.waitUntilHealthy()
            }
            load.expectNothingWrong("planned failover of a cluster")
            try await load.expectAcknowledgedAnswersAreHits()
        }
    }
}
