import SemanticCache
import Testing

/// Identifiers of tool calls are random per call: only which of them are the same counts.
@Suite struct CallIdentifierTests {
    private static func loop(_ first: String, _ second: String, _ answers: [String]) -> String {
        let calls = [first, second].map {
            #"{"id":"\#($0)","type":"function","function":{"name":"f","arguments":"{}"}}"#
        }
        let results = answers.map { #"{"role":"tool","tool_call_id":"\#($0)","content":"x"}"# }
        let messages = [#"{"role":"assistant","tool_calls":[\#(calls.joined(separator: ","))]}"#] + results
        return #"{"messages":[\#(messages.joined(separator: ","))]}"#
    }

    @Test func renamedIdentifiersAreTheSame() throws {
        let plain = try canonical(Self.loop("call_a", "call_b", ["call_a", "call_b"]))
        #expect(try canonical(Self.loop("x1", "x2", ["x1", "x2"])).fingerprint == plain.fingerprint)
        #expect(try canonical(Self.loop(#"\u0078\n"#, "é", [#"x\n"#, "\u{E9}"])).fingerprint == plain.fingerprint)
        #expect(try canonical(Self.loop("1", "0", ["1", "0"])).fingerprint == plain.fingerprint)
    }

    @Test func otherReferencesDiffer() throws {
        let loops = [
            ["a", "b"], ["b", "a"], ["a", "a"], ["b", "b"], ["a", "c"], ["c", "d"], ["c", "c"], ["a"], ["b"], [],
        ]
        let prints = try loops.map { try canonical(Self.loop("a", "b", $0)).fingerprint }
        #expect(Set(prints).count == loops.count)
        #expect(try !prints.contains(canonical(Self.loop("a", "a", ["a", "a"])).fingerprint))
    }

    @Test func anthropicIdentifiersAreRenumbered() throws {
        func loop(_ use: String, _ result: String) -> String {
            #"{"messages":[{"role":"assistant","content":[{"type":"tool_use","id":"\#(use)","name":"f","input":{"id":"\#("fixed")"}}]},"#
                + #"{"role":"user","content":[{"type":"tool_result","tool_use_id":"\#(result)","content":"x"}]}]}"#
        }
        #expect(
            try canonical(loop("a", "a"), .messages).fingerprint == canonical(loop("b", "b"), .messages).fingerprint
        )
        #expect(
            try canonical(loop("a", "a"), .messages).fingerprint != canonical(loop("a", "b"), .messages).fingerprint
        )
        let other = loop("a", "a").replacing("fixed", with: "other")
        #expect(try canonical(loop("a", "a"), .messages).fingerprint != canonical(other, .messages).fingerprint)
    }

    @Test func responsesIdentifiersAreRenumberedWhateverTheOrderOfMembers() throws {
        let first =
            #"{"type":"function_call","id":"fc_1","call_id":"c_1","name":"f","arguments":"{}"},{"type":"function_call_output","call_id":"c_1","output":"x"}"#
        let second =
            #"{"call_id":"c_9","name":"f","arguments":"{}","id":"fc_8","type":"function_call"},{"output":"x","call_id":"c_9","type":"function_call_output"}"#
        let third =
            #"{"type":"function_call","id":"fc_1","call_id":"c_1","name":"f","arguments":"{}"},{"type":"function_call_output","call_id":"fc_1","output":"x"}"#
        let prints = try [first, second, third].map { try canonical(#"{"input":[\#($0)]}"#, .responses).fingerprint }
        #expect(prints[0] == prints[1])
        #expect(prints[0] != prints[2])
    }

    @Test func thousandsOfIdentifiersAreToldApart() throws {
        func request(_ prefix: String, swapping pair: (Int, Int)? = nil) -> String {
            var ids = (0..<5000).map { "\(prefix)\($0)" }
            var text = ids.map { #"{"role":"assistant","tool_calls":[{"id":"\#($0)"}]}"# }
            if let pair { ids.swapAt(pair.0, pair.1) }
            text += ids.map { #"{"role":"tool","tool_call_id":"\#($0)","content":""}"# }
            return #"{"messages":[\#(text.joined(separator: ","))]}"#
        }
        #expect(try canonical(request("a")).fingerprint == canonical(request("bcd")).fingerprint)
        for pair in [(3, 15), (15, 16), (17, 4000), (4500, 4999)] {
            #expect(try canonical(request("a")).fingerprint != canonical(request("a", swapping: pair)).fingerprint)
        }
    }

    @Test func argumentsOfCallsAreVerbatim() throws {
        func call(_ arguments: String) -> String {
            #"{"messages":[{"role":"assistant","tool_calls":[{"id":"a","function":{"name":"f","arguments":"\#(arguments)"}}]}]}"#
        }
        #expect(try canonical(call(#"{\"a\":1}"#)).fingerprint != canonical(call(#"{\"a\": 1}"#)).fingerprint)
        #expect(try canonical(call(#"{\"a\":1}"#)).fingerprint != canonical(call(#" {\"a\":1}"#)).fingerprint)
        #expect(try canonical(call(#"{\"a\":1}"#)).fingerprint == canonical(call(#"{\u0022a\u0022:1}"#)).fingerprint)
    }
}
