import RedisStorage
import SemanticCache
import SemanticCacheTesting
import Testing

struct DeploymentSecretTests {
    @Test func replicasOfADeploymentShareOneKey() async throws {
        try await withRedisServer { server in
            try await Deployment.run(server) { deployment in
                let secret = DeploymentSecret(client: deployment.client, configuration: deployment.configuration)
                let keys = await withTaskGroup(of: [UInt8]?.self) { group in
                    for _ in 0..<20 { group.addTask { await secret.key(preferring: nil) } }
                    return await group.reduce(into: Set<[UInt8]?>()) { $0.insert($1) }
                }
                #expect(keys.count == 1)
                let key = try #require(keys.first ?? nil)
                #expect(key.count == 32)
                #expect(await secret.key(preferring: Array(repeating: 7, count: 32)) == key)
            }
        }
    }

    @Test func deploymentsWithOtherPrefixesHaveOtherKeys() async throws {
        try await withRedisServer { server in
            try await Deployment.run(server) { deployment in
                let one = DeploymentSecret(client: deployment.client, configuration: deployment.configuration)
                let other = DeploymentSecret(
                    client: deployment.client,
                    configuration: StorageConfiguration(keyPrefix: "other:")
                )
                #expect(await one.key(preferring: nil) != other.key(preferring: nil))
            }
        }
    }

    @Test func knownKeyComesBackAfterRedisWasEmptied() async throws {
        try await withRedisServer { server in
            try await Deployment.run(server) { deployment in
                let secret = DeploymentSecret(client: deployment.client, configuration: deployment.configuration)
                let key = try #require(await secret.key(preferring: nil))
                try server.command("FLUSHALL")
                #expect(await secret.key(preferring: key) == key)
                #expect(await secret.key(preferring: nil) == key)
            }
        }
    }

    @Test func keyIsReadWhileRedisIsFull() async throws {
        try await withRedisServer { server in
            try await Deployment.run(server) { deployment in
                let secret = DeploymentSecret(client: deployment.client, configuration: deployment.configuration)
                let key = try #require(await secret.key(preferring: nil))
                try server.command("CONFIG", "SET", "maxmemory", "1")
                #expect(await secret.key(preferring: nil) == key)
            }
        }
    }

    @Test func withoutRedisThereIsNoKey() async throws {
        try await withRedisServer { server in
            try await Deployment.run(server) { deployment in
                server.kill()
                let secret = DeploymentSecret(client: deployment.client, configuration: deployment.configuration)
                #expect(await secret.key(preferring: nil) == nil)
            }
        }
    }
}
