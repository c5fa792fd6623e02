import CacheAPI
import NIOCore
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
            respond(exchange, loop, namespace) { administration throws(AdministrationError) in
                _ = try await administration.remove(key)
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
        loop.engine.block(key, for: asked) { outcome in
            switch outcome {
            case .blocked:
                respond(exchange, loop, key.namespace) { administration throws(AdministrationError) in
                    try await administration.confirmWrites(of: key)
                }
            case .unavailable(let failure): exchange.respond(Refusal(failure).answer)
            }
        }
    }

    /// Answers once `work` is done, and counts only then: a caller that is told to try again does.
    private static func respond(
        _ exchange: Exchange,
        _ loop: ServerLoop,
        _ namespace: Namespace,
        _ work: @escaping @Sendable (any EntryAdministration) async throws(AdministrationError) -> Void
    ) {
        let administration = loop.services.administration
        let stats = NIOLoopBound(loop.parts.stats, eventLoop: loop.eventLoop)
        exchange.respond(in: loop) { () throws(Refusal) in
            try await administering { () throws(AdministrationError) in try await work(administration) }
            stats.eventLoop.execute { stats.value.record(.feedback(.wrong), in: namespace) }
            return HTTPAnswer(status: 204)
        }
    }
}
