import CacheAPI
import JSONScanning
import NIOHTTP1
import SemanticCache

/// Redis' LangCache API over the same entries: a cache is a namespace, an attribute a tag.
///
/// `parameter` of each route is the cache's id.
enum LangCacheRoutes {
    /// The routes by the template of their path.
    static func table() -> [String: [Route]] {
        let prefix = "/v1/caches/{cacheId}"
        return Dictionary(
            grouping: [
                Route(.POST, prefix + "/entries", serve: set),
                Route(.DELETE, prefix + "/entries", serve: deleteMatching),
                Route(.POST, prefix + "/entries/search", serve: search),
                Route(.DELETE, prefix + "/entries/{entryId}", serve: delete),
                Route(.POST, prefix + "/conversations/search", serve: searchConversation),
                Route(.POST, prefix + "/flush", serve: flush),
            ],
            by: \.path
        )
    }

    /// `POST /v1/caches/{cacheId}/entries`: stores, in place of an entry with the same prompt and attributes.
    static func set(_ exchange: Exchange, _ loop: ServerLoop, _ cacheID: Substring) {
        do throws(Refusal) {
            let namespace = try namespace(cacheID, exchange, loop, .write)
            let document = try exchange.document()
            let envelope = try reading { () throws(EnvelopeError) in try LangCacheSetEnvelope(document) }
            let prompt = Prompt(text: envelope.prompt, attributes: envelope.attributes)
            let answer = PromptAnswer(prompt: prompt, response: envelope.response).entryResponse
            guard let request = try? JSONDocument(prompt.request), let response = try? JSONDocument(answer) else {
                throw Refusal(.invalidRequest, "$.prompt: cannot be read")
            }
            let canonical: CanonicalRequest
            do throws(RequestError) {
                canonical = try loop.engine.canonicalize(
                    request.root,
                    endpoint: .prompts,
                    namespace: namespace,
                    purpose: .storing
                )
            } catch {
                throw Refusal(error, at: "$")
            }
            let store = StoreRequest(
                key: EntryKey(namespace: namespace, fingerprint: canonical.fingerprint),
                endpoint: .prompts,
                canonical: canonical,
                requestBytes: prompt.request,
                responseBytes: answer,
                assessment: Endpoint.prompts.assess(response.root),
                claim: nil,
                isForbidden: false,
                timeToLive: envelope.timeToLiveMilliseconds.map { ($0 - 1) / 1000 + 1 },
                tags: []
            )
            loop.engine.store(store) { outcome in
                exchange.note(outcome, in: namespace)
                exchange.respond(LangCacheAnswers.answer(to: outcome))
            }
        } catch {
            exchange.respond(error.answer)
        }
    }

    /// `POST /v1/caches/{cacheId}/entries/search`.
    static func search(_ exchange: Exchange, _ loop: ServerLoop, _ cacheID: Substring) {
        search(exchange, loop, cacheID, inConversation: false)
    }

    /// `POST /v1/caches/{cacheId}/conversations/search`.
    static func searchConversation(_ exchange: Exchange, _ loop: ServerLoop, _ cacheID: Substring) {
        search(exchange, loop, cacheID, inConversation: true)
    }

    private static func search(
        _ exchange: Exchange,
        _ loop: ServerLoop,
        _ cacheID: Substring,
        inConversation: Bool
    ) {
        do throws(Refusal) {
            let namespace = try namespace(cacheID, exchange, loop, .read)
            let document = try exchange.document()
            let envelope = try reading { () throws(EnvelopeError) in
                try LangCacheSearchEnvelope(document, ofConversation: inConversation)
            }
            let search = PromptSearch(
                namespace: namespace,
                prompt: Prompt(text: envelope.prompt, attributes: envelope.attributes),
                strategies: envelope.strategies.compactMap(PromptSearch.Strategy.init(rawValue:)),
                minimumSimilarity: envelope.minimumSimilarity,
                limit: envelope.limit,
                context: envelope.context,
                arrivedAt: exchange.call.arrivedAt
            )
            do throws(RequestError) {
                try loop.engine.search(search) { outcome in
                    exchange.note(outcome)
                    let actualPrompt = inConversation ? envelope.prompt : nil
                    exchange.respond(LangCacheAnswers.answer(to: outcome, actualPrompt: actualPrompt))
                }
            } catch {
                throw Refusal(error, at: "$")
            }
        } catch {
            exchange.respond(error.answer)
        }
    }

