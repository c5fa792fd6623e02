import JSONScanning

extension Endpoint {
    /// The tokens that an answer's `usage` counts; nil when it counts none.
    ///
    /// Anthropic counts the parts of a prompt that its prompt cache wrote or read apart from `input_tokens`; here the
    /// three are added, as the whole prompt is what a hit saves. A count that is no integer, negative or over 2^31 is
    /// taken as absent.
    func usage(of response: JSONValue) -> TokenUsage? {
        guard let usage = response["usage"] else { return nil }
        let prompt: Int?
        let completion: Int?
        switch self {
        case .chatCompletions, .completions, .embeddings, .prompts:
            prompt = count(usage["prompt_tokens"])
            completion = count(usage["completion_tokens"])
        case .responses:
            prompt = count(usage["input_tokens"])
            completion = count(usage["output_tokens"])
        case .messages:
            let parts = [
                count(usage["input_tokens"]), count(usage["cache_creation_input_tokens"]),
                count(usage["cache_read_input_tokens"]),
            ].compactMap(\.self)
            prompt = parts.isEmpty ? nil : parts.reduce(0, +)
            completion = count(usage["output_tokens"])
        }
        if prompt == nil, completion == nil { return nil }
        return TokenUsage(promptTokens: prompt ?? 0, completionTokens: completion ?? 0)
    }

    private func count(_ value: JSONValue?) -> Int? {
        guard let count = value?.int, 0...Int(Int32.max) ~= count else { return nil }
        return count
    }
}
