import JSONScanning
import SemanticCache
import Testing

@Suite struct RequestErrorTests {
    @Test(
        arguments: [
            ("[]", .chatCompletions, "$", "The request must be an object."),
            ("null", .embeddings, "$", "The request must be an object."),
            (#""x""#, .messages, "$", "The request must be an object."),
            ("{}", .chatCompletions, "$", "A request to chat.completions needs the member `messages`."),
            (#"{"messages":null}"#, .messages, "$", "A request to messages needs the member `messages`."),
            (#"{"messages":[]}"#, .completions, "$", "A request to completions needs the member `prompt`."),
            (#"{"prompt":""}"#, .responses, "$", "A request to responses needs the member `input`."),
            (#"{"model":"m"}"#, .embeddings, "$", "A request to embeddings needs the member `input`."),
            (#"{"messages":"hi"}"#, .chatCompletions, "$.messages", "`messages` must be an array."),
            (#"{"prompt":{}}"#, .completions, "$.prompt", "`prompt` must be a string or an array."),
            (#"{"input":7}"#, .embeddings, "$.input", "`input` must be a string or an array."),
            (#"{"messages":[],"model":7}"#, .chatCompletions, "$.model", "`model` must be a string."),
            (#"{"messages":[],"\u006dodel":7}"#, .chatCompletions, "$.model", "`model` must be a string."),
            (#"{"messages":[],"stream":"yes"}"#, .chatCompletions, "$.stream", "`stream` must be a Boolean."),
            (#"{"messages":[],"stream":1}"#, .messages, "$.stream", "`stream` must be a Boolean."),
            (
                #"{"messages":[],"stream_options":true}"#, .chatCompletions, "$.stream_options",
                "`stream_options` must be an object."
            ),
            (
                #"{"messages":[],"stream_options":{"include_usage":1}}"#, .chatCompletions,
                "$.stream_options.include_usage",
                "`stream_options.include_usage` must be a Boolean."
            ),
            (
                #"{"messages":[],"temperature":"0"}"#, .chatCompletions, "$.temperature",
                "`temperature` must be a number."
            ),
        ] as [(String, Endpoint, String, String)]
    )
    func requestIsRefusedWithPathAndSentence(_ text: String, _ endpoint: Endpoint, _ path: String, _ message: String) {
        #expect(throws: RequestError(path: path, message: message)) { try canonical(text, endpoint) }
    }

    @Test(
        arguments: [
            #"{"messages":[1,null,"x",[],{}]}"#, #"{"messages":[{"content":7}]}"#,
            #"{"messages":[{"content":[null,1,[]]}]}"#,
            #"{"messages":[{"tool_calls":{"id":1}}]}"#,
            #"{"messages":[{"tool_calls":[{"id":7},7,null]}],"tool_call_id":[]}"#,
            #"{"messages":[{"content":[{"type":7,"text":null}]}],"model":null,"stream":null,"tools":7}"#,
            #"{"messages":[{"role":7,"content":[{"type":"text","text":{}}]}]}"#,
            #"{"messages":[{"role":"user","content":{}}]}"#,
        ]
    )
    func oddShapesInsideAreNoErrorAndNoCrash(_ text: String) throws {
        for endpoint in [Endpoint.chatCompletions, .messages] {
            let once = try canonicalText(text, endpoint)
            #expect(try canonicalText(once, endpoint) == once)
        }
        let input = text.replacing("messages", with: "input")
        #expect(try canonicalText(canonicalText(input, .responses), .responses) == canonicalText(input, .responses))
    }

    @Test func aRefusedRequestLeavesNothingBehind() throws {
        let canonicalizer = Canonicalizer()
        let good = try JSONDocument(Array(#"{"messages":[{"role":"user","content":"\u00e9"}],"\u0061":1}"#.utf8)).root
        let bad = try JSONDocument(Array(#"{"messages":[],"stream":1}"#.utf8)).root
        func print() throws -> Fingerprint {
            try canonicalizer.canonicalize(good, endpoint: .chatCompletions, namespace: .default).fingerprint
        }
        let first = try print()
        #expect(throws: RequestError.self) {
            try canonicalizer.canonicalize(bad, endpoint: .chatCompletions, namespace: .default)
        }
        #expect(try print() == first)
    }
}
