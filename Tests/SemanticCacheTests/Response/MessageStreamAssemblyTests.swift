import JSONScanning
import SemanticCache
import Testing

struct MessageStreamAssemblyTests {
    static let start =
        #"{"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant","content":[],"#
        + #""model":"claude-sonnet-4","stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":25,"#
        + #""cache_read_input_tokens":100,"output_tokens":1,"service_tier":"standard"}}}"#
    static let stop = #"{"type":"message_stop"}"#

    static func block(_ index: Int, _ block: String, _ deltas: String...) -> [String] {
        [#"{"type":"content_block_start","index":\#(index),"content_block":\#(block)}"#]
            + deltas.map { #"{"type":"content_block_delta","index":\#(index),"delta":\#($0)}"# }
            + [#"{"type":"content_block_stop","index":\#(index)}"#]
    }

    static func end(_ reason: String, _ tokens: Int) -> [String] {
        [
            #"{"type":"message_delta","delta":{"stop_reason":"\#(reason)","stop_sequence":null},"#
                + #""usage":{"output_tokens":\#(tokens)}}"#, stop,
        ]
    }

    static func answer(_ content: String, _ reason: String, _ tokens: Int) -> String {
        #"{"id":"msg_1","type":"message","role":"assistant","content":[\#(content)],"model":"claude-sonnet-4","#
            + #""stop_reason":"\#(reason)","stop_sequence":null,"usage":{"input_tokens":25,"#
            + #""cache_read_input_tokens":100,"output_tokens":\#(tokens),"service_tier":"standard"}}"#
    }

    @Test func aTextIsOneBlock() throws {
        let value = try assembled(
            [Self.start, #"{"type":"ping"}"#, #"{"type":"something_new","index":9}"#]
                + Self.block(
                    0,
                    #"{"type":"text","text":""}"#,
                    #"{"type":"text_delta","text":"Hello"}"#,
                    #"{"type":"text_delta","text":"! 🌍\n"}"#
                ) + Self.end("end_turn", 15),
            .messages
        )
        #expect(JSONTree(value) == (try tree(Self.answer(#"{"type":"text","text":"Hello! 🌍\n"}"#, "end_turn", 15))))
        #expect(
            Endpoint.messages.assess(value)
                == ResponseAssessment(
                    refusal: nil,
                    usage: TokenUsage(promptTokens: 125, completionTokens: 15),
                    isPlainText: true
                )
        )
    }

    @Test func thinkingTextAndToolUseKeepTheirOrder() throws {
        let value = try assembled(
            [Self.start]
                + Self.block(
                    0,
                    #"{"type":"thinking","thinking":"","signature":""}"#,
                    #"{"type":"thinking_delta","thinking":"Let me "}"#,
                    #"{"type":"thinking_delta","thinking":"see"}"#,
                    #"{"type":"signature_delta","signature":"EqQBCg=="}"#
                ) + Self.block(1, #"{"type":"text","text":""}"#, #"{"type":"text_delta","text":"Okay"}"#)
                + Self.block(
                    2,
                    #"{"type":"tool_use","id":"toolu_1","name":"get_weather","input":{}}"#,
                    #"{"type":"input_json_delta","partial_json":""}"#,
                    #"{"type":"input_json_delta","partial_json":"{\"location\": \"San"}"#,
                    #"{"type":"input_json_delta","partial_json":" Francisco\", \"big\": 12345678901234567890}"}"#
                )
                + Self.block(
                    3,
                    #"{"type":"tool_use","id":"toolu_2","name":"now","input":{}}"#,
                    #"{"type":"input_json_delta","partial_json":""}"#
                ) + Self.end("tool_use", 89),
            .messages
        )
        let content =
            #"{"type":"thinking","thinking":"Let me see","signature":"EqQBCg=="},{"type":"text","text":"Okay"},"#
            + #"{"type":"tool_use","id":"toolu_1","name":"get_weather","#
            + #""input":{"location":"San Francisco","big":12345678901234567890}},"#
            + #"{"type":"tool_use","id":"toolu_2","name":"now","input":{}}"#
        #expect(JSONTree(value) == (try tree(Self.answer(content, "tool_use", 89))))
    }

    @Test func citationsAndWholeBlocksAreKept() throws {
        let result =
            #"{"type":"web_search_tool_result","tool_use_id":"s","content":[{"url":"u","index":0},{"index":0}]}"#
        let value = try assembled(
            [Self.start] + Self.block(0, result)
                + Self.block(
                    1,
                    #"{"type":"text","text":"","citations":[]}"#,
                    #"{"type":"citations_delta","citation":{"url":"a"}}"#,
                    #"{"type":"text_delta","text":"It is."}"#,
                    #"{"type":"citations_delta","citation":{"url":"b"}}"#
                ) + Self.end("end_turn", 5),
            .messages
        )
        let content = result + #",{"type":"text","text":"It is.","citations":[{"url":"a"},{"url":"b"}]}"#
        #expect(JSONTree(value) == (try tree(Self.answer(content, "end_turn", 5))))
    }

    @Test func theUsageOfTheEndIsMergedIntoThatOfTheStart() throws {
        let delta =
            #"{"type":"message_delta","delta":{"stop_reason":"end_turn","stop_sequence":null,"container":{"id":"c"}},"#
            + #""usage":{"input_tokens":26,"cache_read_input_tokens":null,"output_tokens":7},"context_management":{}}"#
        let value = try assembled([Self.start, delta, Self.stop], .messages)
        let usage = try #require(value["usage"])
        #expect(
            JSONTree(usage)
                == (try tree(
                    #"{"input_tokens":26,"cache_read_input_tokens":100,"output_tokens":7,"service_tier":"standard"}"#
                ))
        )
        #expect(value["container"]?["id"]?.string == "c")
        #expect(value["context_management"] != nil)
        #expect(Endpoint.messages.assess(value).refusal == .empty)
    }

    @Test func aStreamThatHitTheTokenLimitIsAssessedTruncated() throws {
        let value = try assembled(
            [Self.start] + Self.block(0, #"{"type":"text","text":"a"}"#) + Self.end("max_tokens", 1),
            .messages
        )
        #expect(Endpoint.messages.assess(value).refusal == .truncated)
    }

    @Test(
        arguments: [
            (1, [start, start]),
            (0, [#"{"type":"content_block_stop","index":0}"#]),
            (1, [start, #"{"index":0}"#]),
            (1, [start, #"{"type":"content_block_start","index":0}"#]),
            (1, [start, #"{"type":"content_block_start","index":-1,"content_block":{}}"#]),
            (1, [start, #"{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"a"}}"#]),
            (2, [start] + block(0, #"{"type":"text","text":""}"#, #"{"type":"text_delta","text":["a"]}"#)),
            (
                3,
                [start] + block(0, #"{"type":"text","text":""}"#)
                    + [#"{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"a"}}"#]
            ),
            (3, [start] + block(0, #"{"type":"text","text":""}"#) + block(0, #"{"type":"text","text":""}"#)),
            (
                3,
                [start]
                    + block(0, #"{"type":"tool_use","input":{}}"#, #"{"type":"input_json_delta","partial_json":"{]"}"#)
            ),
            (4, [start, end("end_turn", 1)[0], stop, #"{"type":"ping"}"#, start]),
        ] as [(Int, [String])]
    )
    func eventsOutOfOrderAreInvalid(_ index: Int, _ payloads: [String]) throws {
        let events = try eventList(payloads)
        let error = #expect(throws: StreamError.self) {
            try StreamAssembly.response(fromEvents: events, endpoint: .messages)
        }
        guard case .invalidEvent(let found, _)? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(found == index)
    }

    @Test(arguments: ["", "{\"location\": \"San", "{\"a\":[1,"])
    func anInputThatIsCutOffIsTruncated(_ partial: String) throws {
        var writer = JSONWriter()
        writer.string(partial)
        let delta = #"{"type":"input_json_delta","partial_json":\#(String(decoding: writer.bytes, as: UTF8.self))}"#
        let events = try eventList(
            [Self.start] + Self.block(0, #"{"type":"tool_use","id":"a","name":"f","input":{}}"#, delta)
                + Self.end("max_tokens", 4)
        )
        if partial.isEmpty {
            let answer = try StreamAssembly.response(fromEvents: events, endpoint: .messages)
            #expect(Endpoint.messages.assess(try JSONDocument(answer).root).refusal == .truncated)
        } else {
            #expect(throws: StreamError.truncated) {
                try StreamAssembly.response(fromEvents: events, endpoint: .messages)
            }
        }
    }

    @Test func anInputTooDeepForAnAnswerIsInvalid() throws {
        let depth = JSONDocument.maximumDepth
        let partial = String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        let events = try eventList(
            [Self.start]
                + Self.block(
                    0,
                    #"{"type":"tool_use","id":"a","name":"f","input":{}}"#,
                    #"{"type":"input_json_delta","partial_json":"\#(partial)"}"#
                ) + Self.end("tool_use", 4)
        )
        let error = #expect(throws: StreamError.self) {
            try StreamAssembly.response(fromEvents: events, endpoint: .messages)
        }
        guard case .invalidResponse? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }
}
