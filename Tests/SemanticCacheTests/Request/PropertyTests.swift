import JSONScanning
import SemanticCache
import SemanticCacheTesting
import Testing

/// What holds for all requests, tried on some thousands with a fixed seed.
@Suite struct PropertyTests {
    /// Requests in which every scalar counts.
    static let corpus: [(String, Endpoint)] = [
        (
            #"{"model":"gpt-4o","messages":[{"role":"system","content":"Be terse."},{"role":"user","content":"Zürich\nor \"日本\"? 😀"}],"temperature":0.3,"max_tokens":256,"seed":9007199254740993,"stop":["\n\n","END"],"x":{"a":[true,null,{"b":1.25e-3}]}}"#,
            .chatCompletions
        ),
        (
            #"{"model":"gpt-4o","messages":[{"role":"user","content":[{"type":"text","text":"What is this?"},{"type":"image_url","image_url":{"url":"https://a/b.png","detail":"low"}}]}],"tools":[{"type":"function","function":{"name":"f","description":"d","parameters":{"type":"object","properties":{"city":{"type":"string","enum":["a",null],"default":null}},"required":["city"],"additionalProperties":false}}}],"logprobs":true,"top_logprobs":3,"n":2}"#,
            .chatCompletions
        ),
        (
            #"{"model":"gpt-3.5-turbo-instruct","prompt":[" Once upon\r\n","e\u0301"],"max_tokens":5,"echo":true,"logprobs":2}"#,
            .completions
        ),
        (
            #"{"model":"text-embedding-3-small","input":["a","b "],"dimensions":256,"encoding_format":"base64"}"#,
            .embeddings
        ),
        (
            #"{"model":"gpt-5","instructions":"Be kind","input":[{"role":"user","content":"hi"},{"type":"item_reference","id":"x"},{"type":"function_call_output","output":"{\"t\": 12}"}],"reasoning":{"effort":"low"},"max_output_tokens":64}"#,
            .responses
        ),
        (
            #"{"model":"claude-sonnet-4-5","max_tokens":1024,"system":"Be kind.","messages":[{"role":"user","content":"q"},{"role":"assistant","content":[{"type":"tool_use","name":"f","input":{"id":"x","a":[1,2.5,null]}}]},{"role":"user","content":[{"type":"tool_result","content":"12 °C","is_error":true}]}],"top_k":5,"thinking":{"type":"enabled","budget_tokens":1024}}"#,
            .messages
        ),
    ]

    @Test(arguments: corpus + FingerprintTests.golden.map { ($0.request, $0.endpoint) })
    func respelledRequestsAreTheSame(_ text: String, _ endpoint: Endpoint) throws {
        let canonicalizer = Canonicalizer()
        let value = try JSONDocument(Array(text.utf8)).root
        let expected = try canonicalizer.canonicalize(value, endpoint: endpoint, namespace: .default, keepsBytes: true)
        for seed in 0..<UInt64(1000) {
            let respelled = Respelling.of(value, seed: seed)
            let request = try canonicalizer.canonicalize(
                JSONDocument(respelled).root,
                endpoint: endpoint,
                namespace: .default,
                keepsBytes: true
            )
            if request.fingerprint != expected.fingerprint || request.canonicalBytes != expected.canonicalBytes {
                Issue.record("seed \(seed): \(String(decoding: respelled, as: UTF8.self))")
                return
            }
        }
    }

    @Test(arguments: corpus + FingerprintTests.golden.map { ($0.request, $0.endpoint) })
    func canonicalBytesAreTheirOwnCanonicalForm(_ text: String, _ endpoint: Endpoint) throws {
        let once = try canonical(text, endpoint)
        let again = try canonical(String(decoding: once.canonicalBytes, as: UTF8.self), endpoint)
        #expect(again.canonicalBytes == once.canonicalBytes)
        #expect(again.fingerprint == once.fingerprint)
        #expect(again.semantic == once.semantic)
    }

    @Test(arguments: corpus)
    func changingAnyScalarOrNameChangesTheFingerprint(_ text: String, _ endpoint: Endpoint) throws {
        let canonicalizer = Canonicalizer()
        let document = try JSONDocument(Array(text.utf8))
        var prints: Set<Fingerprint> = [try canonical(text, endpoint).fingerprint]
        var changes = 0
        for node in document.nodes {
            var changed = document.bytes
            let range = Int(node.lowerBound)..<Int(node.upperBound)
            switch node.kind {
            case .null: changed.replaceSubrange(range, with: "7".utf8)
            case .true: changed.replaceSubrange(range, with: "false".utf8)
            case .false: changed.replaceSubrange(range, with: "true".utf8)
            case .number: changed.replaceSubrange(range, with: "13.5".utf8)
            case .string: changed.insert(contentsOf: "~".utf8, at: range.upperBound)
            case .array, .object: continue
            }
            changes += 1
            let root = try JSONDocument(changed).root
            do throws(RequestError) {
                let request = try canonicalizer.canonicalize(root, endpoint: endpoint, namespace: .default)
                if !prints.insert(request.fingerprint).inserted {
                    Issue.record("\(String(decoding: changed, as: UTF8.self))")
                }
            } catch {
                // The name of the member that the endpoint requires was changed.
                #expect(error.path == "$")
            }
        }
        #expect(changes > 8)
    }

    @Test func arbitraryBytesNeverCrash() throws {
        let canonicalizer = Canonicalizer()
        var canonicalized = 0
        for number in 0..<20_000 {
            var random = SeededGenerator(seed: UInt64(number))
            let (text, endpoint) = Self.corpus[random.below(Self.corpus.count)]
            var bytes = Array(text.utf8)
            let telling = Array(#"{}[]",:\nue01-.t~ "#.utf8)
            for _ in 0..<1 + random.below(3) {
                bytes[random.below(bytes.count)] = telling[random.below(telling.count)]
            }
            guard let document = try? JSONDocument(bytes),
                let request = try? canonicalizer.canonicalize(
                    document.root,
                    endpoint: endpoint,
                    namespace: .default,
                    keepsBytes: true,
                    derivesPartition: true
                )
            else { continue }
            canonicalized += 1
            let root = try JSONDocument(request.canonicalBytes).root
            let again = try canonicalizer.canonicalize(root, endpoint: endpoint, namespace: .default)
            if again.fingerprint != request.fingerprint {
                Issue.record("seed \(number): \(String(decoding: bytes, as: UTF8.self))")
                return
            }
        }
        #expect(canonicalized > 4000)
    }
}
