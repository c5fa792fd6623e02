import CacheAPI
import JSONScanning
import SemanticCache

/// `POST /v1/flush`.
enum FlushRoute {
    static func serve(_ exchange: Exchange, _ loop: ServerLoop, _ parameter: Substring) {
        do throws(Refusal) {
            let caller = try loop.admit(exchange, .admin)
            let document = try exchange.document()
            let envelope = try reading { () throws(EnvelopeError) in try FlushEnvelope(document) }
            let selector: FlushSelector
            let counted: Namespace
            if envelope.all {
                guard caller.mayUseAllNamespaces else {
                    throw Refusal(
                        .forbidden,
                        "the key \(caller.key?.id ?? "") is not for every namespace, so it cannot flush all"
                    )
                }
                selector = .all
                counted = .default
            } else {
                counted = try loop.namespace(envelope.namespace, at: "$.namespace", for: caller)
                selector = .namespace(counted, model: envelope.model, tags: envelope.tags)
                exchange.note(counted)
            }
            let administration = loop.services.administration
            let isDryRun = envelope.isDryRun
            let record = loop.recorder()
            exchange.respond(in: loop) { () throws(Refusal) in
                let count = try await administering { () throws(AdministrationError) in
                    try await administration.flush(selector, isDryRun: isDryRun)
                }
                if !isDryRun { record(.flushed(count), counted) }
                var writer = JSONWriter()
                writer.beginObject()
                writer.name("flushed")
                writer.integer(count)
                writer.name("dry_run")
                writer.bool(isDryRun)
                writer.endObject()
                return HTTPAnswer(status: 200, contentType: "application/json", body: writer.bytes)
            }
        } catch {
            exchange.respond(error.answer)
        }
    }
}
