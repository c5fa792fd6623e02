import JSONScanning

/// Replays answers of the Anthropic Messages API.
///
/// `message_start` carries the usage with no output tokens yet; `message_delta` gives their number.
enum MessageReplay {
    static func events(for response: JSONValue) throws(StreamError) -> [UInt8] {
        var events = MessageEvents(for: response)
        events.append("message_start") { writer in
            writer.object("message") { writeStart(of: response, to: &$0) }
        }
        for (index, block) in try response.objects(in: "content").enumerated() {
            append(block, at: index, to: &events)
        }
        events.append("message_delta") { writer in
            writer.object("delta") { writer in
                for (name, value) in response.members where name == "stop_reason" || name == "stop_sequence" {
                    writer.member(name, value)
                }
            }
            if let count = response["usage"]?["output_tokens"] {
                writer.object("usage") { $0.member("output_tokens", count) }
            }
        }
        events.append("message_stop") { _ in }
        return try events.finished()
    }

    private static func writeStart(of response: JSONValue, to writer: inout JSONWriter) {
        for (name, value) in response.members {
            switch (name, value.kind) {
            case ("content", _): writer.emptyArray(name)
            case ("stop_reason", _), ("stop_sequence", _): writer.nullMember(name)
            case ("usage", .object):
                writer.object(name) { writer in
                    for (name, count) in value.members {
                        if name == "output_tokens" { writer.member(name, 0) } else { writer.member(name, count) }
                    }
                }
            default: writer.member(name, value)
            }
        }
    }

    private static func append(_ block: JSONValue, at index: Int, to events: inout MessageEvents) {
        let type = block["type"]?.string ?? ""
        let growing = growingMembers(of: block, type: type)
        events.append("content_block_start", index: index) { writer in
            writer.object("content_block") { writer in
                for (name, value) in block.members {
                    writer.name(name)
                    writer.raw(growing[name] ?? value.rawBytes)
                }
            }
        }
        if growing["thinking"] != nil {
            appendPieces(of: block["thinking"], at: index, to: &events, "thinking_delta", "thinking")
        }
        if growing["signature"] != nil, let signature = block["signature"] {
            events.appendDelta("signature_delta", index: index) { $0.member("signature", signature) }
        }
        for citation in growing["citations"] == nil ? [] : block["citations"]?.elements ?? [] {
            events.appendDelta("citations_delta", index: index) { $0.member("citation", citation) }
        }
        if growing["text"] != nil { appendPieces(of: block["text"], at: index, to: &events, "text_delta", "text") }
        if growing["input"] != nil, let input = block["input"] {
            // The API, too, sends an empty piece for an input without members.
            for piece in input.isBlank ? [[]] : TextPieces.cut(Array(input.rawBytes)) {
                events.appendDelta("input_json_delta", index: index) { $0.member("partial_json", utf8: piece) }
            }
        }
        events.append("content_block_stop", index: index) { _ in }
    }

    /// The members of a block that come in deltas, with what stands for them at the block's start.
    private static func growingMembers(of block: JSONValue, type: String) -> [String: ArraySlice<UInt8>] {
        var growing: [String: ArraySlice<UInt8>] = [:]
        let names =
            type == "text" ? ["text", "citations"] : type == "thinking" ? ["thinking", "signature"] : ["input"]
        for (name, value) in block.members where names.contains(name) {
            switch value.kind {
            case .string where name != "input": growing[name] = Array("\"\"".utf8)[...]
            case .array where name == "citations": growing[name] = Array("[]".utf8)[...]
            case .object where name == "input": growing[name] = Array("{}".utf8)[...]
            default: break
            }
        }
        return growing
    }

    private static func appendPieces(
        of text: JSONValue?,
        at index: Int,
        to events: inout MessageEvents,
        _ type: String,
        _ name: String
    ) {
        for piece in TextPieces.cut(text?.stringBytes ?? []) {
            events.appendDelta(type, index: index) { $0.member(name, utf8: piece) }
        }
    }
}

/// Writes the events of the Anthropic Messages API.
struct MessageEvents {
    private var stream: EventStreamWriter

    init(for response: JSONValue) { stream = EventStreamWriter(for: response) }

    /// Writes an event with its type, the index of its block and what `body` writes.
    mutating func append(_ type: String, index: Int? = nil, _ body: (inout JSONWriter) -> Void) {
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("type", type)
        if let index { writer.member("index", index) }
        body(&writer)
        writer.endObject()
        stream.append(writer, name: type)
    }

    /// Writes a `content_block_delta` whose delta has a type and what `body` writes.
    mutating func appendDelta(_ type: String, index: Int, _ body: (inout JSONWriter) -> Void) {
        append("content_block_delta", index: index) { writer in
            writer.object("delta") { writer in
                writer.member("type", type)
                body(&writer)
            }
        }
    }

    /// The whole stream.
    func finished() throws(StreamError) -> [UInt8] { try stream.finished() }
}