    /// `DELETE /v1/caches/{cacheId}/entries`: deletes the entries that have all of the attributes.
    static func deleteMatching(_ exchange: Exchange, _ loop: ServerLoop, _ cacheID: Substring) {
        do throws(Refusal) {
            let namespace = try namespace(cacheID, exchange, loop, .admin)
            let document = try exchange.document()
            let envelope = try reading { () throws(EnvelopeError) in try LangCacheDeleteEnvelope(document) }
            let attributes = Prompt(text: "", attributes: envelope.attributes).attributes
            do throws(RequestError) {
                try Attribute.check(attributes, at: "$.attributes")
            } catch {
                throw Refusal(error, at: "$")
            }
            flush(namespace, attributes.map(\.tag), exchange, loop) { LangCacheAnswers.deleted($0) }
        } catch {
            exchange.respond(error.answer)
        }
    }

    /// `POST /v1/caches/{cacheId}/flush`: deletes every entry.
    static func flush(_ exchange: Exchange, _ loop: ServerLoop, _ cacheID: Substring) {
        do throws(Refusal) {
            let namespace = try namespace(cacheID, exchange, loop, .admin)
            flush(namespace, [], exchange, loop) { _ in HTTPAnswer(status: 204) }
        } catch {
            exchange.respond(error.answer)
        }
    }

    private static func flush(
        _ namespace: Namespace,
        _ tags: [String],
        _ exchange: Exchange,
        _ loop: ServerLoop,
        _ answer: @escaping @Sendable (Int) -> HTTPAnswer
    ) {
        let administration = loop.services.administration
        let record = loop.recorder()
        exchange.respond(in: loop) { () throws(Refusal) in
            let count = try await administering { () throws(AdministrationError) in
                try await administration.flush(.namespace(namespace, model: nil, tags: tags), isDryRun: false)
            }
            record(.flushed(count), namespace)
            return answer(count)
        }
    }

    /// `DELETE /v1/caches/{cacheId}/entries/{entryId}`.
    static func delete(_ exchange: Exchange, _ loop: ServerLoop, _ cacheID: Substring) {
        do throws(Refusal) {
            let namespace = try namespace(cacheID, exchange, loop, .admin)
            let absent = Refusal(.notFound, "the cache has no live entry with this id")
            guard case .entry(let id) = LangCachePath(exchange.call.path)?.resource, let id = Fingerprint(hex: id)
            else {
                throw absent
            }
            let administration = loop.services.administration
            exchange.respond(in: loop) { () throws(Refusal) in
                let existed = try await administering { () throws(AdministrationError) in
                    try await administration.remove(EntryKey(namespace: namespace, fingerprint: id))
                }
                guard existed else { throw Refusal(.notFound, "the cache has no live entry with this id") }
                return HTTPAnswer(status: 204)
            }
        } catch {
            exchange.respond(error.answer)
        }
    }

    /// The namespace that a cache is, if the caller may use it.
    private static func namespace(
        _ cacheID: Substring,
        _ exchange: Exchange,
        _ loop: ServerLoop,
        _ scope: Scope
    ) throws(Refusal) -> Namespace {
        let caller = try loop.admit(exchange, scope)
        guard Namespace(String(cacheID)) != nil else {
            throw Refusal(
                .notFound,
                "there is no such cache: a cache id is a namespace, 1 to 128 letters, digits, '.', '_' or '-'"
            )
        }
        let namespace = try loop.namespace(String(cacheID), at: "cacheId", for: caller)
        exchange.note(namespace)
        return namespace
    }
}

extension Prompt {
    /// A prompt with the attributes of an envelope.
    fileprivate init(text: String, attributes: [AttributePair]) {
        self.init(text: text, attributes: attributes.map { Attribute(name: $0.name, value: $0.value) })
    }
}
