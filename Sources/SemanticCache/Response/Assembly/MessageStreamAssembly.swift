import JSONScanning

/// Puts the events of an Anthropic message stream together.
///
/// `ping` and event types that are not known are passed over, as the API's versioning rules ask.
struct MessageStreamAssembly: StreamAssembling {
    private var message: JSONObjectDraft?
    private var blocks: [Int: ContentBlockDraft] = [:]
    private var usage = JSONObjectDraft()
    private var hasUsage = false
    private var isStopped = false

    mutating func take(_ event: JSONValue) throws(EventDefect) {
        guard let type = event["type"]?.string else { throw EventDefect("an event must have a type") }
        if type == "ping" { return }
        if isStopped { throw EventDefect("an event after message_stop") }
        if type == "message_start" { return try start(event["message"]) }
        guard message != nil else { throw EventDefect("the first event must be message_start") }
        switch type {
        case "content_block_start": try startBlock(event)
        case "content_block_delta":
            let index = try blockIndex(of: event)
            guard let delta = event["delta"], delta.kind == .object else {
                throw EventDefect("delta must be an object")
            }
            guard blocks[index] != nil else { throw EventDefect("a delta of a block that was not started") }
            try blocks[index]?.take(delta)
        case "content_block_stop":
            let index = try blockIndex(of: event)
            guard blocks[index] != nil else { throw EventDefect("the stop of a block that was not started") }
            try blocks[index]?.stop()
        case "message_delta": update(event)
        case "message_stop": isStopped = true
        default: break
        }
    }

    func answer(isDone: Bool) throws(StreamError) -> [UInt8] {
        guard let message, isStopped, blocks.values.allSatisfy(\.isWhole) else { throw .truncated }
        var writer = JSONWriter()
        writer.beginObject()
        message.writeMembers(to: &writer)
        writer.name("content")
        writer.beginArray()
        for (_, block) in blocks.sorted(by: { $0.key < $1.key }) { block.write(to: &writer) }
        writer.endArray()
        if hasUsage {
            writer.name("usage")
            usage.write(to: &writer)
        }
        writer.endObject()
        // A block stands deeper in the message than in its events.
        do throws(JSONError) {
            _ = try JSONDocument(writer.bytes)
        } catch {
            throw .invalidResponse(message: "the answer is not acceptable JSON: \(error)")
        }
        return writer.bytes
    }

    private mutating func start(_ value: JSONValue?) throws(EventDefect) {
        guard message == nil else { throw EventDefect("a second message_start") }
        guard let value, value.kind == .object else { throw EventDefect("message must be an object") }
        var draft = JSONObjectDraft()
        for (name, member) in value.members {
            switch name {
            case "content": break
            case "usage": merge(usage: member)
            default: draft.update(name, with: member)
            }
        }
        message = draft
    }

    private mutating func startBlock(_ event: JSONValue) throws(EventDefect) {
        let index = try blockIndex(of: event)
        guard blocks[index] == nil else { throw EventDefect("a block that was started before") }
        guard let block = event["content_block"], block.kind == .object else {
            throw EventDefect("content_block must be an object")
        }
        blocks[index] = try ContentBlockDraft(block)
    }

    /// Takes a `message_delta`: members of its `delta` and of itself belong to the message.
    private mutating func update(_ event: JSONValue) {
        for (name, value) in (event["delta"]?.members ?? []) + event.members {
            switch name {
            case "type", "delta", "content": break
            case "usage": merge(usage: value)
            default: message?.update(name, with: value)
            }
        }
    }

    private mutating func merge(usage counts: JSONValue) {
        hasUsage = hasUsage || counts.kind == .object
        for (name, count) in counts.members { usage.update(name, with: count) }
    }

    private func blockIndex(of event: JSONValue) throws(EventDefect) -> Int {
        guard let index = event["index"]?.int, index >= 0 else {
            throw EventDefect("the index of a block must be an integer of 0 or more")
        }
        return index
    }
}
