import JSONScanning
import SemanticCache
import Testing

/// What holds for the replays of every endpoint.
struct StreamReplayTests {
    @Test(arguments: Answers.all)
    func aReplayPutTogetherIsTheAnswer(_ endpoint: Endpoint, _ answer: String) throws {
        #expect(endpoint.assess(try json(answer)).refusal == nil)
        let events = try replayed(answer, endpoint)
        #expect(JSONTree(try assembled(events.map(\.data), endpoint)) == (try tree(answer)))
    }

    @Test(arguments: Answers.all)
    func everyEventIsJSONUnderItsName(_ endpoint: Endpoint, _ answer: String) throws {
        var events = try replayed(answer, endpoint)
        if endpoint == .chatCompletions || endpoint == .completions {
            #expect(events.removeLast().data == "[DONE]")
            #expect(events.allSatisfy { $0.name == nil })
        }
        for event in events {
            let type = try json(event.data)["type"]?.string
            #expect(event.name == type)
        }
    }

    @Test(
        arguments: [
            (.chatCompletions, "[]"), (.chatCompletions, "{}"), (.chatCompletions, #"{"choices":["a"]}"#),
            (.chatCompletions, #"{"choices":[{"text":"a"}]}"#), (.completions, #"{"choices":[{"message":{}}]}"#),
            (.messages, #"{"content":"a"}"#), (.messages, "null"), (.responses, #"{"output":{}}"#),
        ] as [(Endpoint, String)]
    )
    func whatIsNoAnswerOfTheEndpointIsNotReplayed(_ endpoint: Endpoint, _ answer: String) throws {
        let error = #expect(throws: StreamError.self) { try replayed(answer, endpoint) }
        guard case .invalidResponse? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test func aStreamOutOfProportionIsNotWritten() throws {
        // Each of many choices would repeat a very long id.
        let choice = #"{"message":{"content":"a"},"finish_reason":"stop"}"#
        let choices = Array(repeating: choice, count: 1000).joined(separator: ",")
        let answer = #"{"id":"\#(String(repeating: "x", count: 50000))","choices":[\#(choices)]}"#
        #expect(throws: StreamError.invalidResponse(message: "the answer's stream is out of proportion")) {
            try replayed(answer, .chatCompletions)
        }
    }
}
