public import CacheAPI

/// What a miss is answered with, by those who call the upstream themselves.
extension CacheClient {
    /// Stores the upstream's answer to a request that missed; nil when it must not be stored.
    public func store(
        _ response: JSONText,
        for miss: CacheMiss
    ) async throws(CacheClientError) -> StoreResultBody? {
        guard let ticket = miss.ticket else { return nil }
        return try await fill(StoreBody(ticket: ticket, response: response))
    }

    /// Stores the data payloads of the upstream's stream, in order, `[DONE]` included; nil when it must not be stored.
    public func store(
        events: [String],
        for miss: CacheMiss
    ) async throws(CacheClientError) -> StoreResultBody? {
        guard let ticket = miss.ticket else { return nil }
        return try await fill(StoreBody(ticket: ticket, events: events))
    }

    /// Tells that the upstream gave no answer: who waits for it calls at once.
    ///
    /// Is sent even when the task is cancelled.
    public func release(_ miss: CacheMiss) async throws(CacheClientError) {
        guard let ticket = miss.ticket else { return }
        try await giveUp(ticket)
    }

    /// Stores, cancelled or not: the upstream's answer is there and paid for.
    func fill(_ body: StoreBody) async throws(CacheClientError) -> StoreResultBody {
        var call = post("/v1/store", body)
        call.timeout = configuration.fillTimeout
        call.outlastsCancellation = true
        return try await answer(to: call, as: StoreResultBody.self).body
    }

    /// Gives the lease up, cancelled or not, so that nobody waits for an answer that does not come.
    func giveUp(_ ticket: String) async throws(CacheClientError) {
        var call = post("/v1/release", ReleaseBody(ticket: ticket))
        call.timeout = configuration.fillTimeout
        call.outlastsCancellation = true
        try await done(call)
    }
}
