import JSONScanning

/// Finding the text that the semantic tier compares.
enum LastUserText {
    /// The longest text that is compared, in bytes of UTF-8: about 256 tokens of English.
    static let maximumBytes = 1024

    /// Where the text is.
    enum Place: Equatable {
        /// The string at this node.
        case node(Int)
        /// Nowhere, and why.
        case nowhere(reason: String)
    }

    /// Finds the last user text in the value of a request's required member.
    ///
    /// It is there when the last message is a user's and its content is a string or a single text part.
    static func place(in source: RequestSource, required: Int, _ shapes: RequestShapes, _ endpoint: Endpoint) -> Place {
        if !shapes.hasLastUserText, case .nowhere(let reason) = EndpointRules.rules(for: endpoint).lastUserText {
            return .nowhere(reason: reason)
        }
        guard source.nodes[required].kind == .array else { return .node(required) }
        guard let message = source.lastElement(of: required), source.nodes[message].kind == .object else {
            return .nowhere(reason: "there is no message")
        }
        guard let role = source.value(of: "role", in: message), source.isString(role, "user") else {
            return .nowhere(reason: "the last message is not a user's")
        }
        guard let content = source.value(of: "content", in: message) else {
            return .nowhere(reason: "the last message has no content")
        }
        switch source.nodes[content].kind {
        case .string: return .node(content)
        case .array where source.nodes[content].count == 1:
            let part = content + 1
            guard source.nodes[part].kind == .object,
                let type = source.value(of: "type", in: part),
                shapes.textParts.contains(where: { source.isString(type, $0) }),
                let text = source.value(of: "text", in: part), source.nodes[text].kind == .string
            else { return .nowhere(reason: "the last user message is not text") }
            return .node(text)
        default: return .nowhere(reason: "the last user message is not a single text")
        }
    }
}
