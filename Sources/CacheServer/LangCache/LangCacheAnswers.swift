import CacheAPI
import JSONScanning
import SemanticCache

/// The answers of the LangCache-compatible API.
enum LangCacheAnswers {
    /// `{"entryId":…}`, or why the answer was not stored.
    static func answer(to outcome: StoreOutcome) -> HTTPAnswer {
        switch outcome {
        case .stored(let id, _, _):
            return json(201) { writer in
                writer.beginObject()
                writer.name("entryId")
                writer.string(id.hex)
                writer.endObject()
            }
        case .refused(.tooLarge):
            return HTTPAnswer(.payloadTooLarge, "prompt, attributes and response are over limits.entry_bytes")
        case .refused(.uncacheable): return HTTPAnswer(.forbidden, "this cache is switched off for the namespace")
        case .refused(let reason):
            return HTTPAnswer(.invalidRequest, "$.response: is not stored: \(reason.rawValue)")
        case .unavailable(let failure): return Refusal(failure).answer
        }
    }

    /// `{"data":[…]}`, with `actualPrompt` for a conversation.
    static func answer(to outcome: PromptSearchOutcome, actualPrompt: String?) -> HTTPAnswer {
        switch outcome {
        case .unavailable:
            return HTTPAnswer(
                .redisUnavailable,
                "Redis or the embedder did not answer in time; go on without the cache"
            )
        case .found(let matches):
            return json(200) { writer in
                writer.beginObject()
                if let actualPrompt {
                    writer.name("actualPrompt")
                    writer.string(actualPrompt)
                }
                writer.name("data")
                writer.beginArray()
                for match in matches { writer.match(match) }
                writer.endArray()
                writer.endObject()
            }
        }
    }

    /// `{"deletedEntriesCount":…}`.
    static func deleted(_ count: Int) -> HTTPAnswer {
        json(200) { writer in
            writer.beginObject()
            writer.name("deletedEntriesCount")
            writer.integer(count)
            writer.endObject()
        }
    }

    private static func json(_ status: Int, _ write: (inout JSONWriter) -> Void) -> HTTPAnswer {
        var writer = JSONWriter()
        write(&writer)
        return HTTPAnswer(status: status, contentType: "application/json", body: writer.bytes)
    }
}

extension JSONWriter {
    fileprivate mutating func match(_ match: PromptMatch) {
        beginObject()
        name("id")
        string(match.entry.id.hex)
        name("prompt")
        string(match.answer.prompt.text)
        name("response")
        string(match.answer.response)
        name("attributes")
        attributes(match.answer.prompt.attributes)
        name("similarity")
        number(min(1, max(0, match.similarity)))
        name("searchStrategy")
        string(match.strategy.rawValue)
        endObject()
    }
}
