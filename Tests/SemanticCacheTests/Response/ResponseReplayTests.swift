import JSONScanning
import SemanticCache
import Testing

struct ResponseReplayTests {
    static func events(_ answer: String) throws -> [JSONValue] {
        try replayed(answer, .responses).map { try json($0.data) }
    }

    @Test func aMessageIsSentAsOpenAISendsIt() throws {
        let events = try Self.events(Answers.responses[0])
        #expect(
            events.map { $0["type"]?.string } == [
                "response.created", "response.output_item.added", "response.content_part.added",
                "response.output_text.delta", "response.output_text.annotation.added", "response.output_text.done",
                "response.content_part.done", "response.content_part.added", "response.refusal.delta",
                "response.refusal.done", "response.content_part.done", "response.output_item.done",
                "response.completed",
            ]
        )
        #expect(events.map { $0["sequence_number"]?.int } == Array(0..<13))
        #expect(
            JSONTree(events[3])
                == (try tree(
                    #"{"type":"response.output_text.delta","sequence_number":3,"item_id":"msg_1","output_index":0,"#
                        + #""content_index":0,"delta":"Hi","logprobs":[]}"#
                ))
        )
        let item = #"{"id":"msg_1","type":"message","status":"in_progress","role":"assistant","content":[]}"#
        #expect(events[1]["item"].map(JSONTree.init) == (try tree(item)))
    }

    @Test func theFirstEventIsAResponseInProgress() throws {
        let response = try #require(Self.events(Answers.responses[0]).first?["response"])
        #expect(response["status"]?.string == "in_progress")
        #expect(response["output"]?.elements.isEmpty == true)
        #expect(response["usage"]?.isNull == true)
        #expect(response["model"]?.string == "gpt-4o")
    }

    @Test func deltasPutTogetherAreWhatTheirDoneEventSays() throws {
        let events = try Self.events(Answers.responses[1])
        var texts: [String] = []
        var text = ""
        for event in events {
            let type = event["type"]?.string ?? ""
            if type.hasSuffix(".delta") { text += event["delta"]?.string ?? "" }
            guard let whole = event["text"] ?? event["arguments"] ?? event["input"] else { continue }
            #expect(Array(text.utf8) == whole.stringBytes)
            texts.append(type)
            text = ""
        }
        #expect(
            texts == [
                "response.reasoning_summary_text.done", "response.function_call_arguments.done",
                "response.custom_tool_call_input.done", "response.output_text.done",
            ]
        )
    }
}
