import JSONScanning
import SemanticCache
import Testing

struct ChatStreamAssemblyTests {
    /// A chunk as OpenAI writes it, with `choices` and what else is given.
    static func chunk(_ choices: String, _ more: String = #","usage":null"#) -> String {
        #"{"id":"chatcmpl-B9","object":"chat.completion.chunk","created":1741569952,"model":"gpt-4o-2024-08-06","#
            + #""service_tier":"default","system_fingerprint":"fp_50cad","choices":[\#(choices)]\#(more),"obfuscation":"xY3"}"#
    }

    static func delta(_ delta: String, _ reason: String = "null", index: Int = 0) -> String {
        #"{"index":\#(index),"delta":\#(delta),"logprobs":null,"finish_reason":\#(reason)}"#
    }

    static func answer(_ choices: String, _ more: String = "") -> String {
        #"{"id":"chatcmpl-B9","object":"chat.completion","created":1741569952,"model":"gpt-4o-2024-08-06","#
            + #""service_tier":"default","system_fingerprint":"fp_50cad","choices":[\#(choices)]\#(more)}"#
    }

    @Test func aTextIsOneMessageWithTheUsageOfTheLastChunk() throws {
        let usage = #","usage":{"prompt_tokens":9,"completion_tokens":3,"total_tokens":12}"#
        let value = try assembled(
            [
                Self.chunk(Self.delta(#"{"role":"assistant","content":"","refusal":null}"#)),
                Self.chunk(Self.delta(#"{"content":"H\u00e9llo"}"#)),
                Self.chunk(Self.delta(#"{"content":" \"w\ud83c\udf0drld\"\n"}"#)),
                Self.chunk(Self.delta("{}", #""stop""#)),
                Self.chunk("", usage),
                "[DONE]",
            ],
            .chatCompletions
        )
        let message = #"{"role":"assistant","content":"Héllo \"w🌍rld\"\n","refusal":null}"#
        let expected = Self.answer(
            #"{"index":0,"message":\#(message),"logprobs":null,"finish_reason":"stop"}"#,
            usage
        )
        #expect(JSONTree(value) == (try tree(expected)))
        #expect(
            Endpoint.chatCompletions.assess(value)
                == ResponseAssessment(
                    refusal: nil,
                    usage: TokenUsage(promptTokens: 9, completionTokens: 3),
                    isPlainText: true
                )
        )
    }

    @Test func toolCallsAreJoinedByTheirIndex() throws {
        let value = try assembled(
            [
                Self.chunk(
                    Self.delta(
                        #"{"role":"assistant","content":null,"tool_calls":[{"index":0,"id":"call_a","#
                            + #""type":"function","function":{"name":"get_weather","arguments":""}}]}"#
                    )
                ),
                Self.chunk(Self.delta(#"{"tool_calls":[{"index":0,"function":{"arguments":"{\""}}]}"#)),
                Self.chunk(Self.delta(#"{"tool_calls":[{"index":0,"function":{"arguments":"city\":\"Par"}}]}"#)),
                Self.chunk(
                    Self.delta(
                        #"{"tool_calls":[{"index":1,"id":"call_b","type":"function","#
                            + #""function":{"name":"get_time","arguments":""}}]}"#
                    )
                ),
                Self.chunk(
                    Self.delta(
                        #"{"tool_calls":[{"index":0,"function":{"arguments":"is\"}"}},"#
                            + #"{"index":1,"id":"","type":"function","function":{"name":null,"arguments":"{}"}}]}"#
                    )
                ),
                Self.chunk(Self.delta("{}", #""tool_calls""#)),
                "[DONE]",
            ],
            .chatCompletions
        )
        let calls =
            #"{"id":"call_a","type":"function","function":{"name":"get_weather","arguments":"{\"city\":\"Paris\"}"}},"#
            + #"{"id":"call_b","type":"function","function":{"name":"get_time","arguments":"{}"}}"#
        let expected = Self.answer(
            #"{"index":0,"message":{"role":"assistant","content":null,"tool_calls":[\#(calls)]},"#
                + #""logprobs":null,"finish_reason":"tool_calls"}"#
        )
        #expect(JSONTree(value) == (try tree(expected)))
    }

    @Test func callsWithOneIndexButDifferentIDsAreSeveral() throws {
        let call = { (id: String, name: String) in
            Self.delta(#"{"tool_calls":[{"index":0,"id":"\#(id)","function":{"name":"\#(name)","arguments":"{}"}}]}"#)
        }
        let value = try assembled(
            [Self.chunk(call("a", "f")), Self.chunk(call("b", "g")), Self.chunk(Self.delta("{}", #""tool_calls""#))],
            .chatCompletions
        )
        let message = try #require(value["choices"]?.elements.first?["message"])
        let names = message["tool_calls"]?.elements.map { $0["function"]?["name"]?.string }
        #expect(names == ["f", "g"])
        #expect(message["role"]?.string == "assistant")
        #expect(message["content"]?.isNull == true)
    }

    @Test func interleavedChoicesAreSortedByIndex() throws {
        let value = try assembled(
            [
                Self.chunk(Self.delta(#"{"role":"assistant","content":""}"#, index: 1)),
                Self.chunk(Self.delta(#"{"role":"assistant","content":""}"#, index: 0)),
                Self.chunk(Self.delta(#"{"content":"be"}"#, index: 1) + "," + Self.delta(#"{"content":"al"}"#)),
                Self.chunk(Self.delta(#"{"content":"pha"}"#)),
                Self.chunk(Self.delta(#"{"content":"ta"}"#, index: 1)),
                Self.chunk(Self.delta("{}", #""stop""#, index: 1)),
                Self.chunk(Self.delta("{}", #""stop""#)),
                "[DONE]",
            ],
            .chatCompletions
        )
        let contents = value["choices"]?.elements.map { $0["message"]?["content"]?.string }
        #expect(contents == ["alpha", "beta"])
        #expect(value["choices"]?.elements.map { $0["index"]?.int } == [0, 1])
    }

    @Test func reasoningAndUnknownMembersAreKept() throws {
        let value = try assembled(
            [
                Self.chunk(
                    Self.delta(#"{"role":"assistant","content":"","reasoning_content":"Let "}"#),
                    #","provider":"one","x_groq":{"id":"req_1"},"prompt_filter_results":[1]"#
                ),
                Self.chunk(
                    Self.delta(
                        #"{"reasoning_content":"me","reasoning_details":[{"type":"reasoning.text","text":"Le","#
                            + #""index":0,"format":"f"}],"trace":"a"}"#
                    )
                ),
                Self.chunk(
                    Self.delta(
                        #"{"content":"Yes","reasoning_details":[{"type":"reasoning.text","text":"t","#
                            + #""index":0,"format":"f"}],"trace":"b","annotations":[{"type":"url_citation"}]}"#
                    )
                ),
                Self.chunk(
                    #"{"index":0,"delta":{"annotations":[{"type":"url_citation"}]},"finish_reason":"stop","#
                        + #""content_filter_results":{"hate":{"filtered":false}},"native_finish_reason":"STOP"}"#,
                    #","provider":"two","x_groq":{"id":"req_2"}"#
                ),
                "[DONE]",
            ],
            .chatCompletions
        )
        let message =
            #"{"role":"assistant","content":"Yes","reasoning_content":"Let me","reasoning_details":"#
            + #"[{"type":"reasoning.text","text":"Let","index":0,"format":"f"}],"trace":"ab","#
            + #""annotations":[{"type":"url_citation"},{"type":"url_citation"}]}"#
        let expected = Self.answer(
            #"{"index":0,"message":\#(message),"logprobs":null,"finish_reason":"stop","#
                + #""content_filter_results":{"hate":{"filtered":false}},"native_finish_reason":"STOP"}"#,
            #","provider":"two","x_groq":{"id":"req_2"},"prompt_filter_results":[1]"#
        )
        #expect(JSONTree(value) == (try tree(expected)))
    }

    @Test func logProbabilitiesAreAppended() throws {
        let piece = { (token: String) in
            #"{"index":0,"delta":{"content":"\#(token)"},"logprobs":{"content":[{"token":"\#(token)","logprob":-0.5,"#
                + #""bytes":[72],"top_logprobs":[]}],"refusal":null},"finish_reason":null}"#
        }
        let value = try assembled(
            [Self.chunk(piece("a")), Self.chunk(piece("b")), Self.chunk(Self.delta("{}", #""stop""#)), "[DONE]"],
            .chatCompletions
        )
        let logprobs = try #require(value["choices"]?.elements.first?["logprobs"])
        let expected = ["a", "b"].map { #"{"token":"\#($0)","logprob":-0.5,"bytes":[72],"top_logprobs":[]}"# }
        #expect(JSONTree(logprobs) == (try tree(#"{"content":[\#(expected.joined(separator: ","))],"refusal":null}"#)))
    }

    @Test func theLegacyFunctionCallIsJoined() throws {
        let value = try assembled(
            [
                Self.chunk(
                    Self.delta(#"{"role":"assistant","content":null,"function_call":{"name":"f","arguments":""}}"#)
                ),
                Self.chunk(Self.delta(#"{"function_call":{"arguments":"{\"a\":"}}"#)),
                Self.chunk(Self.delta(#"{"function_call":{"arguments":"1}"}}"#)),
                Self.chunk(Self.delta("{}", #""function_call""#)),
            ],
            .chatCompletions
        )
        let call = try #require(value["choices"]?.elements.first?["message"]?["function_call"])
        #expect(JSONTree(call) == (try tree(#"{"name":"f","arguments":"{\"a\":1}"}"#)))
    }

    @Test func anEmptyFirstChunkDoesNotEraseWhatFollows() throws {
        // As Azure begins its streams.
        let value = try assembled(
            [
                #"{"id":"","object":"","created":0,"model":"","prompt_filter_results":[],"choices":[]}"#,
                Self.chunk(Self.delta(#"{"role":"assistant","content":"a"}"#)),
                #"{"id":"","object":"","model":"","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}"#,
                "[DONE]",
            ],
            .chatCompletions
        )
        #expect(value["id"]?.string == "chatcmpl-B9")
        #expect(value["model"]?.string == "gpt-4o-2024-08-06")
        #expect(value["object"]?.string == "chat.completion")
        #expect(value["created"]?.int == 1_741_569_952)
    }

    @Test func textCompletionsAreJoined() throws {
        let chunk = { (choice: String) in
            #"{"id":"cmpl-7","object":"text_completion","created":1,"model":"m","choices":[\#(choice)]}"#
        }
        let value = try assembled(
            [
                chunk(
                    #"{"text":"Once","index":0,"logprobs":{"tokens":["Once"],"token_logprobs":[-0.1]},"finish_reason":null}"#
                ),
                chunk(#"{"text":"Two","index":1,"logprobs":null,"finish_reason":"stop"}"#),
                chunk(
                    #"{"text":" upon","index":0,"logprobs":{"tokens":[" upon"],"token_logprobs":[-0.2]},"finish_reason":null}"#
                ),
                chunk(#"{"text":"","index":0,"logprobs":null,"finish_reason":"stop"}"#),
                "[DONE]",
            ],
            .completions
        )
        let expected =
            #"{"id":"cmpl-7","object":"text_completion","created":1,"model":"m","choices":["#
            + #"{"text":"Once upon","index":0,"logprobs":{"tokens":["Once"," upon"],"token_logprobs":[-0.1,-0.2]},"#
            + #""finish_reason":"stop"},{"text":"Two","index":1,"logprobs":null,"finish_reason":"stop"}]}"#
        #expect(JSONTree(value) == (try tree(expected)))
    }

    @Test func namesThatOnlyLookAlikeStayApart() throws {
        // The same letter composed and decomposed: two members in JSON.
        let value = try assembled(
            [Self.chunk(Self.delta(#"{"content":"a","\u00e9":"1","e\u0301":"2"}"#, #""stop""#))],
            .chatCompletions
        )
        #expect(value["choices"]?.elements.first?["message"]?.members.count == 4)
    }
}
