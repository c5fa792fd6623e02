import JSONScanning
import SemanticCache
import Testing

/// What holds for the streams of every endpoint, and those of the Responses API.
struct StreamAssemblyTests {
    static let streaming: [Endpoint] = [.chatCompletions, .completions, .messages, .responses]

    static func chatChunk(_ reason: String) -> String {
        #"{"choices":[{"index":0,"text":"a","delta":{"content":"a"},"finish_reason":\#(reason)}]}"#
    }

    @Test(arguments: [
        [], ["[DONE]"], [chatChunk("null")],
        [chatChunk(#""stop""#), #"{"choices":[{"index":1,"delta":{"content":"b"}}]}"#],
        [#"{"choices":[]}"#, "[DONE]"], [#"{"id":"a"}"#],
    ])
    func aChatStreamWithoutEndIsTruncated(_ payloads: [String]) throws {
        for endpoint in [Endpoint.chatCompletions, .completions] {
            #expect(throws: StreamError.truncated) { try assembled(payloads, endpoint) }
        }
    }

    @Test func eitherDoneOrEveryFinishReasonEndsAChat() throws {
        #expect(try assembled([Self.chatChunk(#""stop""#)], .chatCompletions)["choices"] != nil)
        let unfinished = try assembled([Self.chatChunk("null"), " [DONE]\n"], .chatCompletions)
        #expect(Endpoint.chatCompletions.assess(unfinished).refusal == .truncated)
    }

    @Test func aMessageStreamWithoutEndIsTruncated() throws {
        let whole =
            [MessageStreamAssemblyTests.start]
            + MessageStreamAssemblyTests.block(0, #"{"type":"text","text":""}"#, #"{"type":"text_delta","text":"a"}"#)
            + MessageStreamAssemblyTests.end("end_turn", 3)
        for count in 0..<whole.count {
            #expect(throws: StreamError.truncated) { try assembled(Array(whole.prefix(count)), .messages) }
            #expect(throws: StreamError.truncated) { try assembled(whole.prefix(count) + ["[DONE]"], .messages) }
        }
        #expect(try assembled(whole + ["[DONE]"], .messages)["content"]?.elements.count == 1)
    }

    @Test func aMessageWhoseBlockWasNotStoppedIsTruncated() throws {
        let payloads =
            [MessageStreamAssemblyTests.start]
            + MessageStreamAssemblyTests.block(0, #"{"type":"text","text":"a"}"#).dropLast()
            + MessageStreamAssemblyTests.end("end_turn", 3)
        #expect(throws: StreamError.truncated) { try assembled(payloads, .messages) }
    }

    @Test(arguments: ["completed", "incomplete", "failed"])
    func theLastEventOfTheResponsesAPICarriesTheAnswer(_ status: String) throws {
        let response =
            #"{"id":"resp_1","object":"response","status":"\#(status)","error":null,"#
            + #""output":[{"type":"function_call","arguments":"{}"}],"usage":{"input_tokens":1,"output_tokens":2}}"#
        let payloads = [
            #"{"type":"response.created","sequence_number":0,"response":{"status":"in_progress"}}"#,
            #"{"type":"response.function_call_arguments.delta","delta":"{}"}"#,
            #"{"type":"response.output_item.done","output_index":0,"item":{"type":"function_call"}}"#,
            #"{"type":"response.\#(status)","sequence_number":3,"response":\#(response)}"#,
        ]
        let value = try assembled(payloads, .responses)
        #expect(JSONTree(value) == (try tree(response)))
        let refusals: [String: RefusalReason] = ["incomplete": .truncated, "failed": .errorResponse]
        #expect(Endpoint.responses.assess(value).refusal == refusals[status])
        #expect(throws: StreamError.truncated) { try assembled(payloads.dropLast(), .responses) }
    }

    @Test func anEmptyOutputIsFilledFromTheItemsOfTheStream() throws {
        let value = try assembled(
            [
                #"{"type":"response.output_item.done","output_index":1,"item":{"type":"message","n":1}}"#,
                #"{"type":"response.output_item.done","output_index":0,"item":{"type":"reasoning","n":0}}"#,
                #"{"type":"response.completed","response":{"id":"r","status":"completed","output":[]}}"#,
            ],
            .responses
        )
        let items = #"[{"type":"reasoning","n":0},{"type":"message","n":1}]"#
        #expect(JSONTree(value) == (try tree(#"{"id":"r","status":"completed","output":\#(items)}"#)))
    }

    @Test(
        arguments: streaming,
        [
            #"{"error":{"message":"The server had an error","type":"server_error"}}"#,
            #"{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}"#,
            #"{"type":"error","code":"server_error","message":"x","param":null,"sequence_number":4}"#,
            #"{"id":"gen-1","choices":[{"index":0,"delta":{"content":""},"finish_reason":"error"}],"error":{"code":502}}"#,
        ]
    )
    func anErrorInTheStreamIsAnErrorEvent(_ endpoint: Endpoint, _ payload: String) throws {
        let start = endpoint == .messages ? [MessageStreamAssemblyTests.start] : []
        for payloads in [[payload], start + [payload], start + [payload, "not JSON"]] {
            #expect(throws: StreamError.errorEvent) { try assembled(payloads, endpoint) }
        }
    }

    @Test(arguments: streaming, ["", " ", "nothing", "{", "[1]", "17", "null", #"{"a":1,"a":2}"#, "[DONE] x"])
    func aPayloadThatIsNoObjectIsInvalidAtItsIndex(_ endpoint: Endpoint, _ payload: String) throws {
        let first: [Endpoint: String] = [
            .chatCompletions: Self.chatChunk("null"), .completions: Self.chatChunk("null"),
            .messages: MessageStreamAssemblyTests.start, .responses: #"{"type":"response.created"}"#,
        ]
        let payloads = [try #require(first[endpoint]), payload]
        let error = #expect(throws: StreamError.self) { try assembled(payloads, endpoint) }
        guard case .invalidEvent(1, let message)? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(!message.isEmpty)
    }

    @Test(arguments: streaming)
    func anEventThatIsNoStringIsInvalid(_ endpoint: Endpoint) throws {
        let events = try json(#"[{"choices":[]}]"#).elements
        #expect(throws: StreamError.invalidEvent(index: 0, message: "an event must be a string")) {
            try StreamAssembly.response(fromEvents: events, endpoint: endpoint)
        }
    }

    @Test(arguments: [
        #"{"choices":{}}"#, #"{"choices":["a"]}"#, #"{"choices":[{"index":-1,"delta":{}}]}"#,
        #"{"choices":[{"index":"0","delta":{}}]}"#, #"{"choices":[{"index":0,"delta":"a"}]}"#,
        #"{"choices":[{"index":0,"delta":{"content":["a"]}}]}"#, #"{"choices":[{"index":0,"delta":{"content":7}}]}"#,
        #"{"choices":[{"index":0,"delta":{"tool_calls":[{"index":"0"}]}}]}"#,
    ])
    func aChunkOfAnotherShapeIsInvalid(_ payload: String) throws {
        let error = #expect(throws: StreamError.self) {
            try assembled([Self.chatChunk("null"), payload, "[DONE]"], .chatCompletions)
        }
        guard case .invalidEvent(1, _)? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test func anEventAfterTheEndIsInvalid() throws {
        #expect(throws: StreamError.invalidEvent(index: 2, message: "an event after [DONE]")) {
            try assembled([Self.chatChunk(#""stop""#), "[DONE]", Self.chatChunk(#""stop""#)], .chatCompletions)
        }
        #expect(throws: StreamError.invalidEvent(index: 1, message: "an event after the end of the response")) {
            try assembled(
                [#"{"type":"response.completed","response":{}}"#, #"{"type":"response.created"}"#],
                .responses
            )
        }
    }

    @Test func embeddingsHaveNoStreams() throws {
        #expect(throws: StreamError.notStreamable) { try assembled(["[DONE]"], .embeddings) }
        #expect(throws: StreamError.notStreamable) { try replayed("{}", .embeddings) }
    }

    @Test func aWholeAnswerGivenAsTheOnlyEventIsNotCached() throws {
        let answer =
            #"{"object":"chat.completion","choices":[{"index":0,"message":{"content":"a"},"finish_reason":"stop"}]}"#
        let value = try assembled([answer, "[DONE]"], .chatCompletions)
        #expect(Endpoint.chatCompletions.assess(value).refusal == .empty)
    }
}
