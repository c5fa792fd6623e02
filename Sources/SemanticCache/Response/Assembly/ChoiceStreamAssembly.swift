import JSONScanning

/// Puts the chunks of OpenAI chat completions and completions together.
///
/// Strings of a delta are concatenated, also those of members that are not known; members of chunks and choices that
/// are not known keep their last value. `obfuscation`, padding against eavesdroppers, is dropped.
struct ChoiceStreamAssembly: StreamAssembling {
    private let endpoint: Endpoint
    private var members = JSONObjectDraft()
    private var choices: [Int: Choice] = [:]

    init(endpoint: Endpoint) { self.endpoint = endpoint }

    mutating func take(_ chunk: JSONValue) throws(EventDefect) {
        for (name, value) in chunk.members {
            switch name {
            case "choices":
                guard value.kind == .array else { throw EventDefect("choices must be an array") }
                for (position, choice) in value.elements.enumerated() { try take(choice, at: position) }
            case "object": members[name] = object
            case "usage": if !value.isNull { members.update(name, with: value) }
            case "obfuscation": break
            default: members.update(name, with: value)
            }
        }
    }

    func answer(isDone: Bool) throws(StreamError) -> [UInt8] {
        guard !choices.isEmpty, isDone || choices.values.allSatisfy(\.isFinished) else { throw .truncated }
        var writer = JSONWriter()
        writer.beginObject()
        if members["object"] == nil {
            writer.name("object")
            object.write(to: &writer)
        }
        members.writeMembers(to: &writer)
        writer.name("choices")
        writer.beginArray()
        for (index, choice) in choices.sorted(by: { $0.key < $1.key }) {
            choice.write(to: &writer, index: index, endpoint: endpoint)
        }
        writer.endArray()
        writer.endObject()
        return writer.bytes
    }

    private var object: JSONDraft {
        .text(Array((endpoint == .completions ? "text_completion" : "chat.completion").utf8))
    }

    private mutating func take(_ choice: JSONValue, at position: Int) throws(EventDefect) {
        guard choice.kind == .object else { throw EventDefect("a choice must be an object") }
        let index = choice["index"].map { $0.int ?? -1 } ?? position
        guard index >= 0 else { throw EventDefect("the index of a choice must be an integer of 0 or more") }
        try choices[index, default: Choice()].take(choice, endpoint: endpoint)
    }
}

extension ChoiceStreamAssembly {
    /// One choice of the answer.
    private struct Choice {
        /// All but `index` and what `content` holds.
        private var members = JSONObjectDraft()
        /// The message of a chat, or an object with the `text` of a completion.
        private var content = JSONObjectDraft()

        /// Whether a reason for its end was given.
        var isFinished: Bool { members["finish_reason"].map { !$0.isNull } ?? false }

        mutating func take(_ choice: JSONValue, endpoint: Endpoint) throws(EventDefect) {
            for (name, value) in choice.members {
                switch (name, endpoint) {
                case ("index", _): break
                case ("logprobs", _): try members.accumulate(value, as: name)
                case ("text", .completions): try content.accumulate(value, as: name)
                case ("delta", .chatCompletions): try take(delta: value)
                case ("message", .chatCompletions): break
                default: members.update(name, with: value)
                }
            }
        }

        func write(to writer: inout JSONWriter, index: Int, endpoint: Endpoint) {
            writer.beginObject()
            writer.name("index")
            writer.integer(index)
            if endpoint == .completions {
                content.writeMembers(to: &writer)
            } else {
                writer.name("message")
                writeMessage(to: &writer)
            }
            members.writeMembers(to: &writer)
            writer.endObject()
        }

        private mutating func take(delta: JSONValue) throws(EventDefect) {
            if delta.isNull { return }
            guard delta.kind == .object else { throw EventDefect("a delta must be an object") }
            try content.accumulate(delta)
        }

        /// Writes the message with the two members that every message has.
        private func writeMessage(to writer: inout JSONWriter) {
            var message = content
            if message["role"] == nil { message["role"] = .text(Array("assistant".utf8)) }
            if message["content"] == nil { message["content"] = .null }
            message.write(to: &writer)
        }
    }
}
