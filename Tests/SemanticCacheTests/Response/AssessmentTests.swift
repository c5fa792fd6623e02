import JSONScanning
import SemanticCache
import Testing

struct AssessmentTests {
    /// An answer, its endpoint and what the assessment says of it.
    struct Case: CustomTestStringConvertible {
        let endpoint: Endpoint
        let response: String
        let refusal: RefusalReason?

        init(_ endpoint: Endpoint, _ refusal: RefusalReason?, _ response: String) {
            self.endpoint = endpoint
            self.response = response
            self.refusal = refusal
        }

        var testDescription: String { "\(endpoint.rawValue): \(response)" }
    }

    @Test(arguments: chat + completions + responses + messages + embeddings)
    func whatIsNotAWholeAnswerIsRefused(_ item: Case) throws {
        #expect(item.endpoint.assess(try json(item.response)).refusal == item.refusal)
    }

    @Test(
        arguments: Endpoint.allCases,
        [
            "null", "[]", "\"text\"", "17", "{}", #"{"id":1}"#, #"{"error":{"message":"overloaded","code":529}}"#,
            #"{"error":"no"}"#, #"{"detail":"Not Found"}"#, #"{"type":"error","error":{"type":"overloaded_error"}}"#,
            #"{"object":"error","message":"model not found","code":404}"#,
            // An error beside what looks like an answer.
            #"{"error":{"code":502},"status":"completed","stop_reason":"end_turn","content":[{"type":"text","text":"a"}],"#
                + #""output":[{"type":"function_call"}],"data":[{"embedding":[1]}],"#
                + #""choices":[{"text":"a","message":{"content":"a"},"finish_reason":"stop"}]}"#,
        ]
    )
    func errorsAndStrangersAreErrorResponses(_ endpoint: Endpoint, _ response: String) throws {
        #expect(endpoint.assess(try json(response)) == ResponseAssessment(refusal: .errorResponse, usage: nil))
    }

    @Test func anAnswerOfAnotherEndpointIsAnErrorResponse() throws {
        let chat = #"{"choices":[{"message":{"content":"a"},"finish_reason":"stop"}]}"#
        for endpoint in Endpoint.allCases where endpoint != .chatCompletions {
            #expect(endpoint.assess(try json(chat)).refusal == .errorResponse)
        }
    }

    static func choice(_ message: String, _ reason: String = #""stop""#) -> String {
        #"{"error":null,"choices":[{"index":0,"message":\#(message),"finish_reason":\#(reason)}]}"#
    }

