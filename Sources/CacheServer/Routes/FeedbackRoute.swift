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
            guard let id = Fingerprint(hex: envelope.entryID) else {
                throw Refusal(
                    .invalidRequest,
                    "$.entry_id: must be 64 lower-case hexadecimal digits, as a hit gives it"
                )
            }
            loop.parts.stats.record(.feedback(envelope.isWrong ? .wrong : .right), in: namespace)
            guard envelope.isWrong else { return exchange.respond(HTTPAnswer(status: 204)) }
            let administration = loop.services.administration
            exchange.respond(in: loop) { () throws(Refusal) in
                let key = EntryKey(namespace: namespace, fingerprint: id)
                _ = try await administering { () throws(AdministrationError) in try await administration.remove(key) }
                return HTTPAnswer(status: 204)
            }
        } catch {
            exchange.respond(error.answer)
        }
    }
}
