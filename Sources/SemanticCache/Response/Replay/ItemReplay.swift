import JSONScanning

/// Replays one item of a response's output.
struct ItemReplay {
    private let item: JSONValue
    private let index: Int
    private let id: [UInt8]

    init(_ item: JSONValue, at index: Int) {
        self.item = item
        self.index = index
        id = item["id"]?.stringBytes ?? []
    }

    func append(to events: inout ResponseEvents) {
        switch item["type"]?.string {
        case "message": appendParts("content", to: &events, index: "content_index", part: "response.content_part")
        case "reasoning":
            appendParts("summary", to: &events, index: "summary_index", part: "response.reasoning_summary_part")
            appendParts("content", to: &events, index: "content_index", part: "response.content_part")
        case "function_call": appendCall("arguments", to: &events, "response.function_call_arguments")
        case "custom_tool_call": appendCall("input", to: &events, "response.custom_tool_call_input")
        case "mcp_call": appendCall("arguments", to: &events, "response.mcp_call_arguments")
        default: break
        }
    }

    /// Writes the parts of the array `name`.
    private func appendParts(_ name: StaticString, to events: inout ResponseEvents, index place: String, part: String) {
        for (position, value) in (item[name]?.elements ?? []).enumerated() where value.kind == .object {
            let body = growingMember(of: value)
            append("\(part).added", to: &events) { writer in
                writer.member(place, position)
                writer.object("part") { writer in
                    for (name, member) in value.members {
                        switch (name, member.kind) {
                        case (body?.name, .string): writer.member(name, "")
                        case ("annotations", .array), ("logprobs", .array): writer.emptyArray(name)
                        default: writer.member(name, member)
                        }
                    }
                }
            }
            if let body { append(value, body, at: (place, position), to: &events) }
            append("\(part).done", to: &events) { writer in
                writer.member(place, position)
                writer.member("part", value)
            }
        }
    }

    /// Writes the text of a part in deltas, its annotations and then the text again, whole.
    private func append(
        _ part: JSONValue,
        _ body: (name: String, text: [UInt8], event: String),
        at place: (name: String, position: Int),
        to events: inout ResponseEvents
    ) {
        let hasLogprobs = body.event == "response.output_text"
        for piece in TextPieces.cut(body.text) {
            append("\(body.event).delta", to: &events) { writer in
                writer.member(place.name, place.position)
                writer.member("delta", utf8: piece)
                if hasLogprobs { writer.emptyArray("logprobs") }
            }
        }
        for (position, annotation) in (part["annotations"]?.elements ?? []).enumerated() {
            append("response.output_text.annotation.added", to: &events) { writer in
                writer.member(place.name, place.position)
                writer.member("annotation_index", position)
                writer.member("annotation", annotation)
            }
        }
        append("\(body.event).done", to: &events) { writer in
            writer.member(place.name, place.position)
            writer.member(body.name, utf8: body.text)
            guard hasLogprobs else { return }
            if let logprobs = part["logprobs"], logprobs.kind == .array {
                writer.member("logprobs", logprobs)
            } else {
                writer.emptyArray("logprobs")
            }
        }
    }

    /// The member of a part that comes in deltas, with the name of their events; nil when the part comes whole.
    private func growingMember(of part: JSONValue) -> (name: String, text: [UInt8], event: String)? {
        let (name, event): (StaticString, String)
        switch part["type"]?.string {
        case "output_text": (name, event) = ("text", "response.output_text")
        case "refusal": (name, event) = ("refusal", "response.refusal")
        case "summary_text": (name, event) = ("text", "response.reasoning_summary_text")
        case "reasoning_text": (name, event) = ("text", "response.reasoning_text")
        default: return nil
        }
        return part[name]?.stringBytes.map { ("\(name)", $0, event) }
    }

    /// Writes the arguments of a call.
    private func appendCall(_ name: StaticString, to events: inout ResponseEvents, _ event: String) {
        guard let text = item[name]?.stringBytes else { return }
        for piece in TextPieces.cut(text) { append("\(event).delta", to: &events) { $0.member("delta", utf8: piece) } }
        append("\(event).done", to: &events) { writer in
            if name.description == "arguments", let function = item["name"] { writer.member("name", function) }
            writer.member("\(name)", utf8: text)
        }
    }

    private func append(_ type: String, to events: inout ResponseEvents, _ body: (inout JSONWriter) -> Void) {
        events.append(type) { writer in
            writer.member("item_id", utf8: id)
            writer.member("output_index", index)
            body(&writer)
        }
    }
}
