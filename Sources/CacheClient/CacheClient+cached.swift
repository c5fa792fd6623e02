public import CacheAPI
import JSONScanning

extension CacheClient {
    /// Milliseconds that a request waits for another caller's answer to the same one, unless it says otherwise.
    static let defaultWait = 30_000

    /// Answers a request from the cache, or calls the upstream and stores its answer.
    ///
    /// Of equal requests at the same time, at whatever gateway, one calls the upstream and the others wait for its
    /// answer, for 30 seconds unless ``CacheOptions/waitMS`` says otherwise. If the call fails or is cancelled, the next
    /// one of them calls at once.
    ///
    /// - Parameters:
    ///   - body: the request, which must not ask for a stream.
    ///   - upstream: gives the upstream's answer, JSON text; error documents may be returned, and are not stored.
    /// - Returns: the answer; whatever was wrong with the cache, a wrong key included, is in ``CacheUse/failure``.
    /// - Throws: what `upstream` throws, nothing else.
    public nonisolated(nonsending) func cached(
        _ body: LookupBody,
        upstream: nonisolated(nonsending) () async throws -> [UInt8]
    ) async throws -> CachedAnswer {
        var use = CacheUse()
        var ticket: String?
        do {
            switch try await lookup(Self.waiting(body)) {
            case .hit(let response, let hit):
                use.hit = hit
                return CachedAnswer(response: response.bytes, use: use)
            case .miss(let miss): ticket = miss.ticket
            case .bypass(let bypass): use.failure = bypass.error
            }
        } catch {
            use.failure = error
        }
        let response: [UInt8]
        do {
            response = try await upstream()
        } catch {
            await abandon(ticket)
            throw error
        }
        guard let ticket else { return CachedAnswer(response: response, use: use) }
        if let text = try? JSONText(scanning: response) {
            await fill(StoreBody(ticket: ticket, response: text), &use)
        } else {
            await abandon(ticket)
        }
        return CachedAnswer(response: response, use: use)
    }

    /// Streams the answer to a request from the cache, or from the upstream, whose stream is stored at its end.
    ///
    /// Works as ``cached(_:upstream:)`` does; the answer of another caller that is waited for is replayed when it is
    /// whole.
    ///
    /// - Parameters:
    ///   - body: the request, which must say `"stream": true`.
    ///   - upstream: opens the upstream's stream: the data payloads of its events, in order, `[DONE]` included.
    ///   - consume: called with each data payload in order, of the cache or of the upstream.
    /// - Returns: what the cache did, and what was wrong with it if anything.
    /// - Throws: what `upstream`, its stream or `consume` throws, nothing else; nothing is stored then.
    public nonisolated(nonsending) func cachedEvents<Events: AsyncSequence>(
        _ body: LookupBody,
        upstream: nonisolated(nonsending) () async throws -> Events,
        consume: nonisolated(nonsending) (String) async throws -> Void
    ) async throws -> CacheUse where Events.Element == String {
        var use = CacheUse()
        var ticket: String?
        var replay: ReplayedEvents?
        do {
            switch try await lookupEvents(Self.waiting(body)) {
            case .hit(let events, let hit):
                use.hit = hit
                replay = events
            case .miss(let miss): ticket = miss.ticket
            case .bypass(let bypass): use.failure = bypass.error
            }
        } catch {
            use.failure = error
        }
        if let replay {
            for payload in replay.payloads { try await consume(payload) }
            return use
        }
        var payloads: [String] = []
        do {
            for try await payload in try await upstream() {
                try await consume(payload)
                payloads.append(payload)
            }
        } catch {
            await abandon(ticket)
            throw error
        }
        guard let ticket else { return use }
        if payloads.isEmpty {
            await abandon(ticket)
        } else {
            await fill(StoreBody(ticket: ticket, events: payloads), &use)
        }
        return use
    }

    private static func waiting(_ body: LookupBody) -> LookupBody {
        var body = body
        var options = body.cache ?? CacheOptions()
        options.waitMS = options.waitMS ?? defaultWait
        body.cache = options
        return body
    }

    /// Stores, and notes what came of it.
    private func fill(_ body: StoreBody, _ use: inout CacheUse) async {
        do throws(CacheClientError) {
            use.stored = try await fill(body)
        } catch {
            use.failure = error
            // Who refused the answer still holds the lease for it, and others wait.
            if case .problem = error { await abandon(body.ticket) }
        }
    }

    /// Gives the lease up if there is one; one that cannot be given up expires.
    private func abandon(_ ticket: String?) async {
        if let ticket { try? await giveUp(ticket) }
    }
}
