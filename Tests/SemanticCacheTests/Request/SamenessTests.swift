import JSONScanning
import SemanticCache
import Testing

/// What makes two requests the same, rule by rule.
@Suite struct SamenessTests {
    @Test(
        arguments: [
            // White space, order, escapes, spelling of numbers.
            Pair(#"{"model":"m","messages":[]}"#, "{ \"messages\" :\n[ ] ,\t\"model\":\r\"m\"}"),
            .chat(#""seed":1,"stop":["a"]"#, #""stop":["\u0061"],"seed":1"#), .chat(#""\u0073eed":1"#, #""seed":1"#),
            .chat(#""seed":1"#, #""seed":1.0"#), .chat(#""seed":1"#, #""seed":1e0"#),
            .chat(#""top_p":0.1"#, #""top_p":0.10"#),
            .chat(#""top_p":0.1"#, #""top_p":1e-1"#), .chat(#""seed":0"#, #""seed":-0.0"#),
            .chat(#""x":1e400"#, #""x":10E+399"#),
            .chat(#""seed":9007199254740993"#, #""seed":9007199254740993.0"#),
            .chat(#""x":{"b":1,"a":{"d":[1],"c":null}}"#, #""x":{"a":{"c":null,"d":[1.0]},"b":1}"#),
            .chat(#""x":"\/\u000a\u0022\u005c\u0009""#, #""x":"/\n\"\\\t""#),
            .chat(#""x":"\ud83d\ude00""#, #""x":"😀""#),
            // Members that do not change the answer.
            .chat("", #""stream":true"#), .chat("", #""stream":true,"stream_options":{"include_usage":true}"#),
            .chat("", #""user":"u","metadata":{"a":"b"},"store":true"#), .chat("", #""service_tier":"flex""#),
            .chat("", #""safety_identifier":"s","prompt_cache_key":"k","prompt_cache_retention":"24h""#),
            // null and empty.
            .chat("", #""temperature":null,"tools":null,"unheard_of":null"#), .chat("", #""tools":[]"#),
            .chat("", #""functions":[],"stop":[],"logit_bias":{}"#),
            // Defaults.
            .chat("", #""temperature":1"#), .chat("", #""temperature":1.0,"top_p":1,"n":1"#),
            .chat("", #""presence_penalty":0,"frequency_penalty":-0.0"#), .chat("", #""logprobs":false"#),
            .chat("", #""tool_choice":"auto","parallel_tool_calls":true,"response_format":{"type":"text"}"#),
            .chat("", #""modalities":["text"]"#),
            // Messages.
            .messages(
                #"{"role":"assistant","tool_calls":[{"id":"a","type":"function","function":{"name":"f","arguments":"{}"}}]}"#,
                #"{"role":"assistant","content":null,"refusal":null,"annotations":[],"tool_calls":[{"id":"a","type":"function","function":{"name":"f","arguments":"{}"}}]}"#
            ),
            .content(#""hi""#, #"[{"type":"text","text":"hi"}]"#),
            .content(#""hi""#, #"[{"text":" hi\n","type":"text"}]"#),
            .content(#""hi""#, #"[{"type":"text","text":"hi","cache_control":null}]"#),
            .content(
                #"[{"type":"text","text":" \n a"},{"type":"text","text":"b\t"}]"#,
                #"[{"type":"text","text":"a"},{"type":"text","text":"b"}]"#
            ),
        ]
    )
    func theseChatRequestsAreTheSame(_ pair: Pair) throws {
        try expectSame(pair)
    }

    @Test(
        arguments: [
            // Complaints of users of other caches: each of these has to count.
            .chat("", #""tools":[{"type":"function","function":{"name":"f"}}]"#),
            .chat("", #""response_format":{"type":"json_object"}"#),
            .chat("", #""reasoning_effort":"high""#), .chat("", #""seed":1"#), .chat(#""seed":1"#, #""seed":2"#),
            .chat("", #""n":2"#),
            .chat("", #""extra_body":{"top_k":1}"#), .chat("", #""top_k":40"#),
            .chat("", #""thinking":{"type":"enabled"}"#),
            .chat("", #""max_tokens":1"#), .chat(#""max_tokens":1"#, #""max_completion_tokens":1"#),
            .chat("", #""stop":"a""#),
            .chat("", #""logit_bias":{"50256":-100}"#), .chat("", #""logprobs":true"#), .chat("", #""temperature":0"#),
            .chat("", #""temperature":0.9999999999999999999999"#), .chat("", #""tool_choice":"none""#),
            .chat("", #""unheard_of":false"#),
            .chat("", #""unheard_of":[]"#), .chat("", #""unheard_of":"""#), .chat("", #""parallel_tool_calls":false"#),
            .chat("", #""response_format":{"type":"text","x":1}"#), .chat("", #""Stream":true"#),
            .chat("", #""verbosity":"low""#),
            .chat(#""x":9007199254740993"#, #""x":9007199254740992"#),
            .chat(#""x":0.1"#, #""x":0.1000000000000000055511151231257827"#),
            .chat(#""x":1"#, #""x":"1""#), .chat(#""x":true"#, #""x":"true""#), .chat(#""x":[1,2]"#, #""x":[2,1]"#),
            .chat(#""x":1,"y":2"#, #""x":2,"y":1"#), .chat(#""x":["a","b"]"#, #""x":["a\",\"b"]"#),
            .chat(#""x":[[1],2]"#, #""x":[1,[2]]"#),
            .chat(#""x":{"stream":true}"#, #""x":{"stream":false}"#), .chat(#""x":{"user":"a"}"#, #""x":{"user":"b"}"#),
            .chat(#""x":"a b""#, #""x":"a  b""#), .chat(#""x":" a""#, #""x":"a""#),
            .chat(#""x":"e\u0301""#, #""x":"\u00e9""#),
            .chat(#""x":"a\r\nb""#, #""x":"a\nb""#), .chat(#""x":1e400"#, #""x":1e401"#),
            // null where it may mean something.
            .chat(#""x":[1]"#, #""x":[1,null]"#), .chat(#""x":{}"#, #""x":{"a":null}"#),
            .chat(
                #""tools":[{"type":"function","function":{"name":"f","parameters":{"default":null}}}]"#,
                #""tools":[{"type":"function","function":{"name":"f","parameters":{}}}]"#
            ),
            .chat(
                #""response_format":{"type":"json_schema","json_schema":{"schema":{"enum":["a",null]}}}"#,
                #""response_format":{"type":"json_schema","json_schema":{"schema":{"enum":["a"]}}}"#
            ),
            .chat(#""tools":[{"x":{"tools":[]}}]"#, #""tools":[{"x":{}}]"#),
            .chat(#""tools":[{"temperature":1}]"#, #""tools":[{}]"#),
            // Models and messages.
            Pair(#"{"model":"a","messages":[]}"#, #"{"model":"b","messages":[]}"#),
            Pair(#"{"model":"a","messages":[]}"#, #"{"messages":[]}"#),
            Pair(#"{"model":" a","messages":[]}"#, #"{"model":"a","messages":[]}"#),
            .messages(#"{"role":"user","content":"a"}"#, #"{"role":"system","content":"a"}"#),
            .messages(#"{"role":"user","content":"a"}"#, #"{"role":"user","content":"a","name":"bob"}"#),
            .messages(
                #"{"role":"user","content":"a"},{"role":"user","content":"b"}"#,
                #"{"role":"user","content":"b"},{"role":"user","content":"a"}"#
            ),
            .messages(
                #"{"role":"user","content":"ab"},{"role":"user","content":"c"}"#,
                #"{"role":"user","content":"a"},{"role":"user","content":"bc"}"#
            ),
            .messages(
                #"{"role":"user","content":"a"}"#,
                #"{"role":"user","content":"a"},{"role":"user","content":""}"#
            ),
            .messages(#"{"role":"assistant","content":""}"#, #"{"role":"assistant"}"#),
            .messages(#"{"role":"tool","tool_call_id":"a","content":"x"}"#, #"{"role":"tool","content":"x"}"#),
            .content(#""hi""#, #""Hi""#), .content(#""a b""#, #""a  b""#), .content(#""a\tb""#, #""a b""#),
            .content(#""a\rb""#, #""a\nb""#),
            .content(#""\u200bhi""#, #""hi""#), .content(#""ﬁ""#, #""fi""#), .content(#"["hi"]"#, #""hi""#),
            .content(#"[{"type":"text","text":"a"},{"type":"text","text":"b"}]"#, #""ab""#),
            .content(
                #"[{"type":"text","text":"a "},{"type":"text","text":"b"}]"#,
                #"[{"type":"text","text":"a"},{"type":"text","text":"b"}]"#
            ),
            .content(
                #"[{"type":"text","text":"a"},{"type":"text","text":" b"}]"#,
                #"[{"type":"text","text":"a"},{"type":"text","text":"b"}]"#
            ),
            .content(
                #"[{"type":"text","text":"a"},{"type":"text","text":" b "},{"type":"text","text":"c"}]"#,
                #"[{"type":"text","text":"a"},{"type":"text","text":"b"},{"type":"text","text":"c"}]"#
            ),
            .content(
                #"[{"type":"text","text":"a"},{"type":"text","text":"b"}]"#,
                #"[{"type":"text","text":"b"},{"type":"text","text":"a"}]"#
            ),
            .content(#"[{"type":"text","text":"hi","x":1}]"#, #""hi""#),
            .content(#"[{"type":"refusal","text":"hi"}]"#, #""hi""#),
            .content(#"[{"type":"text","text":"hi","cache_control":{"type":"ephemeral"}}]"#, #""hi""#),
            .content(
                #"[{"type":"image_url","image_url":{"url":"a"}}]"#,
                #"[{"type":"image_url","image_url":{"url":"b"}}]"#
            ),
            .content(
                #"[{"type":"image_url","image_url":{"url":" a"}}]"#,
                #"[{"type":"image_url","image_url":{"url":"a"}}]"#
            ),
        ]
    )
    func theseChatRequestsDiffer(_ pair: Pair) throws {
        try expectDifferent(pair)
    }

    @Test(
        arguments: [
            .members("", #""stream":true,"user":"u","stream_options":{}"#, .completions),
            .members("", #""temperature":1,"top_p":1.0,"n":1,"echo":false,"stop":null"#, .completions),
            .members("", #""user":"u","encoding_format":"float""#, .embeddings),
            .members(
                "",
                #""stream":true,"store":false,"metadata":{},"user":"u","safety_identifier":"s","prompt_cache_key":"k","service_tier":"auto","stream_options":{}"#,
                .responses
            ),
            .members(
                "",
                #""temperature":1,"tool_choice":"auto","truncation":"disabled","text":{"format":{"type":"text"}},"include":[]"#,
                .responses
            ),
            .members(#""instructions":"Be terse.""#, #""instructions":" Be terse.\r\n""#, .responses),
            Pair(#"{"input":"hi"}"#, #"{"input":"\n hi "}"#, .responses),
            .items(
                #"{"role":"user","content":"hi"}"#,
                #"{"role":"user","content":[{"type":"input_text","text":"hi "}],"id":null}"#
            ),
            .items(
                #"{"role":"assistant","content":"hi"}"#,
                #"{"role":"assistant","content":[{"type":"output_text","text":"hi","annotations":[],"logprobs":[]}]}"#
            ),
            .members(
                "",
                #""stream":false,"metadata":{"user_id":"u"},"service_tier":"auto","temperature":1.0,"tools":[],"system":"","cache_control":{"type":"ephemeral"}"#,
                .messages
            ),
            .members(
                #""system":"Be kind.""#,
                #""system":[{"type":"text","text":"Be kind. ","cache_control":{"type":"ephemeral"}}]"#,
                .messages
            ),
            .members(
                #""tools":[{"name":"f"}]"#,
                #""tools":[{"name":"f","cache_control":{"type":"ephemeral"}}]"#,
                .messages
            ),
            .members("", #""tool_choice":{"type":"auto"},"stop_sequences":[]"#, .messages),
            .content(#""hi""#, #"[{"type":"text","text":"hi","cache_control":{"type":"ephemeral"}}]"#, .messages),
            .content(
                #"[{"type":"tool_result","tool_use_id":"a","content":"12"}]"#,
                #"[{"type":"tool_result","tool_use_id":"a","content":[{"type":"text","text":" 12 "}]}]"#,
                .messages
            ),
            .content(
                #"[{"type":"text","text":"a"},{"type":"tool_result","tool_use_id":"a","content":"12"},{"type":"text","text":"b"}]"#,
                #"[{"type":"text","text":" a"},{"type":"tool_result","tool_use_id":"a","content":" 12 "},{"type":"text","text":"b "}]"#,
                .messages
            ),
        ]
    )
    func theseRequestsToOtherEndpointsAreTheSame(_ pair: Pair) throws {
        try expectSame(pair)
    }

    @Test(
        arguments: [
            // Raw text models: white space counts.
            Pair(#"{"prompt":"a "}"#, #"{"prompt":"a"}"#, .completions),
            Pair(#"{"prompt":"a\r\n"}"#, #"{"prompt":"a\n"}"#, .completions),
            Pair(#"{"prompt":"e\u0301"}"#, #"{"prompt":"\u00e9"}"#, .completions),
            Pair(#"{"input":" a"}"#, #"{"input":"a"}"#, .embeddings),
            Pair(#"{"input":["a","b"]}"#, #"{"input":["b","a"]}"#, .embeddings),
            Pair(#"{"input":[1,2]}"#, #"{"input":[1,3]}"#, .embeddings),
            .members("", #""dimensions":256"#, .embeddings), .members("", #""encoding_format":"base64""#, .embeddings),
            .members("", #""metadata":{"a":1}"#, .embeddings), .members("", #""metadata":{"a":1}"#, .completions),
            .members("", #""max_tokens":16"#, .completions), .members("", #""suffix":"x""#, .completions),
            .members("", #""echo":true"#, .completions),
            .members("", #""previous_response_id":"r""#, .responses), .members("", #""conversation":"c""#, .responses),
            .members("", #""reasoning":{"effort":"low"}"#, .responses),
            .members("", #""text":{"format":{"type":"text"},"verbosity":"low"}"#, .responses),
            .members("", #""include":["reasoning.encrypted_content"]"#, .responses),
            .members("", #""max_output_tokens":5"#, .responses),
            .items(#"{"type":"item_reference","id":"a"}"#, #"{"type":"item_reference","id":"b"}"#),
            .items(#"{"id":"a"}"#, #"{"id":"b"}"#),
            .items(#"{"type":"reasoning","id":"a","summary":[]}"#, #"{"type":"reasoning","id":"b","summary":[]}"#),
            .items(#"{"type":"image_generation_call","id":"a"}"#, #"{"type":"image_generation_call","id":"b"}"#),
            .items(#"{"role":"user","content":"a"},{"role":"user","content":"b"}"#, #"{"role":"user","content":"ab"}"#),
            .items(
                #"{"type":"function_call_output","call_id":"a","output":" x"}"#,
                #"{"type":"function_call_output","call_id":"a","output":"x"}"#
            ),
            .members("", #""max_tokens":5"#, .messages), .members("", #""top_k":5"#, .messages),
            .members("", #""user":"u""#, .messages),
            .members("", #""top_p":0.5"#, .messages),
            .members("", #""thinking":{"type":"enabled","budget_tokens":1024}"#, .messages),
            .members("", #""system":"a""#, .messages),
            .members("", #""tool_choice":{"type":"auto","disable_parallel_tool_use":true}"#, .messages),
            .members(
                #""tools":[{"name":"f","input_schema":{"default":null}}]"#,
                #""tools":[{"name":"f","input_schema":{}}]"#,
                .messages
            ),
            .members(
                #""tools":[{"input_schema":{"cache_control":1}}]"#,
                #""tools":[{"input_schema":{"cache_control":2}}]"#,
                .messages
            ),
            .content(
                #"[{"type":"tool_use","id":"a","name":"f","input":{"x":null}}]"#,
                #"[{"type":"tool_use","id":"a","name":"f","input":{}}]"#,
                .messages
            ),
            .content(
                #"[{"type":"tool_use","id":"a","name":"f","input":{"x":" a"}}]"#,
                #"[{"type":"tool_use","id":"a","name":"f","input":{"x":"a"}}]"#,
                .messages
            ),
            .content(
                #"[{"type":"tool_result","tool_use_id":"a","content":"1"}]"#,
                #"[{"type":"tool_result","tool_use_id":"a","content":"2"}]"#,
                .messages
            ),
        ]
    )
    func theseRequestsToOtherEndpointsDiffer(_ pair: Pair) throws {
        try expectDifferent(pair)
    }

    @Test func namespaceAndEndpointCount() throws {
        let text = #"{"model":"m","messages":[{"role":"user","content":"hi"}]}"#
        let names = try ["default", "Default", "a", "ab", "a.b", "a-b"].map { try #require(Namespace($0)) }
        let prints = try names.map { try canonical(text, namespace: $0).fingerprint }
        #expect(Set(prints).count == names.count)
        #expect(try canonical(text, .messages).fingerprint != canonical(text, .chatCompletions).fingerprint)
        #expect(
            try canonical(#"{"input":"a"}"#, .embeddings).fingerprint
                != canonical(#"{"input":"a"}"#, .responses).fingerprint
        )
    }

    @Test func furtherMembersAreIgnoredOnDemand() throws {
        let plain = #"{"model":"m","messages":[]}"#
        let marked = #"{"trace_id":"x","model":"m","messages":[],"\u0074race_span":2,"nested":{"trace_id":1}}"#
        let ignoring: Set = ["trace_id", "trace_span", "nested"]
        #expect(try canonical(plain).fingerprint == canonical(marked, ignoring: ignoring).fingerprint)
        #expect(
            try canonical(plain).fingerprint != canonical(marked, ignoring: ["trace_id", "trace_span"]).fingerprint
        )
        let other = #"{"model":"m","messages":[{"role":"user","content":"x"}]}"#
        let both = try [plain, other].map { try canonical($0, ignoring: ["messages", "model"]).fingerprint }
        #expect(both[0] != both[1], "the member that makes the request cannot be ignored")
    }

    @Test func aRequestInsideAnEnvelopeIsTheRequest() throws {
        let text = #"{"model":"m","messages":[{"role":"user","content":"a\nb"}]}"#
        let envelope = try JSONDocument(Array(#"{"namespace":"x","request": \#(text) ,"cache":{}}"#.utf8))
        let request = try #require(envelope.root["request"])
        let inside = try Canonicalizer().canonicalize(request, endpoint: .chatCompletions, namespace: .default)
        #expect(try inside.fingerprint == canonical(text).fingerprint)
        #expect(inside.canonicalBytes.isEmpty)
    }

    private func expectSame(_ pair: Pair) throws {
        let (left, right) = try (canonical(pair.left, pair.endpoint), canonical(pair.right, pair.endpoint))
        #expect(
            String(decoding: left.canonicalBytes, as: UTF8.self)
                == String(decoding: right.canonicalBytes, as: UTF8.self)
        )
        #expect(left.fingerprint == right.fingerprint)
    }

    private func expectDifferent(_ pair: Pair) throws {
        let (left, right) = try (canonical(pair.left, pair.endpoint), canonical(pair.right, pair.endpoint))
        #expect(left.canonicalBytes != right.canonicalBytes)
        #expect(left.fingerprint != right.fingerprint)
    }
}
