import JSONScanning

/// Putting a streamed answer together, so that it is stored as if it had not been streamed.
public enum StreamAssembly {
    /// The whole answer that a stream carried, as JSON text.
    ///
    /// `events` are strings: the `data` payload of each server-sent event, in order. A payload `[DONE]` ends the
    /// stream. The answer of a stream that ended is still to be assessed: it may say that it was cut off.
    ///
    /// - Throws: ``StreamError``: `notStreamable` for embeddings, `truncated` when the end is missing, `errorEvent`
    ///   when the upstream reported an error, `invalidEvent` when a payload is not an event of this endpoint.
    public static func response(
        fromEvents events: [JSONValue],
        endpoint: Endpoint
    ) throws(StreamError) -> [UInt8] {
        switch endpoint {
        case .chatCompletions, .completions:
            try assemble(events, by: ChoiceStreamAssembly(endpoint: endpoint))
        case .messages: try assemble(events, by: MessageStreamAssembly())
        case .responses: try assemble(events, by: ResponseStreamAssembly())
        case .embeddings, .prompts: throw .notStreamable
        }
    }

    private static func assemble(
        _ events: [JSONValue],
        by assembling: some StreamAssembling
    ) throws(StreamError) -> [UInt8] {
        var assembling = assembling
        var isDone = false
        var reportsError = false
        for (index, event) in events.enumerated() where !reportsError {
            do throws(EventDefect) {
                guard let payload = event.stringBytes else { throw EventDefect("an event must be a string") }
                if isDoneMark(payload) {
                    isDone = true
                    continue
                }
                if isDone { throw EventDefect("an event after [DONE]") }
                if try !take(payload, by: &assembling) { reportsError = true }
            } catch {
                throw .invalidEvent(index: index, message: error.message)
            }
        }
        if reportsError { throw .errorEvent }
        return try assembling.answer(isDone: isDone)
    }

    /// Takes one payload; false when it reports an error of the upstream.
    private static func take(
        _ payload: [UInt8],
        by assembling: inout some StreamAssembling
    ) throws(EventDefect) -> Bool {
        let document: JSONDocument
        do throws(JSONError) {
            document = try JSONDocument(payload)
        } catch {
            throw EventDefect("not JSON: \(error)")
        }
        let event = document.root
        guard event.kind == .object else { throw EventDefect("not a JSON object") }
        if event.carriesError { return false }
        try assembling.take(event)
        return true
    }

    private static func isDoneMark(_ payload: [UInt8]) -> Bool {
        let isWhitespace = { (byte: UInt8) in byte == 0x20 || 0x09...0x0D ~= byte }
        let mark = Array("[DONE]".utf8)
        guard let start = payload.firstIndex(where: { !isWhitespace($0) }),
            payload[start...].starts(with: mark)
        else { return false }
        return payload[(start + mark.count)...].allSatisfy(isWhitespace)
    }
}

/// Puts together the events of one stream of one endpoint.
protocol StreamAssembling {
    /// Takes the next event, an object that reports no error.
    mutating func take(_ event: JSONValue) throws(EventDefect)

    /// The whole answer as JSON text, after the last event; `isDone` says whether `[DONE]` was among them.
    func answer(isDone: Bool) throws(StreamError) -> [UInt8]
}