    static let chat: [Case] = [
        Case(.chatCompletions, nil, choice(#"{"role":"assistant","content":"Hello","refusal":null}"#)),
        Case(.chatCompletions, nil, choice(#"{"content":null,"refusal":"I cannot."}"#)),
        Case(.chatCompletions, nil, choice(#"{"content":null,"tool_calls":[{"id":"a"}]}"#, #""tool_calls""#)),
        Case(.chatCompletions, nil, choice(#"{"content":null,"function_call":{"name":"f"}}"#, #""function_call""#)),
        Case(.chatCompletions, nil, choice(#"{"content":null,"audio":{"id":"a"}}"#)),
        Case(.chatCompletions, nil, choice(#"{"content":"","reasoning_content":"hm"}"#)),
        Case(.chatCompletions, nil, choice(#"{"content":[{"type":"text","text":"a"}]}"#)),
        Case(.chatCompletions, .truncated, choice(#"{"content":"Hel"}"#, #""length""#)),
        Case(.chatCompletions, .truncated, choice(#"{"content":"Hel"}"#, "null")),
        Case(.chatCompletions, .truncated, choice(#"{"content":"Hel"}"#, #""abort""#)),
        Case(.chatCompletions, .truncated, #"{"choices":[{"message":{"content":"a"}}]}"#),
        Case(.chatCompletions, .truncated, #"{"choices":[]}"#),
        Case(.chatCompletions, .contentFiltered, choice(#"{"content":"Hel"}"#, #""content_filter""#)),
        Case(.chatCompletions, .errorResponse, choice(#"{"content":"Hel"}"#, #""error""#)),
        Case(.chatCompletions, .errorResponse, #"{"choices":null}"#),
        Case(.chatCompletions, .errorResponse, #"{"choices":[{"delta":{"content":"a"},"finish_reason":"stop"}]}"#),
        Case(.chatCompletions, .errorResponse, #"{"choices":["a"]}"#),
        Case(.chatCompletions, .empty, choice(#"{"role":"assistant","content":""}"#)),
        Case(.chatCompletions, .empty, choice(#"{"role":"assistant","content":" \n\t"}"#)),
        Case(.chatCompletions, .empty, choice(#"{"role":"assistant","content":null,"tool_calls":[],"refusal":""}"#)),
        Case(.chatCompletions, .empty, choice(#"{"content":[{"type":"text","text":""}]}"#)),
        // The gravest of several choices counts; empty only when all are.
        Case(
            .chatCompletions,
            .truncated,
            #"{"choices":[{"message":{"content":"a"},"finish_reason":"stop"},"#
                + #"{"message":{"content":"b"},"finish_reason":"length"}]}"#
        ),
        Case(
            .chatCompletions,
            .contentFiltered,
            #"{"choices":[{"message":{"content":"a"},"finish_reason":"length"},"#
                + #"{"message":{"content":""},"finish_reason":"content_filter"}]}"#
        ),
        Case(
            .chatCompletions,
            nil,
            #"{"choices":[{"message":{"content":""},"finish_reason":"stop"},"#
                + #"{"message":{"content":"b"},"finish_reason":"stop"}]}"#
        ),
    ]

    static let completions: [Case] = [
        Case(.completions, nil, #"{"choices":[{"text":" a","finish_reason":"stop"}]}"#),
        Case(.completions, .truncated, #"{"choices":[{"text":" a","finish_reason":"length"}]}"#),
        Case(.completions, .truncated, #"{"choices":[{"text":" a","finish_reason":null}]}"#),
        Case(.completions, .contentFiltered, #"{"choices":[{"text":" a","finish_reason":"content_filter"}]}"#),
        Case(.completions, .empty, #"{"choices":[{"text":"","finish_reason":"stop"}]}"#),
        Case(.completions, .truncated, #"{"choices":[]}"#),
    ]

    static func output(_ items: String, _ status: String = "completed") -> String {
        #"{"object":"response","status":"\#(status)","error":null,"incomplete_details":null,"output":\#(items)}"#
    }

    static let responses: [Case] = [
        Case(.responses, nil, output(#"[{"type":"message","content":[{"type":"output_text","text":"a"}]}]"#)),
        Case(.responses, nil, output(#"[{"type":"message","content":[{"type":"refusal","refusal":"no"}]}]"#)),
        Case(.responses, nil, output(#"[{"type":"function_call","status":"completed","arguments":"{}"}]"#)),
        Case(.responses, .empty, output("[]")),
        Case(.responses, .empty, output(#"[{"type":"reasoning","summary":[]},{"type":"message","content":[]}]"#)),
        Case(.responses, .empty, output(#"[{"type":"message","content":[{"type":"output_text","text":""}]}]"#)),
        Case(.responses, .truncated, output(#"[{"type":"function_call"}]"#, "in_progress")),
        Case(.responses, .truncated, output("[]", "queued")),
        Case(.responses, .truncated, output(#"[{"type":"function_call"}]"#, "cancelled")),
        Case(.responses, .truncated, output(#"[{"type":"function_call","status":"incomplete"}]"#)),
        Case(.responses, .truncated, #"{"output":[{"type":"function_call"}]}"#),
        Case(.responses, .errorResponse, output("[]", "failed")),
        Case(.responses, .errorResponse, output("[7]")),
        Case(.responses, .errorResponse, #"{"status":"completed"}"#),
        Case(
            .responses,
            .truncated,
            #"{"status":"incomplete","incomplete_details":{"reason":"max_output_tokens"},"output":[]}"#
        ),
        Case(
            .responses,
            .contentFiltered,
            #"{"status":"incomplete","incomplete_details":{"reason":"content_filter"},"output":[]}"#
        ),
    ]

    static func message(_ reason: String, _ content: String = #"[{"type":"text","text":"a"}]"#) -> String {
        #"{"type":"message","role":"assistant","content":\#(content),"stop_reason":\#(reason)}"#
    }

    static let messages: [Case] = [
        Case(.messages, nil, message(#""end_turn""#)),
        Case(.messages, nil, message(#""stop_sequence""#)),
        Case(.messages, nil, message(#""tool_use""#, #"[{"type":"tool_use","id":"a","name":"f","input":{}}]"#)),
        Case(.messages, .truncated, message(#""max_tokens""#)),
        Case(.messages, .truncated, message(#""pause_turn""#)),
        Case(.messages, .truncated, message(#""model_context_window_exceeded""#)),
        Case(.messages, .truncated, message("null")),
        Case(.messages, .contentFiltered, message(#""refusal""#)),
        Case(.messages, .empty, message(#""end_turn""#, "[]")),
        Case(.messages, .empty, message(#""end_turn""#, #"[{"type":"text","text":""}]"#)),
        Case(.messages, .errorResponse, message(#""end_turn""#, "null")),
        Case(.messages, .errorResponse, message(#""end_turn""#, #"["a"]"#)),
    ]

    static let embeddings: [Case] = [
        Case(.embeddings, nil, #"{"object":"list","data":[{"index":0,"embedding":[0.1,0.2]}]}"#),
        Case(.embeddings, nil, #"{"object":"list","data":[{"index":0,"embedding":"AAAA"}]}"#),
        Case(.embeddings, .empty, #"{"object":"list","data":[]}"#),
        Case(.embeddings, .empty, #"{"object":"list","data":[{"embedding":[0.1]},{"embedding":[]}]}"#),
        Case(.embeddings, .errorResponse, #"{"object":"list","data":[{"index":0}]}"#),
    ]
}
