import CacheAPI
import SemanticCache

/// `POST /v1/release`.
enum ReleaseRoute {
    static func serve(_ exchange: Exchange, _ loop: ServerLoop, _ parameter: Substring) {
        do throws(Refusal) {
            let caller = try loop.admit(exchange, .write)
            let document = try exchange.document()
            let envelope = try reading { () throws(EnvelopeError) in try ReleaseEnvelope(document) }
            let ticket = try TicketReading.ticket(envelope.ticket, namespace: nil, loop, caller)
            exchange.note(ticket.key.namespace)
            loop.engine.release(ticket) { outcome in
                switch outcome {
                case .released: exchange.respond(HTTPAnswer(status: 204))
                case .unavailable(let failure): exchange.respond(Refusal(failure).answer)
                }
            }
        } catch {
            exchange.respond(error.answer)
        }
    }
}
