import JSONScanning

/// Replays answers of OpenAI chat completions.
///
/// Of each choice: a chunk with the role and all of the message that is not a text, its texts in the order of the
/// message (reasoning stands before content there), its calls, then why it ended. Its log probabilities go with the
/// first piece, or with the role when there is none.
enum ChatReplay {
    static func events(for response: JSONValue, includesUsage: Bool) throws(StreamError) -> [UInt8] {
        var chunks = ChunkReplay(response, object: "chat.completion.chunk", includesUsage: includesUsage)
        for (position, value) in try response.objects(in: "choices").enumerated() {
            guard let message = value["message"], message.kind == .object else {
                throw .invalidResponse(message: "the message of a choice must be an object")
            }
            let choice = ReplayedChoice(value, at: position, content: "message")
            let texts = texts(of: message)
            appendOpening(of: message, to: &chunks, choice, texts.isEmpty ? .probabilities : .middle)
            var part = ChunkReplay.Part.probabilities
            for (name, pieces) in texts {
                for piece in pieces {
                    append(to: &chunks, choice, part) { $0.member(name, utf8: piece) }
                    part = .middle
                }
            }
            for (index, call) in toolCalls(of: message).enumerated() {
                append(call, at: index, to: &chunks, choice)
            }
            if let call = message["function_call"], call.kind == .object { append(call, to: &chunks, choice) }
            chunks.append(choice, .last) { $0.object("delta") { _ in } }
        }
        return try chunks.finish()
    }

    /// The members that come in pieces, with their pieces: reasoning first, as models write it.
    private static func texts(of message: JSONValue) -> [(name: String, pieces: [ArraySlice<UInt8>])] {
        ["reasoning_content", "reasoning", "content", "refusal"].compactMap { name in
            message.members.first { $0.name == name }?.value.stringBytes
                .flatMap { $0.isEmpty ? nil : (name, TextPieces.cut($0)) }
        }
    }

    private static func toolCalls(of message: JSONValue) -> [JSONValue] {
        guard let calls = message["tool_calls"], calls.isArrayOfObjects else { return [] }
        return calls.elements
    }

    /// Writes the chunk with the role.
    private static func appendOpening(
        of message: JSONValue,
        to chunks: inout ChunkReplay,
        _ choice: ReplayedChoice,
        _ part: ChunkReplay.Part
    ) {
        append(to: &chunks, choice, part) { writer in
            for (name, value) in message.members {
                switch (name, value.kind) {
                case ("content", .string): writer.member(name, "")
                case ("reasoning_content", .string), ("reasoning", .string), ("refusal", .string):
                    if value.matches("") { writer.member(name, value) }
                case ("tool_calls", _): if toolCalls(of: message).isEmpty { writer.member(name, value) }
                case ("function_call", .object): break
                default: writer.member(name, value)
                }
            }
        }
    }

    /// Writes a tool call: all but the arguments of a function, then these in pieces.
    private static func append(
        _ call: JSONValue,
        at index: Int,
        to chunks: inout ChunkReplay,
        _ choice: ReplayedChoice
    ) {
        append(to: &chunks, choice) { writer in
            writer.toolCall(at: index) { writer in
                for (name, value) in call.members where name != "index" {
                    if name == "function" { writer.function(name, value) } else { writer.member(name, value) }
                }
            }
        }
        for piece in TextPieces.cut(call["function"]?["arguments"]?.stringBytes ?? []) {
            append(to: &chunks, choice) { writer in
                writer.toolCall(at: index) { $0.object("function") { $0.member("arguments", utf8: piece) } }
            }
        }
    }

    /// Writes the call of the time before tools.
    private static func append(_ call: JSONValue, to chunks: inout ChunkReplay, _ choice: ReplayedChoice) {
        append(to: &chunks, choice) { $0.function("function_call", call) }
        for piece in TextPieces.cut(call["arguments"]?.stringBytes ?? []) {
            append(to: &chunks, choice) { $0.object("function_call") { $0.member("arguments", utf8: piece) } }
        }
    }

    private static func append(
        to chunks: inout ChunkReplay,
        _ choice: ReplayedChoice,
        _ part: ChunkReplay.Part = .middle,
        _ delta: (inout JSONWriter) -> Void
    ) {
        chunks.append(choice, part) { $0.object("delta", delta) }
    }
}

extension JSONWriter {
    /// Writes `tool_calls` with one call, its index and what `body` writes.
    fileprivate mutating func toolCall(at index: Int, _ body: (inout JSONWriter) -> Void) {
        name("tool_calls")
        beginArray()
        beginObject()
        member("index", index)
        body(&self)
        endObject()
        endArray()
    }

    /// Writes a function with its arguments, when they are a string, left for later.
    fileprivate mutating func function(_ name: String, _ function: JSONValue) {
        guard function.kind == .object else { return member(name, function) }
        object(name) { writer in
            for (name, value) in function.members {
                if name == "arguments", value.kind == .string {
                    writer.member(name, "")
                } else {
                    writer.member(name, value)
                }
            }
        }
    }
}
