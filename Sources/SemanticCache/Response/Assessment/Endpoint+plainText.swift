import JSONScanning

extension Endpoint {
    /// Whether an answer is one text and nothing else: no tool calls, no images, no audio, no refusal beside it.
    ///
    /// What is not known is not text.
    func isPlainText(_ response: JSONValue) -> Bool {
        switch self {
        case .chatCompletions: response["choices"]?.onlyElement?["message"].map(Self.isTextMessage) ?? false
        case .completions: response["choices"]?.onlyElement?["text"]?.kind == .string
        case .messages: response["content"].map { Self.isText($0, types: ["text"]) } ?? false
        case .responses: response["output"].map(Self.isTextOutput) ?? false
        case .embeddings: false
        case .prompts: response["response"]?.kind == .string
        }
    }

    /// The text of a plain-text answer; nil for every other.
    func answerText(_ response: JSONValue) -> String? {
        guard isPlainText(response) else { return nil }
        let content: JSONValue? =
            switch self {
            case .chatCompletions: response["choices"]?.onlyElement?["message"]?["content"]
            case .completions: response["choices"]?.onlyElement?["text"]
            case .messages: response["content"]
            case .responses: response["output"]
            case .embeddings: nil
            case .prompts: response["response"]
            }
        return content.map(Self.text)
    }

    /// The texts within a content, one after another.
    private static func text(of content: JSONValue) -> String {
        switch content.kind {
        case .string: content.string ?? ""
        case .array: content.elements.map { text(of: $0["text"] ?? $0["content"] ?? $0) }.joined()
        default: ""
        }
    }

    /// A message of the chat API, whose members other than these hold text only when they say nothing.
    private static func isTextMessage(_ message: JSONValue) -> Bool {
        guard message.kind == .object, let content = message["content"] else { return false }
        let saysMore = message.members.contains { name, value in
            !["role", "content", "name", "annotations", "reasoning", "reasoning_content", "reasoning_details"]
                .contains(name) && !value.isBlank
        }
        if saysMore || message["annotations"].map({ !$0.isBlank }) ?? false { return false }
        return content.kind == .string || isText(content, types: ["text"])
    }

    private static func isTextOutput(_ output: JSONValue) -> Bool {
        guard output.isArrayOfObjects else { return false }
        var texts = 0
        for item in output.elements {
            switch item["type"]?.string {
            case "reasoning": continue
            case "message":
                guard let content = item["content"], isText(content, types: ["output_text"]) else { return false }
                texts += 1
            default: return false
            }
        }
        return texts > 0
    }

    /// Whether an array holds parts of these types only, at least one, and none of them cites anything.
    private static func isText(_ content: JSONValue, types: Set<String>) -> Bool {
        guard content.isArrayOfObjects, content.node.count > 0 else { return false }
        return content.elements.allSatisfy { part in
            part["type"]?.string.map(types.contains) ?? false && part["text"]?.kind == .string
        }
    }
}

extension JSONValue {
    /// The element of an array that has one only.
    fileprivate var onlyElement: JSONValue? {
        guard kind == .array, node.count == 1 else { return nil }
        return elements.first { _ in true }
    }
}
