import JSONScanning
import SemanticCache
import Testing

@Suite struct SemanticEligibilityTests {
    private static func messages(_ content: String, _ more: String = "") -> String {
        #"{"model":"m","messages":[{"role":"system","content":"s"},{"role":"user","content":\#(content)}]\#(more)}"#
    }

    @Test(
        arguments: [
            (messages(#"" How do I\nreset it? ""#), .chatCompletions, "How do I\nreset it?"),
            (messages(#"[{"type":"text","text":"a\u0301 "}]"#), .chatCompletions, "á"),
            (messages(#"[{"type":"text","text":"a\"b\\","x":1}]"#), .chatCompletions, #"a"b\"#),
            (messages(#""é\r\n日本""#), .chatCompletions, "é\n日本"),
            (messages(#""a""#, #","n":1,"logprobs":false,"tools":[{"type":"function"}]"#), .chatCompletions, "a"),
            (messages(#"[{"type":"text","text":"a","cache_control":{"type":"ephemeral"}}]"#), .messages, "a"),
            (#"{"input":" a b "}"#, .responses, "a b"),
            (#"{"input":[{"role":"user","content":[{"type":"input_text","text":"a"}]}]}"#, .responses, "a"),
            (
                #"{"input":[{"type":"reasoning","id":"x"},{"type":"message","role":"user","content":"a"}]}"#,
                .responses, "a"
            ),
        ] as [(String, Endpoint, String)]
    )
    func lastUserTextIsCompared(_ text: String, _ endpoint: Endpoint, _ expected: String) throws {
        guard case .eligible(let found, _) = try canonical(text, endpoint).semantic else {
            Issue.record("\(try canonical(text, endpoint).semantic)")
            return
        }
        #expect(Array(found.utf8) == Array(expected.utf8))
    }

    @Test(
        arguments: [
            (#"{"messages":[]}"#, .chatCompletions, "there is no message"),
            (#"{"messages":["x"]}"#, .chatCompletions, "there is no message"),
            (
                #"{"messages":[{"role":"assistant","content":"a"}]}"#, .chatCompletions,
                "the last message is not a user's"
            ),
            (#"{"messages":[{"content":"a"}]}"#, .chatCompletions, "the last message is not a user's"),
            (
                #"{"messages":[{"role":"tool","tool_call_id":"a","content":"a"}]}"#, .chatCompletions,
                "the last message is not a user's"
            ),
            (#"{"messages":[{"role":"user"}]}"#, .chatCompletions, "the last message has no content"),
            (#"{"messages":[{"role":"user","content":null}]}"#, .chatCompletions, "the last message has no content"),
            (
                #"{"messages":[{"role":"user","content":[]}]}"#, .chatCompletions,
                "the last user message is not a single text"
            ),
            (
                #"{"messages":[{"role":"user","content":[{"type":"text","text":"a"},{"type":"text","text":"b"}]}]}"#,
                .chatCompletions, "the last user message is not a single text"
            ),
            (
                #"{"messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"u"}}]}]}"#,
                .chatCompletions, "the last user message is not text"
            ),
            (
                #"{"messages":[{"role":"user","content":[{"type":"tool_result","tool_use_id":"a","content":"x"}]}]}"#,
                .messages, "the last user message is not text"
            ),
            (messages(#""  ""#), .chatCompletions, "the last user text is empty"),
            (messages(#""a""#, #","n":2"#), .chatCompletions, "the request has `n`"),
            (messages(#""a""#, #","logprobs":true"#), .chatCompletions, "the request has `logprobs`"),
            (
                messages(#""a""#, #","modalities":["text","audio"],"audio":{}"#), .chatCompletions,
                "the request has `audio`"
            ),
            (#"{"input":"a","top_logprobs":3}"#, .responses, "the request has `top_logprobs`"),
            (
                #"{"input":[{"type":"function_call_output","call_id":"a","output":"x"}]}"#, .responses,
                "the last message is not a user's"
            ),
            (#"{"prompt":"a"}"#, .completions, "prompts of completions are compared exactly"),
            (#"{"input":"a"}"#, .embeddings, "inputs of embeddings are compared exactly"),
        ] as [(String, Endpoint, String)]
    )
    func otherRequestsAreComparedExactlyOnly(_ text: String, _ endpoint: Endpoint, _ reason: String) throws {
        #expect(try canonical(text, endpoint).semantic == .ineligible(reason: reason))
    }

    @Test func longTextsAreComparedExactlyOnly() throws {
        func semantic(_ count: Int, _ letter: String) throws -> SemanticEligibility {
            try canonical(Self.messages("\"\(String(repeating: letter, count: count))\"")).semantic
        }
        let reason = SemanticEligibility.ineligible(reason: "the last user text is longer than 1024 bytes")
        #expect(try semantic(1024, "a") != reason)
        #expect(try semantic(1025, "a") == reason)
        #expect(try semantic(341, "日") != reason)
        #expect(try semantic(342, "日") == reason)
        #expect(try semantic(512, #"\""#) != reason, "escapes are not part of the text")
        #expect(try semantic(1024, #"\""#) != reason)
    }

    @Test func withoutDemandNothingIsDerived() throws {
        let request = try Canonicalizer().canonicalize(
            JSONDocument(Array(Self.messages(#""a""#).utf8)).root,
            endpoint: .chatCompletions,
            namespace: .default
        )
        #expect(request.semantic == .ineligible(reason: "semantic tier off"))
    }

    private static func partition(
        _ text: String,
        _ endpoint: Endpoint = .chatCompletions,
        _ namespace: String = "a"
    ) throws -> Partition {
        let request = try canonical(text, endpoint, namespace: #require(Namespace(namespace)))
        guard case .eligible(_, let partition) = request.semantic else { throw NoPartition() }
        return partition
    }

    private struct NoPartition: Error {}

    @Test func partitionDependsOnAllButTheLastUserText() throws {
        let partition = try Self.partition(Self.messages(#""a""#))
        for same in [#""b""#, #"" a\n""#, #""日本\u0001\"""#, #"[{"type":"text","text":"longer than the other one"}]"#] {
            #expect(try Self.partition(Self.messages(same)) == partition)
        }
        #expect(try Self.partition(Self.messages(#""a""#, #","stream":true,"temperature":1"#)) == partition)
        let others = [
            Self.messages(#""a""#, #","temperature":0"#), Self.messages(#""a""#, #","tools":[{"type":"function"}]"#),
            Self.messages(#""a""#, #","response_format":{"type":"json_object"}"#),
            Self.messages(#"[{"type":"text","text":"a","x":1}]"#),
            Self.messages(#""a""#).replacing(#""s""#, with: #""t""#),
            Self.messages(#""a""#).replacing(#""m""#, with: #""n""#),
            Self.messages(#""a""#).replacing(#"{"role":"system","content":"s"},"#, with: ""),
            #"{"model":"m","messages":[{"role":"system","content":"s"},{"role":"user","content":"a"},{"role":"user","content":"a"}]}"#,
            #"{"model":"m","messages":[{"role":"system","content":"s"},{"role":"user","content":"b"},{"role":"user","content":"a"}]}"#,
        ]
        let found =
            try others.map { try Self.partition($0) } + [
                Self.partition(Self.messages(#""a""#), .messages),
                Self.partition(Self.messages(#""a""#), .chatCompletions, "b"),
            ]
        #expect(Set(found + [partition]).count == found.count + 1)
    }

    @Test func partitionIsNoFingerprint() throws {
        let request = try canonical(Self.messages(#""a""#), namespace: #require(Namespace("a")))
        #expect(try Self.partition(Self.messages(#""a""#)).digest != request.fingerprint)
    }
}
