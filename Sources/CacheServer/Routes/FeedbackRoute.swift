import CacheAPI
import SemanticCache

/// `POST /v1/feedback`.
enum FeedbackRoute {
    static func serve(_ exchange: Exchange, _ loop: ServerLoop, _ parameter: Substring) {
        do throws(Refusal) {
            let caller = try loop.admit(exchange, .write)
            let document = try exchange.document()
            let envelope = try reading { () throws(EnvelopeError) in try FeedbackEnvelope(document) }
            let namespace = try loop.namespace(envelope.namespace, at: "$.namespace", for: caller)
            exchange.note(namespace)
            guard let id = Fingerprint(hex: envelope.entryID) else {
                throw Refusal(
                    .invalidRequest,
                    "$.entry_id: must be 64 lower-case hexadecimal digits, as a hit gives it"
                )
            }
            let key = EntryKey(namespace: namespace, fingerprint: id)
            let asked = try asked(envelope, namespace, loop)
            guard envelope.isWrong else {
                loop.parts.stats.record(.feedback(.right), in: namespace)
                return exchange.respond(HTTPAnswer(status: 204))
            }
            if let asked, asked != id { return block(key, for: asked, exchange, loop) }
            respond(exchange, loop) { administration, now throws(AdministrationError) in
                let isRemoved = try await administration.remove(key)
                return FalseHit(
                    at: now,
                    namespace: namespace,
                    entry: id,
                    remedy: isRemoved ? .entryRemoved : .none,
                    tier: asked == nil ? nil : .exact
                )
            }
        } catch {
            exchange.respond(error.answer)
        }
    }

    /// The fingerprint of what was asked, when the caller says that.
    private static func asked(
        _ envelope: FeedbackEnvelope,
        _ namespace: Namespace,
        _ loop: ServerLoop
    ) throws(Refusal) -> Fingerprint? {
        guard let request = envelope.request else { return nil }
        let endpoint = try loop.endpoint(envelope.endpoint)
        do throws(RequestError) {
            return try loop.engine.canonicalize(request, endpoint: endpoint, namespace: namespace).fingerprint
        } catch {
            throw Refusal(error, at: "$.request")
        }
    }

    /// Stops the pair of a question and an entry that answered it wrongly.
    private static func block(_ key: EntryKey, for asked: Fingerprint, _ exchange: Exchange, _ loop: ServerLoop) {
        loop.engine.judgment(of: key, for: asked) { judgment in
            loop.engine.block(key, for: asked) { outcome in
                switch outcome {
                case .blocked:
                    respond(exchange, loop) { administration, now throws(AdministrationError) in
                        try await administration.confirmWrites(of: key)
                        return FalseHit(
                            at: now,
                            namespace: key.namespace,
                            entry: key.fingerprint,
                            remedy: .pairBlocked,
                            tier: .semantic,
                            similarity: judgment?.similarity,
                            score: judgment?.score
                        )
                    }
                case .unavailable(let failure): exchange.respond(Refusal(failure).answer)
                }
            }
        }
    }

    /// Answers once `work` is done, and counts only then: a caller that is told to try again does.
    private static func respond(
        _ exchange: Exchange,
        _ loop: ServerLoop,
        _ work: @escaping @Sendable (any EntryAdministration, Timestamp) async throws(AdministrationError) -> FalseHit
    ) {
        let services = loop.services
        let now = loop.clock.now()
        let record = loop.recorder()
        exchange.respond(in: loop) { () throws(Refusal) in
            let falseHit = try await administering { () throws(AdministrationError) in
                try await work(services.administration, now)
            }
            record(.feedback(.wrong), falseHit.namespace)
            // It is done: that it cannot be shown is no reason to have the caller try again.
            try? await services.falseHits.append(falseHit)
            return HTTPAnswer(status: 204)
        }
    }
}
