import RedisStorage
import SemanticCache
import SemanticCacheTesting
import Testing

struct RemovalTests {
    @Test func removedEntryIsGoneAndCannotBeRemovedTwice() async throws {
        try await withRedisServer { server in
            try await Deployment.run(server) { deployment in
                let key = try Deployment.key(1)
                #expect(try await deployment.administration.remove(key) == false)
                try await deployment.store([Deployment.fill(key)])
                #expect(try await deployment.fetch(key) != nil)
                #expect(try await deployment.administration.remove(key))
                #expect(try await deployment.fetch(key) == nil)
                #expect(try await deployment.administration.remove(key) == false)
                let namespace = FlushSelector.namespace(key.namespace, model: nil, tags: [])
                #expect(try await deployment.administration.flush(namespace, isDryRun: true) == 0)
            }
        }
    }

    @Test func fillInFlightForARemovedEntryIsRefused() async throws {
        try await withRedisServer { server in
            try await Deployment.run(server) { deployment in
                let key = try Deployment.key(1)
                try await deployment.store([Deployment.fill(key)])
                // A caller of `no-cache` fills anew while the entry is removed.
                let claim = try await deployment.claim(key)
                #expect(try await deployment.administration.remove(key))
                #expect(try await deployment.commit(Deployment.fill(key, claim: claim)) == .flushed)
                #expect(try await deployment.fetch(key) == nil)
                let next = try await deployment.claim(key)
                #expect(next.heldLease)
                #expect(try await deployment.commit(Deployment.fill(key, claim: next)) == .stored(timeToLive: 3600))
            }
        }
    }

    @Test func entryOfAnotherNamespaceIsNotRemoved() async throws {
        try await withRedisServer { server in
            try await Deployment.run(server) { deployment in
                let key = try Deployment.key(1)
                try await deployment.store([Deployment.fill(key), Deployment.fill(try Deployment.key(1, "faq"))])
                let other = EntryKey(namespace: try #require(Namespace("faq")), fingerprint: key.fingerprint)
                #expect(try await deployment.administration.remove(other) == false)
                #expect(try await deployment.fetch(key) != nil)
            }
        }
    }
}
