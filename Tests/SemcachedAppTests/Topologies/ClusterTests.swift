import Foundation
import JSONScanning
import NIOHTTP1
import SemanticCacheTesting
import Testing

extension Topologies {
    /// Two daemons before a cluster that is well.
    @Suite struct ClusterTests {
        private struct Pair {
            let cluster: RedisCluster
            let first: Daemon
            let second: Daemon
            var both: [Daemon] { [first, second] }

            static func start(settings: String = "", password: String? = nil) async throws -> Pair {
                var options = RedisServer.Options()
                options.password = password
                let cluster = try await RedisCluster.start(options: options)
                return Pair(
                    cluster: cluster,
                    first: try await Daemon.start(redis: cluster.url, settings: settings),
                    second: try await Daemon.start(redis: cluster.url, settings: settings)
                )
            }

            /// Stores the answers of questions `0..<count`, by both in turn.
            func store(_ count: Int, in namespace: String, extra: String = "") async throws -> [String] {
                var ids: [String] = []
                for number in 0..<count {
                    let stored = try await both[number % 2].store(
                        "question \(number)",
                        "answer \(number)",
                        namespace: namespace,
                        extra: extra
                    )
                    ids.append(try #require(stored.string("entry_id"), "\(stored.text)"))
                }
                return ids
            }

            /// How many of the questions either daemon answers, which must be the same.
            func served(_ count: Int, in namespace: String) async throws -> Int {
                var served: Set<Int> = []
                for daemon in both {
                    var hits = 0
                    for number in 0..<count {
                        let answer = try await daemon.lookup(
                            "question \(number)",
                            namespace: namespace,
                            cache: #"{"lease":false}"#
                        )
                        if answer.outcome == "hit" { hits += 1 } else { #expect(answer.outcome == "miss absent") }
                    }
                    served.insert(hits)
                }
                return served.count == 1 ? served.first ?? -1 : -1
            }
        }

        @Test func whatOneReplicaStoresTheOtherServesInAnyWording() async throws {
            let pair = try await Pair.start(settings: "semantic: { enabled: true }\n")
            defer { pair.cluster.kill() }
            let ids = try await pair.store(30, in: "a")
            // Entries lie on all servers.
            for node in pair.cluster.nodes { #expect(try !node.entryIDs.isDisjoint(with: ids)) }
            #expect(try await pair.served(30, in: "a") == 30)
            let stored = try await pair.first.store("How do I reset my password?", "Click on it.")
            let change = try #require(stored.string("change"))
            let hit = try await pair.second.lookup("How can I reset my password?", cache: #"{"after":"\#(change)"}"#)
            #expect(hit.string("tier") == "semantic", "\(hit.text)")
            #expect(
                await eventually {
                    try await pair.first.lookup("How can I reset my password?").string("tier") == "exact"
                }
            )
            // One that starts now reads the index from all servers.
            let third = try await Daemon.start(redis: pair.cluster.url, settings: "semantic: { enabled: true }\n")
            let other = try await third.lookup("How should I reset my password?")
            #expect(other.string("tier") == "semantic", "\(other.text)")
            #expect(try await third.indexed == 31)
            let id = try #require(stored.string("entry_id"))
            let asked = "How can I reset my password?"
            let wrong = #"{"entry_id":"\#(id)","verdict":"wrong","request":\#(chatRequest(asked))}"#
            #expect(try await third.post("/v1/feedback", wrong).status == 204)
            for daemon in pair.both + [third] {
                #expect(try await daemon.lookup(asked).string("status") == "miss")
                #expect(try await daemon.lookup("How do I reset my password?").string("tier") == "exact")
            }
        }

        @Test func flushesAndRemovalsHoldAtOnceEverywhere() async throws {
            let pair = try await Pair.start()
            defer { pair.cluster.kill() }
            let ids = try await pair.store(60, in: "a")
            _ = try await pair.store(60, in: "b", extra: #","tags":["old"]"#)
            _ = try await pair.store(20, in: "c")
            #expect(try await pair.first.send(.DELETE, "/v1/entries/\(ids[0])?namespace=a").status == 204)
            #expect(try await pair.second.lookup("question 0", namespace: "a").outcome == "miss absent")
            let wrong = #"{"entry_id":"\#(ids[1])","namespace":"a","verdict":"wrong","request":"#
            let feedback = wrong + chatRequest("question 1") + "}"
            #expect(try await pair.second.post("/v1/feedback", feedback).status == 204)
            #expect(try await pair.first.lookup("question 1", namespace: "a").outcome == "miss absent")
            #expect(try await pair.first.post("/v1/flush", #"{"namespace":"a"}"#)["flushed"]?.int == 58)
            #expect(try await pair.served(60, in: "a") == 0)
            let tagged = #"{"namespace":"b","tags":["old"]}"#
            #expect(try await pair.second.post("/v1/flush", tagged)["flushed"]?.int == 60)
            #expect(try await pair.served(60, in: "b") == 0)
            #expect(try await pair.served(20, in: "c") == 20)
            #expect(try await pair.first.post("/v1/flush", #"{"all":true}"#)["flushed"]?.int == 20)
            #expect(try await pair.served(20, in: "c") == 0)
        }

        @Test func aWaiterOnAnotherReplicaGetsTheAnswerOfEveryServer() async throws {
            let settings = "lease: { seconds: 300, ticket_seconds: 900 }"
            let pair = try await Pair.start(settings: settings)
            defer { pair.cluster.kill() }
            // Both know the deployment's key from here on.
            _ = try await pair.second.ticket("Is the second up?")
            for number in 0..<12 {
                let ticket = try await pair.first.ticket("What do all ask \(number)?")
                let waiter = Task {
                    try await pair.second.lookup("What do all ask \(number)?", cache: #"{"wait_ms":60000}"#)
                }
                let waits = await eventually {
                    try pair.cluster.nodes.contains {
                        try $0.command("KEYS", "semcached:{*}:q:*").elements?.isEmpty == false
                    }
                }
                #expect(waits)
                #expect(try await pair.first.store(ticket: ticket, "the answer \(number)").outcome == "stored")
                let hit = try await waiter.value
                #expect(hit.outcome == "hit")
                #expect(hit["coalesced"]?.bool == true)
                #expect(hit.response == chatResponse("the answer \(number)"))
            }
        }

        @Test func figuresOfAllReplicasAreExactAndListsAreWhole() async throws {
            let pair = try await Pair.start()
            defer { pair.cluster.kill() }
            let ids = try await pair.store(40, in: "a")
            for number in 0..<120 {
                #expect(
                    try await pair.both[number % 2].lookup("question \(number % 40)", namespace: "a").outcome == "hit"
                )
            }
            for number in 0..<10 { _ = try await pair.first.lookup("unknown \(number)", namespace: "b") }
            let counted = await eventually { try await pair.second.get("/v1/stats")["lookups"]?.int == 130 }
            let stats = try await pair.second.get("/v1/stats")
            #expect(counted, "\(stats.text)")
            #expect(stats["hits"]?["exact"]?.int == 120)
            #expect(stats["misses"]?.int == 10)
            #expect(stats["stores"]?.int == 40)
            #expect(stats["entries"]?.int == 40)
            #expect(await eventually { try await pair.first.get("/v1/stats")["replicas"]?.elements.count == 2 })
            var listed: [String] = []
            var cursor: String?
            repeat {
                let rest = cursor.map { "&cursor=\($0)" } ?? ""
                let page = try await pair.first.get("/v1/entries?namespace=a&limit=7\(rest)")
                listed += page["entries"]?.elements.compactMap { $0["entry_id"]?.string } ?? []
                cursor = page.string("cursor")
            } while cursor != nil
            #expect(listed.sorted() == ids.sorted())
            #expect(
                await eventually { try await pair.first.get("/v1/entries/\(ids[0])?namespace=a")["hits"]?.int == 3 }
            )
            let metrics = try await pair.first.get("/metrics").text
            #expect(metrics.contains("\nsemcached_redis_up 1\n"))
            #expect(try await pair.first.get("/readyz").status == 200)
            let doctor = try await AdminTool(url: pair.first.url("")).run("doctor")
            #expect(doctor.status == 0, "\(doctor)")
        }

        @Test func aPasswordIsUsedEverywhereAndShownNowhere() async throws {
            let pair = try await Pair.start(password: "open-sesame-93")
            defer { pair.cluster.kill() }
            Secrets.current.note("open-sesame-93")
            _ = try await pair.store(20, in: "a")
            #expect(try await pair.served(20, in: "a") == 20)
            let folder = try Secrets.current.makeFolder()
            let output = folder.appending(path: "output").path
            try ChildProcess.run(
                Daemon.program(named: "semcached"),
                ["config", "--redis", pair.cluster.url],
                log: output
            )
            let text = try String(contentsOfFile: output, encoding: .utf8)
            #expect(!text.contains("open-sesame-93"))
            #expect(text.contains("redis-cluster://:***@127.0.0.1:\(pair.cluster.nodes[0].port),"), "\(text)")
        }
    }
}
