import CacheAPI
import JSONScanning

/// A request to the upstream whose question is yet to be put in, and the form of its answers.
struct RequestTemplate: Sendable {
    /// The upstream API.
    let endpoint: String
    private let model: String
    private let before: [UInt8]
    private let after: [UInt8]

    /// Reads a request as a gateway sends it: what its last message, or its prompt, says is replaced.
    ///
    /// - Throws: what is missing in it.
    init(_ document: JSONDocument) throws(LineFault) {
        guard let model = document.root["model"]?.string else { throw LineFault("$.model: must be a string") }
        let place: JSONValue
        if let messages = document.root["messages"] {
            endpoint = "chat.completions"
            guard let last = messages.elements.last, last["role"]?.string == "user", let content = last["content"],
                content.kind == .string
            else { throw LineFault("$.messages: the last must be one of the user, and its content a string") }
            place = content
        } else if let prompt = document.root["prompt"], prompt.kind == .string {
            endpoint = "completions"
            place = prompt
        } else {
            throw LineFault("$: must have `messages`, or a string as its `prompt`")
        }
        self.model = model
        let range = place.rawBytes.indices
        before = Array(document.bytes[..<range.lowerBound])
        after = Array(document.bytes[range.upperBound...])
    }

    /// The text of a chat request of a model with nothing else in it, but for a system prompt.
    static func text(model: String, system: String?) -> [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        writer.name("model")
        writer.string(model)
        writer.name("messages")
        writer.beginArray()
        let system = system.map { ("system", $0) }
        for (role, content) in [system, ("user", "")].compactMap(\.self) {
            writer.beginObject()
            writer.name("role")
            writer.string(role)
            writer.name("content")
            writer.string(content)
            writer.endObject()
        }
        writer.endArray()
        writer.endObject()
        return writer.bytes
    }

    /// The store of an answer to a question.
    func store(_ question: String, _ answer: String) -> StoreBody {
        var text = JSONWriter()
        text.string(question)
        return StoreBody(
            endpoint: endpoint,
            request: JSONText(valid: before + text.bytes + after),
            response: response(answer)
        )
    }

    /// The upstream's answer, as far as it is known: complete, and of unknown length in tokens.
    private func response(_ answer: String) -> JSONText {
        let isChat = endpoint == "chat.completions"
        var writer = JSONWriter()
        writer.beginObject()
        writer.name("object")
        writer.string(isChat ? "chat.completion" : "text_completion")
        writer.name("model")
        writer.string(model)
        writer.name("choices")
        writer.beginArray()
        writer.beginObject()
        writer.name("index")
        writer.integer(0)
        if isChat {
            writer.name("message")
            writer.beginObject()
            writer.name("role")
            writer.string("assistant")
            writer.name("content")
            writer.string(answer)
            writer.endObject()
        } else {
            writer.name("text")
            writer.string(answer)
        }
        writer.name("finish_reason")
        writer.string("stop")
        writer.endObject()
        writer.endArray()
        writer.endObject()
        return JSONText(valid: writer.bytes)
    }
}
