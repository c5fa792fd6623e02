import JSONScanning

/// Writes the chunks of OpenAI's two completion endpoints.
struct ChunkReplay {
    /// What every chunk says of the answer.
    private var repeated: [(name: String, value: JSONValue)] = []
    /// What the first chunk alone says.
    private var opening: [(name: String, value: JSONValue)] = []
    private let object: String
    private let usage: JSONValue?
    private var stream: EventStreamWriter

    /// Begins a stream of chunks whose `object` member is `object`.
    init(_ response: JSONValue, object: String, includesUsage: Bool) {
        self.object = object
        usage = includesUsage ? response["usage"].flatMap { $0.isNull ? nil : $0 } : nil
        stream = EventStreamWriter(for: response)
        for (name, value) in response.members {
            switch name {
            case "id", "created", "model", "system_fingerprint", "service_tier": repeated.append((name, value))
            case "object", "choices", "usage": break
            default: opening.append((name, value))
            }
        }
    }

    /// Writes a chunk with one choice and the members of it that `body` writes.
    mutating func append(_ choice: ReplayedChoice, _ part: Part = .middle, _ body: (inout JSONWriter) -> Void) {
        var writer = begun()
        writer.beginObject()
        writer.member("index", choice.index)
        body(&writer)
        choice.writeMembers(of: part, to: &writer)
        writer.endObject()
        writer.endArray()
        if usage != nil { writer.nullMember("usage") }
        writer.endObject()
        stream.append(writer)
    }

    /// Writes the chunk with the usage, if that is asked for, and the end.
    ///
    /// - Returns: the whole stream.
    mutating func finish() throws(StreamError) -> [UInt8] {
        if let usage {
            var writer = begun()
            writer.endArray()
            writer.member("usage", usage)
            writer.endObject()
            stream.append(writer)
        }
        stream.appendDone()
        return try stream.finished()
    }

    /// Begins a chunk up to the first of its choices.
    private mutating func begun() -> JSONWriter {
        var writer = JSONWriter(capacity: 512)
        writer.beginObject()
        for (name, value) in repeated + opening { writer.member(name, value) }
        opening = []
        writer.member("object", object)
        writer.name("choices")
        writer.beginArray()
        return writer
    }
}

extension ChunkReplay {
    /// Where in its choice a chunk stands.
    enum Part {
        /// It carries the choice's log probabilities.
        case probabilities
        /// It carries nothing but its own.
        case middle
        /// It carries why the choice ended.
        case last
    }
}

/// One choice of an answer on its way into chunks.
struct ReplayedChoice {
    /// Its place in the answer.
    let index: Int
    private let logprobs: JSONValue?
    private let closing: [(name: String, value: JSONValue)]

    /// Takes `choice`; its members but those named in `content` and `logprobs` are for the last chunk.
    init(_ choice: JSONValue, at position: Int, content: String) {
        index = choice["index"]?.int ?? position
        logprobs = choice["logprobs"]
        closing = choice.members.filter { name, _ in name != "index" && name != "logprobs" && name != content }
    }

    /// Writes what a chunk says of the choice beside its content.
    func writeMembers(of part: ChunkReplay.Part, to writer: inout JSONWriter) {
        if let logprobs {
            if case .probabilities = part { writer.member("logprobs", logprobs) } else { writer.nullMember("logprobs") }
        }
        if case .last = part {
            for (name, value) in closing { writer.member(name, value) }
        } else {
            writer.nullMember("finish_reason")
        }
    }
}
