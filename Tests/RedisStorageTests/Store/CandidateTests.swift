import SemanticCache
import SemanticCacheTesting
import Testing

@testable import RedisStorage

@Suite struct CandidateTests {
    private let source = EntryKey.numbered(1)
    private let asked = EntryKey.numbered(2)
    private let judgment = Alias.Judgment(similarity: 0.875, score: 0.75, rules: 4)

    private func with(
        _ body: (RedisServer, RedisReplicas) async throws -> Void
    ) async throws {
        try await withRedisServer { server in
            try await RedisReplicas.with(server) { replicas in try await body(server, replicas) }
        }
    }

    /// Stores the source, and writes the alias.
    private func alias(_ replicas: RedisReplicas) async throws -> Entry {
        _ = try await replicas.first.put(.sample(source, semantic: try .sample(1)))
        let entry = try #require(try await replicas.first.fetch(source).entry)
        #expect(try await replicas.first.writeAlias(asked, entry, judgment) == .written)
        return entry
    }

    @Test func aCandidateIsReadWithOneCommand() async throws {
        try await with { server, replicas in
            #expect(try await replicas.first.candidate(source, asked).isAbsent)
            _ = try await replicas.first.put(.sample(source))
            try server.resetCommandCounts()
            #expect(try await replicas.first.candidate(source, asked).entry?.id == source.fingerprint)
            #expect(try server.storeCommands() == ["mget": 1])
            // In another namespace it is not there.
            let foreign = EntryKey(namespace: try #require(Namespace("other")), fingerprint: source.fingerprint)
            #expect(try await replicas.first.candidate(foreign, asked).isAbsent)
            #expect(try await replicas.administration.remove(source))
            #expect(try await replicas.first.candidate(source, asked).isAbsent)
        }
    }

    @Test func aBlockedPairIsBlockedEverywhereAndNoOtherIs() async throws {
        try await with { server, replicas in
            _ = try await alias(replicas)
            #expect(try await replicas.second.fetch(asked).aliased != nil)
            #expect(try await replicas.first.block(source, asked) == .blocked)
            for store in [replicas.first, replicas.second] {
                try server.resetCommandCounts()
                #expect(try await store.candidate(source, asked).isBlocked)
                #expect(try server.storeCommands() == ["mget": 1])
                #expect(try await store.fetch(asked).isAbsent)
                #expect(try await store.fetch(source).entry != nil)
                #expect(try await store.candidate(source, EntryKey.numbered(3)).entry != nil)
                #expect(try await store.candidate(asked, source).isAbsent)
            }
            // It is the pair that is wrong, not one answer.
            _ = try await replicas.first.put(.sample(source, semantic: try .sample(1)))
            #expect(try await replicas.second.candidate(source, asked).isBlocked)
        }
    }

    @Test func aBlockIsNoEntryToEvictAndIsForgottenWhenItsTimeIsOver() async throws {
        try await with { server, replicas in
            for (number, seconds) in [(2, 1), (3, 60)] {
                let outcome: BlockOutcome = try await replicas.first.answer { [source] in
                    let asked = EntryKey.numbered(number).fingerprint
                    $0.block(
                        source,
                        for: asked,
                        seconds: seconds,
                        deadline: HostedStore.deadline(20_000),
                        completion: $1
                    )
                }
                #expect(outcome == .blocked)
            }
            #expect((try server.command("INFO", "keyspace").text ?? "").contains("expires=0"))
            let reclaimer = Reclaimer(client: replicas.client, configuration: .testing, logger: silent)
            try await eventually("the first block is forgotten") {
                try await reclaimer.work()
                return try await replicas.first.candidate(source, asked).isAbsent
            }
            #expect(try await replicas.first.candidate(source, EntryKey.numbered(3)).isBlocked)
            #expect(try server.keys("*}:x:*").count == 1)
        }
    }

    @Test func anAliasAnswersWithItsSource() async throws {
        try await with { server, replicas in
            let entry = try await alias(replicas)
            try server.resetCommandCounts()
            let aliased = try #require(try await replicas.second.fetch(asked).aliased)
            #expect(try server.storeCommands() == ["mget": 2])
            #expect(aliased.entry.id == source.fingerprint)
            #expect(aliased.entry.version == entry.version)
            #expect(aliased.alias.judgment == judgment)
            try server.resetCommandCounts()
            #expect(try await replicas.second.fetch(source).entry != nil)
            #expect(try server.storeCommands() == ["mget": 1])
        }
    }

    @Test func anAliasIsNeitherListedNorCountedNorRemoved() async throws {
        try await with { _, replicas in
            _ = try await alias(replicas)
            let page = try await replicas.administration.entries(EntryQuery(namespace: source.namespace))
            #expect(page.records.map(\.entry.id) == [source.fingerprint])
            let all = FlushSelector.namespace(source.namespace, model: nil, tags: [])
            #expect(try await replicas.administration.flush(all, isDryRun: true) == 1)
            #expect(try await replicas.administration.entry(asked) == nil)
            #expect(try await !replicas.administration.remove(asked))
            #expect(try await replicas.first.fetch(asked).aliased != nil)
        }
    }

    @Test func withoutRedisNothingIsClaimed() async throws {
        try await withRedisServer { server in
            let store = try HostedStore(server)
            try await store.up()
            _ = try await store.put(.sample(source))
            let entry = try #require(try await store.fetch(source).entry)
            server.kill()
            try await eventually("the store knows") { try await !store.isUp }
            #expect(try await store.writeAlias(asked, entry, judgment) == .unavailable(.redisUnavailable))
            #expect(try await store.block(source, asked) == .unavailable(.redisUnavailable))
            let outcome = try await store.candidate(source, asked)
            #expect(!outcome.isAbsent && !outcome.isBlocked && outcome.entry == nil)
            try await store.close()
        }
    }
}

extension HostedStore {
    func candidate(_ key: EntryKey, _ asked: EntryKey) async throws -> CandidateOutcome {
        try await answer {
            $0.fetchCandidate(key, for: asked.fingerprint, deadline: Self.deadline(20_000), completion: $1)
        }
    }

    func writeAlias(_ asked: EntryKey, _ source: Entry, _ judgment: Alias.Judgment) async throws -> AliasOutcome {
        try await answer {
            $0.writeAlias(
                from: asked.fingerprint,
                to: source,
                judgment,
                deadline: Self.deadline(20_000),
                completion: $1
            )
        }
    }

    func block(_ key: EntryKey, _ asked: EntryKey) async throws -> BlockOutcome {
        try await answer {
            $0.block(key, for: asked.fingerprint, seconds: 60, deadline: Self.deadline(20_000), completion: $1)
        }
    }
}
