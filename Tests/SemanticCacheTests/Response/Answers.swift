import JSONScanning
import SemanticCache

/// Whole answers as the upstreams write them.
enum Answers {
    /// A text that is long enough for several pieces and hard to cut.
    static let longText =
        String(repeating: "The 🌍 says \"e\u{301}te\u{301}\"\\n\n\ttab, 日本語のテキスト 👩‍👩‍👧‍👦 and more words. ", count: 40)
        + String(repeating: "漢字", count: 400)

    /// The text as a JSON string.
    static func quoted(_ text: String) -> String {
        var writer = JSONWriter()
        writer.string(text)
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    static func chat(_ choices: String, _ more: String = "") -> String {
        #"{"id":"chatcmpl-B9","object":"chat.completion","created":1741569952,"model":"gpt-4o","#
            + #""system_fingerprint":"fp_50cad","service_tier":"default","choices":[\#(choices)],"#
            + #""usage":{"prompt_tokens":9,"completion_tokens":3,"total_tokens":12,"prompt_tokens_details":{"cached_tokens":0}}\#(more)}"#
    }

    static func choice(
        _ message: String,
        _ reason: String = "stop",
        index: Int = 0,
        more: String = #","logprobs":null"#
    )
        -> String
    {
        #"{"index":\#(index),"message":\#(message)\#(more),"finish_reason":"\#(reason)"}"#
    }

    static let toolCalls =
        #"[{"id":"call_a","type":"function","function":{"name":"get_weather","arguments":"{\"city\":\"Paris\"}"}},"#
        + #"{"id":"call_b","type":"function","function":{"name":"write","arguments":\#(quoted("{\"text\":" + quoted(longText) + "}"))},"#
        + #""extra_content":{"google":{"thought_signature":"x"}}},"#
        + #"{"id":"call_c","type":"function","function":{"name":"now","arguments":""}},"#
        + #"{"id":"call_d","type":"custom","custom":{"name":"sql","input":"select 1"}}]"#

    static let chats: [String] = [
        chat(choice(#"{"role":"assistant","content":"Hello","refusal":null,"annotations":[]}"#)),
        chat(choice(#"{"role":"assistant","content":\#(quoted(longText))}"#)),
        chat(choice(#"{"role":"assistant","content":"","refusal":"I cannot do that."}"#)),
        chat(choice(#"{"role":"assistant","content":null,"refusal":null,"tool_calls":\#(toolCalls)}"#, "tool_calls")),
        chat(choice(#"{"role":"assistant","content":"I look.","tool_calls":[]}"#)),
        chat(
            choice(
                #"{"role":"assistant","content":null,"function_call":{"name":"f","arguments":"{\"a\": 1}"}}"#,
                "function_call"
            )
        ),
        chat(
            choice(
                #"{"role":"assistant","content":"Yes","reasoning_content":\#(quoted(longText)),"reasoning":"short","#
                    + #""reasoning_details":[{"type":"reasoning.text","text":"a","index":0}],"mood":"good","#
                    + #""audio":{"id":"audio_1","data":"UklG","expires_at":17,"transcript":"Yes"},"#
                    + #""annotations":[{"type":"url_citation","url_citation":{"start_index":0,"url":"u"}}]}"#
            )
        ),
        chat(
            choice(#"{"role":"assistant","content":"first"}"#, index: 0) + ","
                + choice(#"{"role":"assistant","content":"second","refusal":""}"#, "tool_calls", index: 1) + ","
                + choice(#"{"role":"assistant","content":""}"#, index: 2)
        ),
        chat(
            choice(
                #"{"role":"assistant","content":"ab"}"#,
                more: #","logprobs":{"content":[{"token":"a","logprob":-0.25,"bytes":[97],"top_logprobs":[]},"#
                    + #"{"token":"b","logprob":-1e-7,"bytes":null,"top_logprobs":[{"token":"c"}]}],"refusal":null},"#
                    + #""content_filter_results":{"hate":{"filtered":false}},"stop_reason":null"#
            ),
            #","provider":"one","citations":["https://a.example"],"prompt_filter_results":[{"prompt_index":0}]"#
        ),
        // Pretty-printed: white space between values must not break a line of the stream.
        """
        {
          "id": "a", "object": "chat.completion",\r
          "created": 1,
          "model": "m",
          "extra": [
            1,
            {"a":\n\n 2}
          ],
          "choices": [ { "index": 0, "finish_reason": "stop", "message": { "role": "assistant", "content": "a" } } ]
        }
        """,
    ]

    static let completions: [String] = [
        #"{"id":"cmpl-1","object":"text_completion","created":1,"model":"m","choices":[{"text":" a\nb","index":0,"#
            + #""logprobs":null,"finish_reason":"stop"}],"usage":{"prompt_tokens":1,"completion_tokens":2}}"#,
        #"{"id":"cmpl-1","object":"text_completion","created":1,"model":"m","choices":[{"text":\#(quoted(longText)),"#
            + #""index":0,"logprobs":{"tokens":["a"],"token_logprobs":[null],"text_offset":[0]},"finish_reason":"stop"},"#
            + #"{"text":"","index":1,"finish_reason":"stop","prompt_logprobs":[1]}],"usage":{"prompt_tokens":1}}"#,
    ]

    static func message(_ content: String, _ more: String = "") -> String {
        #"{"id":"msg_1","type":"message","role":"assistant","model":"claude-sonnet-4","content":[\#(content)],"#
            + #""stop_reason":"end_turn","stop_sequence":null,"usage":{"input_tokens":25,"cache_read_input_tokens":3,"#
            + #""output_tokens":15,"server_tool_use":{"web_search_requests":1}}\#(more)}"#
    }

    static let messages: [String] = [
        message(#"{"type":"text","text":"Hello"}"#),
        message(#"{"type":"text","text":\#(quoted(longText)),"citations":null}"#, #","container":{"id":"c"}"#),
        message(
            #"{"type":"thinking","thinking":\#(quoted(longText)),"signature":"EqQBCg=="},"#
                + #"{"type":"redacted_thinking","data":"abc"},"#
                + #"{"type":"server_tool_use","id":"s","name":"web_search","input":{"query":"q"}},"#
                + #"{"type":"web_search_tool_result","tool_use_id":"s","content":[{"type":"web_search_result","index":0}]},"#
                + #"{"type":"text","text":"It is.","citations":[{"url":"a","cited_text":"x"},{"url":"b"}]},"#
                + #"{"type":"tool_use","id":"toolu_1","name":"f","input":{"big":12345678901234567890,"#
                + #""text":\#(quoted(longText)),"list":[1,{"a":null}]}},"#
                + #"{"type":"tool_use","id":"toolu_2","name":"g","input":{}}"#
        ),
    ]

    static func response(_ output: String) -> String {
        #"{"id":"resp_1","object":"response","created_at":1,"status":"completed","completed_at":2,"error":null,"#
            + #""incomplete_details":null,"instructions":null,"model":"gpt-4o","output":[\#(output)],"#
            + #""parallel_tool_calls":true,"usage":{"input_tokens":36,"output_tokens":87,"total_tokens":123}}"#
    }

    static let responses: [String] = [
        response(
            #"{"id":"msg_1","type":"message","status":"completed","role":"assistant","#
                + #""content":[{"type":"output_text","text":"Hi","annotations":[{"type":"url_citation","url":"u"}],"#
                + #""logprobs":[]},{"type":"refusal","refusal":"No."}]}"#
        ),
        response(
            #"{"id":"rs_1","type":"reasoning","summary":[{"type":"summary_text","text":"Because."}]},"#
                + #"{"id":"fc_1","type":"function_call","status":"completed","call_id":"call_1","name":"f","#
                + #""arguments":\#(quoted("{\"text\":" + quoted(longText) + "}"))},"#
                + #"{"id":"ct_1","type":"custom_tool_call","call_id":"call_2","name":"sql","input":"select 1"},"#
                + #"{"id":"ws_1","type":"web_search_call","status":"completed"},"#
                + #"{"id":"msg_1","type":"message","status":"completed","role":"assistant","#
                + #""content":[{"type":"output_text","text":\#(quoted(longText)),"annotations":[]}]}"#
        ),
    ]

    /// All answers that can be streamed, with their endpoints.
    static let all: [(Endpoint, String)] =
        chats.map { (.chatCompletions, $0) } + completions.map { (.completions, $0) }
        + messages.map { (.messages, $0) } + responses.map { (.responses, $0) }
}
