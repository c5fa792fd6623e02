import Redis
import RedisStorage

/// Finds out whether the semantic index can be in this Redis.
enum RedisIndexStart {
    /// What readiness waits for meanwhile.
    static let waiting = "Redis has not said yet whether it searches vectors"
    /// Connections that search, at least: each waits for one search at a time.
    static let leastConnections = 4
    private static let patience = Duration.seconds(2)
    private static let pause = Duration.milliseconds(500)

    /// What Redis offers; nil when it is away at the start.
    ///
    /// - Throws: ``StartFailure`` when it has answered and offers nothing.
    static func offer(_ surroundings: SemanticParts.Surroundings) async throws -> RedisSearchOffer? {
        let client = surroundings.makeClient()
        client.start()
        try? await client.waitUntilAvailable(within: patience)
        let offer = client.state == .up ? await RedisSearchOffer.ask(client) : nil
        await client.shutdown()
        if let offer, offer.kind == nil { throw StartFailure(offer.refusal) }
        return offer
    }

    /// What Redis offers, once it has answered; nil when the task was canceled before.
    static func firstOffer(_ client: RedisClient) async -> RedisSearchOffer? {
        while !Task.isCancelled {
            if client.state == .up, let offer = await RedisSearchOffer.ask(client) { return offer }
            try? await Task.sleep(for: pause)
        }
        return nil
    }
}
