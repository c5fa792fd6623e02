import SemanticCache
import Testing

struct UsageTests {
    @Test(
        arguments: [
            (.chatCompletions, #"{"prompt_tokens":812,"completion_tokens":164,"total_tokens":976}"#, 812, 164),
            (.completions, #"{"prompt_tokens":3,"completion_tokens":4.0}"#, 3, 4),
            (.responses, #"{"input_tokens":36,"output_tokens":87}"#, 36, 87),
            (.messages, #"{"input_tokens":25,"output_tokens":15}"#, 25, 15),
            (
                .messages,
                #"{"input_tokens":5,"cache_creation_input_tokens":100,"cache_read_input_tokens":2000,"output_tokens":7}"#,
                2105, 7
            ),
            (.messages, #"{"input_tokens":5,"cache_read_input_tokens":null,"output_tokens":7}"#, 5, 7),
            (.embeddings, #"{"prompt_tokens":8,"total_tokens":8}"#, 8, 0),
            (.chatCompletions, #"{"prompt_tokens":-1,"completion_tokens":2}"#, 0, 2),
            (.chatCompletions, #"{"prompt_tokens":1,"completion_tokens":9223372036854775807}"#, 1, 0),
        ] as [(Endpoint, String, Int, Int)]
    )
    func usageIsReadUnderTheNamesOfTheEndpoint(
        _ endpoint: Endpoint,
        _ usage: String,
        _ prompt: Int,
        _ completion: Int
    ) throws {
        let assessment = endpoint.assess(try json(#"{"usage":\#(usage)}"#))
        #expect(assessment.usage == TokenUsage(promptTokens: prompt, completionTokens: completion))
    }

    @Test(arguments: ["{}", #"{"usage":null}"#, #"{"usage":{}}"#, #"{"usage":{"prompt_tokens":"7"}}"#, "[]"])
    func anAnswerThatCountsNothingHasNoUsage(_ response: String) throws {
        for endpoint in Endpoint.allCases {
            #expect(endpoint.assess(try json(response)).usage == nil)
        }
    }
}
