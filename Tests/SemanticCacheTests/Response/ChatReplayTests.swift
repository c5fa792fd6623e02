import JSONScanning
import SemanticCache
import Testing

struct ChatReplayTests {
    /// The chunks of a replay, without the end.
    static func chunks(_ answer: String, includesUsage: Bool = true) throws -> [JSONValue] {
        try replayed(answer, .chatCompletions, includesUsage: includesUsage).dropLast().map { try json($0.data) }
    }

    @Test func everyChunkNamesTheAnswer() throws {
        for chunk in try Self.chunks(Answers.chats[1]) {
            #expect(chunk["id"]?.string == "chatcmpl-B9")
            #expect(chunk["object"]?.string == "chat.completion.chunk")
            #expect(chunk["created"]?.int == 1_741_569_952)
            #expect(chunk["model"]?.string == "gpt-4o")
            #expect(chunk["system_fingerprint"]?.string == "fp_50cad")
        }
    }

    @Test func whatElseTheAnswerSaysIsInTheFirstChunkAlone() throws {
        let chunks = try Self.chunks(Answers.chats[8])
        for name in ["provider", "citations", "prompt_filter_results"] {
            #expect(chunks.map { chunk in chunk.members.contains { $0.name == name } } == [true, false, false, false])
        }
    }

    @Test func aChoiceBeginsWithItsRoleAndEndsWithItsFinishReason() throws {
        let choices = try Self.chunks(Answers.chats[0], includesUsage: false).map { $0["choices"]?.elements.first }
        #expect(choices.count == 3)
        let deltas = choices.map { $0?["delta"].map(JSONTree.init) }
        #expect(
            deltas == [
                try tree(#"{"role":"assistant","content":"","refusal":null,"annotations":[]}"#),
                try tree(#"{"content":"Hello"}"#), try tree("{}"),
            ]
        )
        #expect(choices.map { $0?["finish_reason"]?.string } == [nil, nil, "stop"])
        #expect(choices.allSatisfy { $0?["finish_reason"] != nil && $0?["index"]?.int == 0 })
    }

    @Test func usageComesLastAndOnlyWhenAskedFor() throws {
        let with = try Self.chunks(Answers.chats[0])
        #expect(with.last?["choices"]?.elements.isEmpty == true)
        #expect(with.last?["usage"]?["prompt_tokens"]?.int == 9)
        #expect(with.dropLast().allSatisfy { $0["usage"]?.isNull == true })
        let without = try Self.chunks(Answers.chats[0], includesUsage: false)
        #expect(without.count == with.count - 1)
        #expect(without.allSatisfy { $0["usage"] == nil })
    }

    @Test func aLongTextComesInAtMostTwentyPieces() throws {
        let contents = try Self.chunks(Answers.chats[1])
            .compactMap { $0["choices"]?.elements.first?["delta"]?["content"]?.string }
        #expect((3...21).contains(contents.count))
        #expect(Array(contents.joined().utf8) == Array(Answers.longText.utf8))
    }

    @Test func aToolCallBeginsWithItsNameAndItsArgumentsFollow() throws {
        let calls = try Self.chunks(Answers.chats[3])
            .compactMap { $0["choices"]?.elements.first?["delta"]?["tool_calls"]?.elements.first }
        #expect(
            JSONTree(try #require(calls.first))
                == (try tree(
                    #"{"index":0,"id":"call_a","type":"function","function":{"name":"get_weather","arguments":""}}"#
                ))
        )
        #expect(JSONTree(calls[1]) == (try tree(#"{"index":0,"function":{"arguments":"{\"city\":\"Paris\"}"}}"#)))
        #expect(Set(calls.map { $0["index"]?.int }) == [0, 1, 2, 3])
    }

    @Test func reasoningIsReplayedBeforeTheContent() throws {
        let deltas = try Self.chunks(Answers.chats[6]).compactMap { $0["choices"]?.elements.first?["delta"] }
        let reasoning = deltas.compactMap { $0["reasoning_content"]?.string }
        #expect(Array(reasoning.joined().utf8) == Array(Answers.longText.utf8))
        let lastReasoning = try #require(deltas.lastIndex { $0["reasoning_content"] != nil })
        let firstContent = try #require(deltas.firstIndex { $0["content"]?.string == "Yes" })
        #expect(lastReasoning < firstContent)
    }

    @Test func logProbabilitiesGoWithTheFirstPiece() throws {
        let choices = try Self.chunks(Answers.chats[8], includesUsage: false).map { $0["choices"]?.elements.first }
        #expect(choices.map { $0?["logprobs"]?["content"]?.elements.count } == [nil, 2, nil])
        #expect(choices.allSatisfy { $0?["logprobs"] != nil })
    }

    @Test func aCompletionIsChunksOfText() throws {
        let chunks = try replayed(Answers.completions[0], .completions).dropLast().map { try json($0.data) }
        #expect(chunks.allSatisfy { $0["object"]?.string == "text_completion" })
        #expect(chunks.map { $0["choices"]?.elements.first?["text"]?.string } == [" a\nb", "", nil])
        #expect(chunks.map { $0["choices"]?.elements.first?["finish_reason"]?.string } == [nil, "stop", nil])
    }
}
