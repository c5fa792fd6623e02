import JSONScanning

/// Assessing answers of the Anthropic Messages API.
enum MessagesAssessment {
    /// Reads the `stop_reason` and the content.
    ///
    /// A `stop_reason` of `refusal` is the API's classifier stepping in, often amid the text, not a model that
    /// declines: it counts as filtered. `pause_turn` is a turn to be continued: it counts as truncated.
    static func refusal(of response: JSONValue) -> RefusalReason? {
        guard let content = response["content"], content.isArrayOfObjects else { return .errorResponse }
        switch response["stop_reason"]?.string {
        case "end_turn", "stop_sequence", "tool_use": break
        case "refusal": return .contentFiltered
        default: return .truncated
        }
        return content.elements.allSatisfy(\.isBlankPart) ? .empty : nil
    }
}
