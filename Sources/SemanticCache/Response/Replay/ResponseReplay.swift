import JSONScanning

/// Replays answers of the OpenAI Responses API.
///
/// Texts, refusals, reasoning and the arguments of calls come in deltas; items of other types come whole.
enum ResponseReplay {
    static func events(for response: JSONValue) throws(StreamError) -> [UInt8] {
        var events = ResponseEvents(for: response)
        events.append("response.created") { writer in
            writer.object("response") { writeStart(of: response, to: &$0) }
        }
        for (index, item) in try response.objects(in: "output").enumerated() {
            events.append("response.output_item.added") { writer in
                writer.member("output_index", index)
                writer.object("item") { writeStart(of: item, to: &$0) }
            }
            ItemReplay(item, at: index).append(to: &events)
            events.append("response.output_item.done") { writer in
                writer.member("output_index", index)
                writer.member("item", item)
            }
        }
        let isWhole = response["status"]?.matches("incomplete") != true
        events.append(isWhole ? "response.completed" : "response.incomplete") { $0.member("response", response) }
        return try events.finished()
    }

    /// Writes a response or an item as it is at its start: in progress, without what its deltas bring.
    private static func writeStart(of value: JSONValue, to writer: inout JSONWriter) {
        for (name, member) in value.members {
            switch (name, member.kind) {
            case ("status", .string): writer.member(name, "in_progress")
            case ("output", .array), ("content", .array), ("summary", .array): writer.emptyArray(name)
            case ("arguments", .string), ("input", .string): writer.member(name, "")
            case ("usage", _), ("completed_at", _): writer.nullMember(name)
            default: writer.member(name, member)
            }
        }
    }
}

/// Writes the events of the Responses API, numbered from 0.
struct ResponseEvents {
    private var stream: EventStreamWriter
    private var count = 0

    init(for response: JSONValue) { stream = EventStreamWriter(for: response) }

    mutating func append(_ type: String, _ body: (inout JSONWriter) -> Void) {
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("type", type)
        writer.member("sequence_number", count)
        body(&writer)
        writer.endObject()
        stream.append(writer, name: type)
        count += 1
    }

    func finished() throws(StreamError) -> [UInt8] { try stream.finished() }
}
