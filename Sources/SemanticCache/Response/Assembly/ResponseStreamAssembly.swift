import JSONScanning

/// Takes the whole response out of a stream of the OpenAI Responses API.
///
/// The last event carries it. Where a server leaves its `output` empty, the items of `response.output_item.done` are
/// the output.
struct ResponseStreamAssembly: StreamAssembling {
    private var response: JSONValue?
    private var items: [Int: JSONValue] = [:]

    mutating func take(_ event: JSONValue) throws(EventDefect) {
        guard let type = event["type"]?.string else { throw EventDefect("an event must have a type") }
        if response != nil { throw EventDefect("an event after the end of the response") }
        switch type {
        case "response.completed", "response.incomplete", "response.failed":
            guard let value = event["response"], value.kind == .object else {
                throw EventDefect("response must be an object")
            }
            response = value
        case "response.output_item.done":
            if let index = event["output_index"]?.int, let item = event["item"] { items[index] = item }
        default: break
        }
    }

    func answer(isDone: Bool) throws(StreamError) -> [UInt8] {
        guard let response else { throw .truncated }
        if items.isEmpty || response["output"]?.isBlank == false { return Array(response.rawBytes) }
        var writer = JSONWriter()
        writer.beginObject()
        for (name, value) in response.members where name != "output" {
            writer.name(name)
            writer.raw(value.rawBytes)
        }
        writer.name("output")
        writer.beginArray()
        for (_, item) in items.sorted(by: { $0.key < $1.key }) { writer.raw(item.rawBytes) }
        writer.endArray()
        writer.endObject()
        return writer.bytes
    }
}
