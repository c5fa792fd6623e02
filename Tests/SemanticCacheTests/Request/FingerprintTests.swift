import Crypto
import JSONScanning
import SemanticCache
import Testing

/// The fingerprints of version 1: entries in Redis are found by them, so that a change here needs a new version.
@Suite struct FingerprintTests {
    struct Golden: Sendable {
        let endpoint: Endpoint
        let namespace: String
        let request: String
        let canonical: String
        let fingerprint: String
    }

    static let golden: [Golden] = [
        Golden(
            endpoint: .chatCompletions,
            namespace: "default",
            request: #"{"model":"gpt-4o","messages":[{"role":"user","content":"Hello"}]}"#,
            canonical: #"{"messages":[{"content":"Hello","role":"user"}],"model":"gpt-4o"}"#,
            fingerprint: "12c66b3326a50ef60e0860f7b577a61f7b75874013a0a69e84448f6a8ec3d3e6"
        ),
        Golden(
            endpoint: .chatCompletions,
            namespace: "support",
            request:
                #"{"model":"gpt-4o","stream":true,"user":"u","messages":[{"role":"system","content":" Be terse.\r\n"},{"role":"user","content":[{"type":"text","text":"Z\u0075\u0308rich?"}]}],"temperature":1.0,"top_p":0.50,"seed":9007199254740993}"#,
            canonical:
                #"{"messages":[{"content":"Be terse.","role":"system"},{"content":"Zürich?","role":"user"}],"model":"gpt-4o","seed":9007199254740993,"top_p":0.5}"#,
            fingerprint: "0b6b7677c30fbde3a81400959ca9731b0d44372e5234027b0c82f0db22aaa1bf"
        ),
        Golden(
            endpoint: .chatCompletions,
            namespace: "default",
            request:
                #"{"model":"m","messages":[{"role":"assistant","content":null,"tool_calls":[{"id":"call_x","type":"function","function":{"name":"f","arguments":"{\"a\": 1}"}}]},{"role":"tool","tool_call_id":"call_x","content":"12"}],"tools":[{"type":"function","function":{"name":"f","parameters":{"default":null}}}]}"#,
            canonical:
                #"{"messages":[{"role":"assistant","tool_calls":[{"function":{"arguments":"{\"a\": 1}","name":"f"},"id":"0","type":"function"}]},{"content":"12","role":"tool","tool_call_id":"0"}],"model":"m","tools":[{"function":{"name":"f","parameters":{"default":null}},"type":"function"}]}"#,
            fingerprint: "bec1d61b039441b8aec8549ee7b77fb31b52298884f4e3540f2957f3e4f22db6"
        ),
        Golden(
            endpoint: .completions,
            namespace: "default",
            request: #"{"prompt":" Once\r\n","model":"m","max_tokens":1.6e1}"#,
            canonical: #"{"max_tokens":16,"model":"m","prompt":" Once\r\n"}"#,
            fingerprint: "b2dd9c01ae1b5e062f05ef967d69e432bfcdbeaae44e822c409127bdd7b175c7"
        ),
        Golden(
            endpoint: .responses,
            namespace: "default",
            request:
                #"{"model":"m","instructions":" Be kind ","input":[{"type":"function_call","id":"fc_1","call_id":"c_1","name":"f","arguments":"{}"},{"type":"function_call_output","call_id":"c_1","output":"x"},{"role":"user","content":[{"type":"input_text","text":"Hi "}]}],"store":false}"#,
            canonical:
                #"{"input":[{"arguments":"{}","call_id":"0","id":"1","name":"f","type":"function_call"},{"call_id":"0","output":"x","type":"function_call_output"},{"content":"Hi","role":"user"}],"instructions":"Be kind","model":"m"}"#,
            fingerprint: "fb1de3f8edda7d7b20be9e8311bc77d5195f8a1fea316f19968cf051146a33ef"
        ),
        Golden(
            endpoint: .messages,
            namespace: "default",
            request:
                #"{"model":"claude","max_tokens":1e3,"system":[{"type":"text","text":"Be kind.","cache_control":{"type":"ephemeral"}}],"messages":[{"role":"assistant","content":[{"type":"tool_use","id":"t1","name":"f","input":{"x":null}}]},{"role":"user","content":[{"type":"tool_result","tool_use_id":"t1","content":[{"type":"text","text":"ok"}]}]}],"metadata":{"user_id":"u"}}"#,
            canonical:
                #"{"max_tokens":1000,"messages":[{"content":[{"id":"0","input":{"x":null},"name":"f","type":"tool_use"}],"role":"assistant"},{"content":[{"content":"ok","tool_use_id":"0","type":"tool_result"}],"role":"user"}],"model":"claude","system":"Be kind."}"#,
            fingerprint: "1ee847a8d6f494b4dcfaba913fbd4b2e915fb1b03e5f2095ad3db90a122922b3"
        ),
        Golden(
            endpoint: .embeddings,
            namespace: "a.b-c",
            request: #"{"model":"e","input":["a"," b"],"encoding_format":"float","dimensions":256}"#,
            canonical: #"{"dimensions":256,"input":["a"," b"],"model":"e"}"#,
            fingerprint: "0b478e9b09706e6d6db59e81d566872b1b87be5ad6d6d68d6cbbc2d75902b41a"
        ),
    ]

