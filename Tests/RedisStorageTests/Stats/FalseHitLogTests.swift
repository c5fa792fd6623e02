import RedisStorage
import SemanticCache
import SemanticCacheTesting
import Testing

@Suite struct FalseHitLogTests {
    @Test(arguments: FalseHitLogContract.promises)
    func memoryKeeps(_ promise: FalseHitLogContract.Promise) async throws {
        let clock = SettableClock()
        try await promise.check(MemoryFalseHitLog { clock.now }, clock)
    }

    @Test(arguments: FalseHitLogContract.promises)
    func redisKeeps(_ promise: FalseHitLogContract.Promise) async throws {
        try await withRedisServer { server in
            try await Deployment.run(server) { deployment in
                let clock = SettableClock()
                let log = RedisFalseHitLog(client: deployment.client, configuration: deployment.configuration) {
                    clock.now
                }
                try await promise.check(log, clock)
            }
        }
    }

    @Test func theListIsBoundedAndGoesAway() async throws {
        try await withRedisServer { server in
            try await Deployment.run(server) { deployment in
                let log = RedisFalseHitLog(client: deployment.client, configuration: deployment.configuration) {
                    Timestamp(milliseconds: 1)
                }
                let key = try Deployment.key(1)
                let falseHit = FalseHit(
                    at: Timestamp(milliseconds: 1),
                    namespace: key.namespace,
                    entry: key.fingerprint,
                    remedy: .none
                )
                for _ in 0..<210 { try await log.append(falseHit) }
                let name = "semcached:{stats}:false_hits"
                #expect(try server.keys("*") == [name])
                #expect(try server.command("LLEN", name).integer == 200)
                #expect(604_700...604_800 ~= (try server.command("TTL", name).integer ?? 0))
            }
        }
    }

    @Test(arguments: ["", "nonsense", "1 a b c d e f", "x \(String(repeating: "a", count: 64)) none - - -"])
    func whatIsNoLineIsLeftOut(line: String) async throws {
        try await withRedisServer { server in
            try await Deployment.run(server) { deployment in
                try server.command("RPUSH", "semcached:{stats}:false_hits", line)
                let log = RedisFalseHitLog(client: deployment.client, configuration: deployment.configuration) {
                    Timestamp(milliseconds: 1)
                }
                #expect(try await log.newest(50, in: nil).isEmpty)
            }
        }
    }
}
