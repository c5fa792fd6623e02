public import JSONScanning

/// A prompt and the attributes that tell it apart: the request of the endpoint ``Endpoint/prompts``.
public struct Prompt: Sendable, Hashable {
    /// The text.
    public var text: String
    /// Its attributes, in no order that matters.
    public var attributes: [Attribute]

    /// Creates a prompt.
    public init(text: String, attributes: [Attribute] = []) {
        self.text = text
        self.attributes = attributes
    }

    /// Reads a request; nil when it is not one of the endpoint.
    public init?(request: JSONValue) {
        guard let text = request["prompt"]?.string else { return nil }
        self.init(text: text, attributes: Attribute.list(request["attributes"]))
    }

    /// The request as JSON: `{"prompt":…,"attributes":{…}}`.
    public var request: [UInt8] {
        var writer = JSONWriter(capacity: 64 + text.utf8.count)
        writer.beginObject()
        writer.members(of: self)
        writer.endObject()
        return writer.bytes
    }
}

/// A prompt's answer, as an entry of the endpoint ``Endpoint/prompts`` keeps it.
public struct PromptAnswer: Sendable, Hashable {
    /// What it answers.
    public var prompt: Prompt
    /// The answer.
    public var response: String

    /// Creates an answer.
    public init(prompt: Prompt, response: String) {
        self.prompt = prompt
        self.response = response
    }

    /// Reads an entry's response; nil when it is not one of the endpoint.
    public init?(response bytes: [UInt8]) {
        guard let document = try? JSONDocument(bytes), let prompt = Prompt(request: document.root),
            let response = document.root["response"]?.string
        else { return nil }
        self.init(prompt: prompt, response: response)
    }

    /// The answer's text in a response to be stored, of which nothing else counts; nil when there is none.
    public static func text(of response: [UInt8]) -> String? {
        guard let document = try? JSONDocument(response) else { return nil }
        return document.root["response"]?.string
    }

    /// The response that an entry keeps, as JSON: `{"prompt":…,"attributes":{…},"response":…}`.
    public var entryResponse: [UInt8] {
        var writer = JSONWriter(capacity: 96 + prompt.text.utf8.count + response.utf8.count)
        writer.beginObject()
        writer.members(of: prompt)
        writer.name("response")
        writer.string(response)
        writer.endObject()
        return writer.bytes
    }
}

extension Attribute {
    /// The strings of an object; none of anything else.
    static func list(_ object: JSONValue?) -> [Attribute] {
        guard let object, object.kind == .object else { return [] }
        return object.members.compactMap { name, value in value.string.map { Attribute(name: name, value: $0) } }
    }
}

extension JSONWriter {
    fileprivate mutating func members(of prompt: Prompt) {
        name("prompt")
        string(prompt.text)
        name("attributes")
        attributes(prompt.attributes)
    }

    /// Writes attributes as an object of strings.
    public mutating func attributes(_ attributes: [Attribute]) {
        beginObject()
        for attribute in attributes {
            name(attribute.name)
            string(attribute.value)
        }
        endObject()
    }
}