    @Test(arguments: golden)
    func fingerprintIsStable(_ golden: Golden) throws {
        let request = try canonical(golden.request, golden.endpoint, namespace: #require(Namespace(golden.namespace)))
        #expect(String(decoding: request.canonicalBytes, as: UTF8.self) == golden.canonical)
        #expect(request.fingerprint.hex == golden.fingerprint)
    }

    @Test func versionIsOne() {
        #expect(Canonicalizer.version == "semcached/1")
    }

    @Test func fingerprintDigestsThePartsWithTheirLengths() throws {
        let namespace = try #require(Namespace("support"))
        let request = try canonical(#"{"model":"m","input":"a"}"#, .embeddings, namespace: namespace)
        var hasher = SHA256()
        for part in ["semcached/1", "support", "embeddings", #"{"input":"a","model":"m"}"#] {
            withUnsafeBytes(of: UInt64(part.utf8.count).bigEndian) { hasher.update(bufferPointer: $0) }
            hasher.update(data: Array(part.utf8))
        }
        #expect(request.fingerprint == Fingerprint(bytes: Array(hasher.finalize())))
    }

    @Test func partitionDigestsWhatStandsAroundTheText() throws {
        let text = #"{"model":"m","messages":[{"role":"user","content":" a\n"}]}"#
        let request = try canonical(text, namespace: #require(Namespace("support")))
        var hasher = SHA256()
        let around = [#"{"messages":[{"content":"#, #","role":"user"}],"model":"m"}"#]
        for part in ["semcached/1 partition", "support", "chat.completions"] + around {
            withUnsafeBytes(of: UInt64(part.utf8.count).bigEndian) { hasher.update(bufferPointer: $0) }
            hasher.update(data: Array(part.utf8))
        }
        let digest = try #require(Fingerprint(bytes: Array(hasher.finalize())))
        #expect(request.semantic == .eligible(text: "a", partition: Partition(digest: digest)))
    }

    @Test func hexadecimalFormReadsBack() throws {
        let print = try canonical(#"{"messages":[]}"#).fingerprint
        #expect(Fingerprint(hex: print.hex) == print)
        #expect(Fingerprint(bytes: print.bytes) == print)
        #expect(print.hex.utf8.count == 64)
        #expect(print.bytes.first == print.firstByte)
        #expect(Fingerprint(hex: print.hex.uppercased()) == nil || print.hex.uppercased() == print.hex)
        #expect(Fingerprint(hex: print.hex.dropLast()) == nil)
        #expect(Fingerprint(bytes: print.bytes.dropLast()) == nil)
    }
}
