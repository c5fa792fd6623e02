import JSONScanning
import SemanticCache
import SemanticCacheTesting
import Testing

@Suite struct CanonicalRequestTests {
    @Test(arguments: [
        (#"{"messages":[],"temperature":0}"#, true), (#"{"messages":[],"temperature":0.0}"#, true),
        (#"{"messages":[],"temperature":-0e5}"#, true),
        (#"{"messages":[],"temperature":1e-400}"#, false), (#"{"messages":[],"temperature":0.1}"#, false),
        (#"{"messages":[]}"#, false),
        (#"{"messages":[],"temperature":null}"#, false), (#"{"messages":[],"seed":0}"#, true),
        (#"{"messages":[],"seed":null}"#, false),
        (#"{"messages":[],"temperature":1,"seed":7}"#, true),
    ])
    func requestIsDeterministicAtZeroTemperatureOrWithASeed(_ text: String, _ expected: Bool) throws {
        #expect(try canonical(text).isDeterministic == expected)
    }

    @Test(arguments: [
        (#"{"messages":[]}"#, false, false), (#"{"messages":[],"stream":true}"#, true, false),
        (#"{"messages":[],"stream":false}"#, false, false),
        (#"{"messages":[],"stream":true,"stream_options":{"include_usage":true}}"#, true, true),
        (#"{"messages":[],"stream":true,"stream_options":{"include_usage":false}}"#, true, false),
        (#"{"messages":[],"stream":true,"stream_options":{"include_usage":null,"x":1}}"#, true, false),
        (#"{"messages":[],"stream":null,"stream_options":null}"#, false, false),
        (#"{"messages":[],"str\u0065am":true}"#, true, false),
    ])
    func streamingIsRead(_ text: String, _ stream: Bool, _ usage: Bool) throws {
        let request = try canonical(text)
        #expect(request.wantsStream == stream)
        #expect(request.wantsStreamUsage == usage)
    }

    @Test(arguments: [
        (#"{"messages":[],"model":"gpt-4o"}"#, "gpt-4o"), (#"{"messages":[]}"#, ""),
        (#"{"messages":[],"model":"\u00e9\n"}"#, "é\n"),
    ])
    func modelIsRead(_ text: String, _ model: String) throws {
        #expect(try canonical(text).model == model)
    }

    @Test(arguments: [
        (
            #"{ "messages" : [ {"role":"user","content":[{"type":"text","text":" Hi!\r\n"}]} ], "temperature":1.0, "n":1, "stream":true, "seed":1e2 }"#,
            #"{"messages":[{"content":"Hi!","role":"user"}],"seed":100}"#
        ),
        (
            #"{"é":1,"z":2,"messages":[],"A":3,"\ud83d\ude00":4,"":5,"\uffee":6}"#,
            "{\"\":5,\"A\":3,\"messages\":[],\"z\":2,\"é\":1,\"\u{FFEE}\":6,\"😀\":4}"
        ),
        (
            #"{"messages":[],"x":{"abcdefgh2":1,"abcdefgh1":2,"abcdefgh":3,"abcdefg":4,"a\u0000":5,"a":6}}"#,
            #"{"messages":[],"x":{"a":6,"a\u0000":5,"abcdefg":4,"abcdefgh":3,"abcdefgh1":2,"abcdefgh2":1}}"#
        ),
        (
            #"{"messages":[{"tool_calls":[{"id":"z"},{"id":"y"}]},{"tool_call_id":"y"},{"tool_call_id":"?"}]}"#,
            #"{"messages":[{"tool_calls":[{"id":"0"},{"id":"1"}]},{"tool_call_id":"1"},{"tool_call_id":"2"}]}"#
        ),
    ])
    func canonicalBytesAreThese(_ text: String, _ expected: String) throws {
        #expect(try canonicalText(text) == expected)
    }

    @Test func membersOfLargeObjectsAreSorted() throws {
        for count in [2, 23, 24, 25, 26, 100, 3000] {
            var names = (0..<count).map { "member\($0)" }
            var random = SeededGenerator(seed: UInt64(count))
            names.shuffle(using: &random)
            let object = names.map { #""\#($0)":0"# }.joined(separator: ",")
            let sorted = names.sorted().map { #""\#($0)":0"# }.joined(separator: ",")
            #expect(try canonicalText(#"{"messages":[],"x":{\#(object)}}"#) == #"{"messages":[],"x":{\#(sorted)}}"#)
        }
    }

    @Test func deeplyNestedRequestsAreWritten() throws {
        let deep = String(repeating: #"{"\u0061":["#, count: 63) + "1.0" + String(repeating: "]}", count: 63)
        let plain = String(repeating: #"{"a":["#, count: 63) + "1" + String(repeating: "]}", count: 63)
        #expect(try canonicalText(#"{"messages":[],"x":\#(deep)}"#) == #"{"messages":[],"x":\#(plain)}"#)
    }

    @Test func buffersServeRequestsOfEverySize() throws {
        let canonicalizer = Canonicalizer()
        func print(_ count: Int, _ piece: String) throws -> Fingerprint {
            let text = #"{"messages":[{"role":"user","content":"\#(String(repeating: piece, count: count))!"}]}"#
            let request = try JSONDocument(Array(text.utf8)).root
            return try canonicalizer.canonicalize(request, endpoint: .chatCompletions, namespace: .default).fingerprint
        }
        let small = try print(1, "a")
        for piece in ["a", #"\n"#, #"\u0001"#, "é", "e\u{301}"] {
            let large = try print(700_000, piece)
            #expect(try print(1, "a") == small)
            #expect(try print(700_000, piece) == large)
        }
    }
}
