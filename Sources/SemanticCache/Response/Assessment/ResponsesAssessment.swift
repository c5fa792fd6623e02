import JSONScanning

/// Assessing answers of the OpenAI Responses API.
enum ResponsesAssessment {
    static func refusal(of response: JSONValue) -> RefusalReason? {
        guard response["status"] != nil || response["output"] != nil else { return .errorResponse }
        switch response["status"]?.string {
        case "completed": break
        case "failed": return .errorResponse
        case "incomplete":
            let reason = response["incomplete_details"]?["reason"]
            return reason?.matches("content_filter") == true ? .contentFiltered : .truncated
        default: return .truncated
        }
        guard let output = response["output"], output.isArrayOfObjects else { return .errorResponse }
        for item in output.elements where isUnfinished(item) { return .truncated }
        return output.elements.allSatisfy(saysNothing) ? .empty : nil
    }

    private static func isUnfinished(_ item: JSONValue) -> Bool {
        item["status"]?.matches("incomplete") == true || item["status"]?.matches("in_progress") == true
    }

    private static func saysNothing(_ item: JSONValue) -> Bool {
        switch item["type"]?.string {
        case "message": item["content"]?.elements.allSatisfy(\.isBlankPart) ?? true
        case "reasoning": (item["summary"]?.isBlank ?? true) && (item["content"]?.isBlank ?? true)
        default: item.isBlank
        }
    }
}
