public import CacheAPI
import NIOHTTP1

extension CacheClient {
    /// Looks a request up; a hit has the upstream's answer, byte for byte the same JSON value.
    ///
    /// A cache that fails, or does not answer within ``CacheClientConfiguration/lookupTimeout`` and what the lookup asks
    /// to wait, is a bypass. Thrown is only what the caller has to mend: a wrong key, namespace or body.
    public func lookup(_ body: LookupBody) async throws(CacheClientError) -> LookupOutcome<JSONText> {
        try await outcome(of: body, accept: "application/json") { reply throws(CacheClientError) in
            let result = try Self.decode(LookupResultBody.self, from: reply)
            guard result.status == "hit" else { return try Self.withoutHit(result, reply.status) }
            guard let response = result.response, let hit = CacheHit(result) else {
                throw .unexpected(status: reply.status, detail: "a hit without `response`, `tier` or `entry_id`")
            }
            return .hit(response, hit)
        }
    }

    /// Looks a request with `"stream": true` up; a hit has the answer as the stream that the upstream would send.
    ///
    /// Fails as ``lookup(_:)`` does. A hit that has no streamed form is a bypass with the reason `unexpected_answer`.
    public func lookupEvents(_ body: LookupBody) async throws(CacheClientError) -> LookupOutcome<ReplayedEvents> {
        try await outcome(of: body, accept: "text/event-stream") { reply throws(CacheClientError) in
            if reply.headers.first(name: "content-type")?.hasPrefix("text/event-stream") == true {
                guard let hit = CacheHit(reply.headers) else {
                    throw .unexpected(status: reply.status, detail: "a replayed hit without its headers")
                }
                return .hit(ReplayedEvents(bytes: reply.body), hit)
            }
            let result = try Self.decode(LookupResultBody.self, from: reply)
            guard result.status == "hit" else { return try Self.withoutHit(result, reply.status) }
            throw .unexpected(
                status: reply.status,
                detail: #"the hit came whole: the request must say "stream": true and be for an endpoint with streams"#
            )
        }
    }

    /// Asks, and waits for another caller's fill only once the server has said that there is one: a server that hangs
    /// costs ``CacheClientConfiguration/lookupTimeout``, not the wait.
    private func outcome<Answer>(
        of body: LookupBody,
        accept: String,
        read: (CacheReply) throws(CacheClientError) -> LookupOutcome<Answer>
    ) async throws(CacheClientError) -> LookupOutcome<Answer> {
        guard let wait = body.cache?.waitMS, wait > 0 else { return try await ask(body, accept, read) }
        var first = body
        first.cache?.waitMS = nil
        first.cache?.asksAgain = true
        let outcome = try await ask(first, accept, read)
        guard case .miss(let miss) = outcome, miss.lease?.state == "held" else { return outcome }
        return try await ask(body, accept, read)
    }

    private func ask<Answer>(
        _ body: LookupBody,
        _ accept: String,
        _ read: (CacheReply) throws(CacheClientError) -> LookupOutcome<Answer>
    ) async throws(CacheClientError) -> LookupOutcome<Answer> {
        var call = post("/v1/lookup", body)
        call.accept = accept
        call.timeout = configuration.lookupTimeout + .milliseconds(body.cache?.waitMS ?? 0)
        call.mayWait = true
        do {
            return try read(try await reply(to: call))
        } catch {
            if error.isCallers { throw error }
            return .bypass(CacheBypass(error, isCancelled: Task.isCancelled))
        }
    }

    private static func withoutHit<Answer>(
        _ result: LookupResultBody,
        _ status: Int
    ) throws(CacheClientError) -> LookupOutcome<Answer> {
        let reason = result.reason ?? "unknown"
        switch result.status {
        case "miss":
            return .miss(
                CacheMiss(reason: reason, ticket: result.ticket, lease: result.lease, nearest: result.nearest)
            )
        case "bypass": return .bypass(CacheBypass(reason: reason))
        default: throw .unexpected(status: status, detail: "its status is none that is known here")
        }
    }
}

extension CacheHit {
    /// Reads a hit; nil when something is missing.
    fileprivate init?(_ result: LookupResultBody) {
        guard let entryID = result.entryID, let tier = result.tier else { return nil }
        self.init(
            entryID: entryID,
            tier: tier,
            similarity: result.similarity,
            age: result.age ?? 0,
            coalesced: result.coalesced,
            matched: result.matched,
            saved: result.saved
        )
    }

    /// Reads the headers of a replayed hit; nil when something is missing.
    fileprivate init?(_ headers: HTTPHeaders) {
        guard let entryID = headers.first(name: "x-semcached-entry"), let tier = headers.first(name: "x-semcached-tier")
        else { return nil }
        self.init(
            entryID: entryID,
            tier: tier,
            similarity: headers.first(name: "x-semcached-similarity").flatMap { Double($0) },
            age: headers.first(name: "age").flatMap { Int($0) } ?? 0
        )
    }
}
