import JSONScanning
import SemanticCache
import Testing

struct MessageReplayTests {
    @Test func aTextIsSentAsAnthropicSendsIt() throws {
        let body = try StreamReplay.events(for: json(Answers.messages[0]), endpoint: .messages, includesUsage: false)
        let expected = """
            event: message_start
            data: {"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant",\
            "model":"claude-sonnet-4","content":[],"stop_reason":null,"stop_sequence":null,\
            "usage":{"input_tokens":25,"cache_read_input_tokens":3,"output_tokens":0,\
            "server_tool_use":{"web_search_requests":1}}}}

            event: content_block_start
            data: {"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}

            event: content_block_delta
            data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Hello"}}

            event: content_block_stop
            data: {"type":"content_block_stop","index":0}

            event: message_delta
            data: {"type":"message_delta","delta":{"stop_reason":"end_turn","stop_sequence":null},\
            "usage":{"output_tokens":15}}

            event: message_stop
            data: {"type":"message_stop"}


            """
        #expect(String(decoding: body, as: UTF8.self) == expected)
    }

    @Test func thinkingCitationsAndInputsComeInDeltas() throws {
        let deltas = try replayed(Answers.messages[2], .messages).map { try json($0.data) }
            .filter { $0["type"]?.matches("content_block_delta") == true }
        let types = Dictionary(grouping: deltas) { $0["index"]?.int ?? -1 }
            .mapValues { Set($0.compactMap { $0["delta"]?["type"]?.string }) }
        #expect(
            types == [
                0: ["thinking_delta", "signature_delta"], 2: ["input_json_delta"],
                4: ["text_delta", "citations_delta"], 5: ["input_json_delta"], 6: ["input_json_delta"],
            ]
        )
    }
}
