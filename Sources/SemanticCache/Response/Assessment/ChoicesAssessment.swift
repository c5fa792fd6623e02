import JSONScanning

/// Assessing answers with `choices`: OpenAI chat completions and completions.
enum ChoicesAssessment {
    static func refusal(of response: JSONValue, endpoint: Endpoint) -> RefusalReason? {
        guard let choices = response["choices"], choices.kind == .array else { return .errorResponse }
        var findings: [RefusalReason] = []
        var isEmpty = true
        for choice in choices.elements {
            guard let content = content(of: choice, endpoint: endpoint), !choice.carriesError else {
                return .errorResponse
            }
            if let finding = finding(finishReason: choice["finish_reason"]) { findings.append(finding) }
            if !saysNothing(content) { isEmpty = false }
        }
        if choices.elements.isEmpty { findings.append(.truncated) }
        for gravest in [RefusalReason.errorResponse, .contentFiltered, .truncated] where findings.contains(gravest) {
            return gravest
        }
        return isEmpty ? .empty : nil
    }

    /// What a `finish_reason` tells against caching; nil for those that mean a whole answer.
    ///
    /// Beside OpenAI's own, the words that servers with an OpenAI-compatible API use. An unknown word is refused.
    private static func finding(finishReason: JSONValue?) -> RefusalReason? {
        switch finishReason?.string {
        case "stop", "tool_calls", "function_call", "eos", "eos_token", "stop_sequence", "end_turn", "COMPLETE": nil
        case "content_filter", "safety", "SAFETY", "recitation", "RECITATION": .contentFiltered
        case "error": .errorResponse
        default: .truncated
        }
    }

    /// The message or the text of a choice; nil when the choice is not one of this endpoint.
    private static func content(of choice: JSONValue, endpoint: Endpoint) -> JSONValue? {
        if endpoint == .completions { return choice["text"].flatMap { $0.kind == .string ? $0 : nil } }
        return choice["message"].flatMap { $0.kind == .object ? $0 : nil }
    }

    private static func saysNothing(_ content: JSONValue) -> Bool {
        guard content.kind == .object else { return content.isBlank }
        return content.members.allSatisfy { name, value in
            switch name {
            case "content": value.kind == .array ? value.elements.allSatisfy(\.isBlankPart) : value.isBlank
            case "refusal", "tool_calls", "function_call", "audio", "images", "reasoning", "reasoning_content",
                "reasoning_details":
                value.isBlank
            default: true
            }
        }
    }
}
