import CacheAPI
import JSONScanning
import SemanticCache

/// `POST /v1/store`.
enum StoreRoute {
    static func serve(_ exchange: Exchange, _ loop: ServerLoop, _ parameter: Substring) {
        do throws(Refusal) {
            let caller = try loop.admit(exchange, .write)
            let document = try exchange.document()
            let envelope = try reading { () throws(EnvelopeError) in try StoreEnvelope(document) }
            var request = try read(envelope, loop, caller)
            request.stages = exchange.notes?.stages
            loop.engine.store(request) { [request] outcome in
                exchange.note(outcome, in: request.key.namespace)
                if case .stored = outcome { loop.engine.compareWithShadow(request) }
                exchange.respond(answer(outcome, loop))
            }
        } catch {
            exchange.respond(error.answer)
        }
    }

    private static func read(
        _ envelope: StoreEnvelope,
        _ loop: ServerLoop,
        _ caller: Caller
    ) throws(Refusal)
        -> StoreRequest
    {
        let subject = try subject(of: envelope, loop, caller)
        var (response, assessment) = try answer(in: envelope, subject.endpoint)
        if subject.endpoint == .prompts, let text = PromptAnswer.text(of: response),
            let request = try? JSONDocument(subject.requestBytes), let prompt = Prompt(request: request.root)
        {
            response = PromptAnswer(prompt: prompt, response: text).entryResponse
        }
        return StoreRequest(
            key: EntryKey(namespace: subject.namespace, fingerprint: subject.canonical.fingerprint),
            endpoint: subject.endpoint,
            canonical: subject.canonical,
            requestBytes: subject.requestBytes,
            responseBytes: response,
            assessment: assessment,
            claim: subject.ticket?.claim,
            shadow: subject.ticket?.shadow,
            isForbidden: subject.ticket.map { $0.claim == nil } ?? false,
            timeToLive: subject.timeToLive,
            tags: subject.tags
        )
    }

    /// What an answer is for.
    private struct Subject {
        var namespace: Namespace
        var endpoint: Endpoint
        var canonical: CanonicalRequest
        var requestBytes: [UInt8]
        var timeToLive: Int?
        var tags: [String]
        var ticket: Ticket?
    }

    private static func subject(
        of envelope: StoreEnvelope,
        _ loop: ServerLoop,
        _ caller: Caller
    ) throws(Refusal)
        -> Subject
    {
        switch envelope.origin {
        case .ticket(let text):
            let ticket = try TicketReading.ticket(text, namespace: envelope.namespace, loop, caller)
            guard let document = try? JSONDocument(ticket.request),
                let canonical = try? loop.engine.canonicalize(
                    document.root,
                    endpoint: ticket.endpoint,
                    namespace: ticket.key.namespace,
                    purpose: .storing
                )
            else { throw Refusal(.invalidTicket, "$.ticket: its request cannot be read") }
            var described = canonical
            described.fingerprint = ticket.key.fingerprint
            return Subject(
                namespace: ticket.key.namespace,
                endpoint: ticket.endpoint,
                canonical: described,
                requestBytes: ticket.request,
                timeToLive: ticket.timeToLive,
                tags: ticket.tags,
                ticket: ticket
            )
        case .request(let body, let endpointName, let timeToLive, let tags):
            let namespace = try loop.namespace(envelope.namespace, at: "$.namespace", for: caller)
            let endpoint = try loop.endpoint(endpointName)
            let canonical: CanonicalRequest
            do throws(RequestError) {
                canonical = try loop.engine.canonicalize(
                    body,
                    endpoint: endpoint,
                    namespace: namespace,
                    purpose: .storing
                )
            } catch {
                throw Refusal(error, at: "$.request")
            }
            return Subject(
                namespace: namespace,
                endpoint: endpoint,
                canonical: canonical,
                requestBytes: Array(body.rawBytes),
                timeToLive: timeToLive,
                tags: tags
            )
        }
    }

