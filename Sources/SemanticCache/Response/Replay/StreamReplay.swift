import JSONScanning

/// Replaying a stored answer as the stream that its endpoint would have sent.
public enum StreamReplay {
    /// A complete `text/event-stream` body that carries `response`.
    ///
    /// Texts come in at most twenty pieces, cut between words where there are any; put together they are the text,
    /// byte for byte. `includesUsage` is `stream_options.include_usage` of chat completions and completions; streams
    /// of the other endpoints always carry the usage.
    ///
    /// - Throws: ``StreamError``: `notStreamable` for embeddings, `invalidResponse` for what is not an answer of this
    ///   endpoint. An answer that ``Endpoint/assess(_:)`` does not refuse is always one.
    public static func events(
        for response: JSONValue,
        endpoint: Endpoint,
        includesUsage: Bool
    ) throws(StreamError) -> [UInt8] {
        guard response.kind == .object else { throw .invalidResponse(message: "the answer must be an object") }
        switch endpoint {
        case .chatCompletions: return try ChatReplay.events(for: response, includesUsage: includesUsage)
        case .completions: return try CompletionReplay.events(for: response, includesUsage: includesUsage)
        case .messages: return try MessageReplay.events(for: response)
        case .responses: return try ResponseReplay.events(for: response)
        case .embeddings, .prompts: throw .notStreamable
        }
    }
}

extension JSONValue {
    /// The elements of the member `name`.
    ///
    /// - Throws: ``StreamError/invalidResponse(message:)`` when it is no array of objects.
    func objects(in name: StaticString) throws(StreamError) -> [JSONValue] {
        guard let array = self[name], array.isArrayOfObjects else {
            throw .invalidResponse(message: "\(name) must be an array of objects")
        }
        return array.elements
    }
}
