import Redis
import RedisStorage
import SemanticCacheTesting
import Testing

@Suite struct RedisSearchOfferTests {
    @Test(arguments: [
        (RedisProgram.redis8WithSearch, RedisSearchOffer.Kind?.some(.searchIndex)), (.redis8, .vectorSets),
        (.installed, nil),
    ])
    func theServerSaysWhatItOffers(_ program: RedisProgram, _ kind: RedisSearchOffer.Kind?) async throws {
        var options = RedisServer.Options()
        options.program = program
        try await withRedisServer(options) { server in
            let client = try redisClient(server)
            client.start()
            try await client.waitUntilAvailable(within: .seconds(30))
            #expect(await RedisSearchOffer.ask(client)?.kind == kind)
            // Somebody keeps COMMAND to himself.
            try server.command("ACL", "SETUSER", "default", "-command")
            let offer = try #require(await RedisSearchOffer.ask(client))
            #expect(offer.kind == kind)
            if kind == nil {
                #expect(offer.refusal.contains("this is \(offer.server), which has neither vector sets"))
                #expect(offer.server.hasPrefix("Redis 7."))
            }
            await client.shutdown()
        }
    }
}