    /// The answer as one JSON value, and what it says about itself.
    private static func answer(
        in envelope: StoreEnvelope,
        _ endpoint: Endpoint
    ) throws(Refusal)
        -> ([UInt8], ResponseAssessment)
    {
        switch envelope.answer {
        case .response(let response): return (Array(response.rawBytes), endpoint.assess(response))
        case .events(let events):
            do throws(StreamError) {
                let bytes = try StreamAssembly.response(fromEvents: events, endpoint: endpoint)
                guard let document = try? JSONDocument(bytes) else {
                    return (bytes, ResponseAssessment(refusal: .errorResponse, usage: nil))
                }
                return (bytes, endpoint.assess(document.root))
            } catch {
                switch error {
                case .truncated: return ([], ResponseAssessment(refusal: .truncated, usage: nil))
                case .errorEvent: return ([], ResponseAssessment(refusal: .errorResponse, usage: nil))
                case .invalidEvent(let place, let message):
                    throw Refusal(.invalidRequest, "$.events[\(place)]: \(message)")
                case .invalidResponse(let message):
                    throw Refusal(.invalidRequest, "$.events: \(message)")
                case .notStreamable:
                    throw Refusal(.invalidRequest, "$.events: the endpoint \(endpoint.rawValue) has no streams")
                }
            }
        }
    }

    private static func answer(_ outcome: StoreOutcome, _ loop: ServerLoop) -> HTTPAnswer {
        var writer = JSONWriter()
        switch outcome {
        case .stored(let id, let timeToLive, let change):
            writer.beginObject()
            writer.name("status")
            writer.string("stored")
            writer.name("entry_id")
            writer.string(id.hex)
            writer.name("ttl")
            writer.integer(timeToLive)
            writer.name("tiers")
            writer.beginArray()
            writer.string("exact")
            if change != nil { writer.string("semantic") }
            writer.endArray()
            if let change {
                writer.name("change")
                writer.string(change.description)
            }
            writer.endObject()
            return HTTPAnswer(status: 201, contentType: "application/json", body: writer.bytes)
        case .refused(let reason):
            writer.beginObject()
            writer.name("status")
            writer.string("refused")
            writer.name("reason")
            writer.string(reason.rawValue)
            writer.endObject()
            return HTTPAnswer(status: 200, contentType: "application/json", body: writer.bytes)
        case .unavailable(let failure): return Refusal(failure).answer
        }
    }
}

/// Reading the tickets that callers bring back.
enum TicketReading {
    /// The ticket that `text` stands for, if the caller may use it.
    static func ticket(
        _ text: String,
        namespace: String?,
        _ loop: ServerLoop,
        _ caller: Caller
    ) throws(Refusal)
        -> Ticket
    {
        let ticket: Ticket
        do throws(TicketError) {
            ticket = try loop.engine.ticket(from: text)
        } catch {
            loop.ticketRefusals[TicketRefusal(error), default: 0] += 1
            switch error {
            case .forged: throw Refusal(.invalidTicket, "$.ticket: was not made by this deployment, or was changed")
            case .expired: throw Refusal(.invalidTicket, "$.ticket: has expired; look up again")
            case .keyUnknown: throw Refusal(StoreFailure.redisUnavailable)
            }
        }
        if let namespace, namespace != ticket.key.namespace.name {
            loop.ticketRefusals[.namespace, default: 0] += 1
            throw Refusal(.invalidTicket, "$.ticket: belongs to another namespace")
        }
        guard caller.mayUse(ticket.key.namespace) else {
            loop.ticketRefusals[.namespace, default: 0] += 1
            throw Refusal(.invalidTicket, "$.ticket: belongs to a namespace that the key is not for")
        }
        return ticket
    }
}

extension TicketRefusal {
    fileprivate init(_ error: TicketError) {
        switch error {
        case .forged: self = .forged
        case .expired: self = .expired
        case .keyUnknown: self = .keyUnknown
        }
    }
}
