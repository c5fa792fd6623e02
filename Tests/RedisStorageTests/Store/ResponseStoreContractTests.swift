import SemanticCacheTesting
import Testing

@Suite struct ResponseStoreContractTests {
    @Test(arguments: ResponseStoreContract.promises)
    func memoryKeeps(_ promise: ResponseStoreContract.Promise) async throws {
        try await promise.check(MemoryReplicas())
    }

    @Test func redisKeepsThemAll() async throws {
        for promise in ResponseStoreContract.promises {
            try await withRedisServer { server in
                do {
                    try await RedisReplicas.with(server) { try await promise.check($0) }
                } catch {
                    Issue.record("\(promise): \(error)")
                }
            }
        }
    }
}
