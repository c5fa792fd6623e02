import Foundation
import JSONScanning
import SemanticCacheTesting
import Testing

extension EndToEnd {
    /// Questions in other words, with the index in Redis.
    @Suite(.timeLimit(.minutes(10))) struct RedisIndexTests {
        static func server(_ program: RedisProgram) async throws -> RedisServer {
            var options = RedisServer.Options()
            options.program = program
            return try await RedisServer.start(options)
        }

        /// Settings with a small model, of which the folder's own name is a part of its name.
        static func settings() throws -> String {
            let folder = try Secrets.current.makeFolder().appending(path: "model")
            try TinyModel().write(to: folder)
            return "semantic: { enabled: true, index: redis }\nembedder: { model_dir: '\(folder.path)' }\n"
        }

        @Test(arguments: [RedisProgram.redis8, .redis8WithSearch])
        func anotherWordingIsAHitAtOnceOnEveryReplica(_ program: RedisProgram) async throws {
            let redis = try await Self.server(program)
            let settings = try Self.settings()
            let first = try await Daemon.start(redis: redis.url, settings: settings)
            let second = try await Daemon.start(redis: redis.url, settings: settings)
            for number in 0..<10 {
                let stored = try await first.store("the cat !", "A cat.", namespace: "n\(number)")
                #expect(stored["tiers"]?.elements.count == 2, "\(stored.text)")
                let hit = try await second.lookup("The cat!", namespace: "n\(number)")
                #expect(hit.string("tier") == "semantic", "\(hit.text)")
                #expect(hit.string("matched") == "the cat !")
            }
            #expect(try await second.get("/readyz").status == 200)
        }

        @Test(arguments: [RedisProgram.redis8, .redis8WithSearch])
        func whatWasFlushedOrWasWrongIsFoundByNobody(_ program: RedisProgram) async throws {
            let redis = try await Self.server(program)
            let settings = try Self.settings()
            let first = try await Daemon.start(redis: redis.url, settings: settings)
            let second = try await Daemon.start(redis: redis.url, settings: settings)
            _ = try await first.store("the cat !", "A cat.", namespace: "a")
            let id = try #require(try await first.store("the dog !", "A dog.", namespace: "b").string("entry_id"))
            #expect(try await first.post("/v1/flush", #"{"namespace":"a"}"#)["flushed"]?.int == 1)
            let asked = chatRequest("The dog!")
            let wrong = #"{"entry_id":"\#(id)","namespace":"b","verdict":"wrong","request":\#(asked)}"#
            #expect(try await second.post("/v1/feedback", wrong).status == 204)
            for daemon in [first, second] {
                #expect(try await daemon.lookup("The cat!", namespace: "a").string("status") == "miss")
                #expect(try await daemon.lookup("The dog!", namespace: "b").string("status") == "miss")
                #expect(try await daemon.lookup("THE dog!", namespace: "b").string("status") == "hit")
            }
            _ = try await second.store("the cat !", "Another cat.", namespace: "a")
            let hit = try await first.lookup("The cat!", namespace: "a")
            #expect(hit.response == chatResponse("Another cat."), "\(hit.text)")
        }

        @Test func whatAKilledReplicaHasStoredIsFound() async throws {
            let redis = try await Self.server(.redis8)
            let settings = try Self.settings()
            let first = try await Daemon.start(redis: redis.url, settings: settings)
            let second = try await Daemon.start(redis: redis.url, settings: settings)
            _ = try await first.store("the cat !", "A cat.")
            first.kill()
            // What it may not have lived to add.
            let drop = "for _, key in ipairs(redis.call('KEYS', ARGV[1])) do redis.call('DEL', key) end"
            try redis.command("EVAL", drop, "0", "*}:[isp]:*")
            #expect(await eventually { try await second.lookup("The cat!").string("tier") == "semantic" })
        }

        @Test func aRedisThatSearchesNoVectorsIsRefusedWithWhatToDo() async throws {
            let redis = try await Self.server(.installed)
            let (status, log) = try await Daemon.run(
                redis: redis.url,
                settings: try Self.settings(),
                arguments: []
            )
            #expect(status != 0)
            #expect(status < 128, "it must not crash")
            for part in ["semantic.index", "this is Redis 7.", "vector sets", "semantic.index: local"] {
                #expect(log.contains(part), "\(log)")
            }
        }

        @Test(arguments: [RedisProgram.redis8, .installed])
        func aRedisThatIsAwayAtTheStartIsAskedLater(_ program: RedisProgram) async throws {
            let redis = try await Self.server(program)
            redis.kill()
            let daemon = try await Daemon.start(
                redis: redis.url,
                settings: try Self.settings(),
                waitsUntilReady: false
            )
            #expect(try await daemon.get("/readyz").status == 503)
            try await redis.restart()
            #expect(await eventually { try await daemon.store("the cat !", "A cat.").outcome == "stored" })
            #expect(await eventually { try await daemon.lookup("the cat !").string("tier") == "exact" })
            if program == .redis8 {
                #expect(await eventually { try await daemon.get("/readyz").status == 200 })
                #expect(await eventually { try await daemon.store("the dog !", "A dog.").outcome == "stored" })
                #expect(await eventually { try await daemon.lookup("The dog!").string("tier") == "semantic" })
            } else {
                #expect(await eventually { daemon.logText.contains("cannot be in this Redis") })
                let ready = try await daemon.get("/readyz")
                #expect(ready.status == 503)
                #expect(ready.text.contains("use Redis 8 or newer"), "\(ready.text)")
            }
        }

        @Test func aClusterHoldsTheIndex() async throws {
            var options = RedisServer.Options()
            options.program = .redis8
            let cluster = try await RedisCluster.start(options: options)
            defer { cluster.kill() }
            let settings = try Self.settings()
            let first = try await Daemon.start(redis: cluster.url, settings: settings)
            let second = try await Daemon.start(redis: cluster.url, settings: settings)
            for number in 0..<20 {
                _ = try await first.store("the cat !", "A cat.", namespace: "n\(number)")
                let hit = try await second.lookup("The cat!", namespace: "n\(number)")
                #expect(hit.string("tier") == "semantic", "\(hit.text)")
            }
        }
    }
}
