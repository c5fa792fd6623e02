import JSONScanning
import SemanticCache
import Testing

@Suite struct PromptRequestTests {
    private func canonical(_ text: String) throws -> CanonicalRequest {
        try Canonicalizer().canonicalize(
            try JSONDocument(Array(text.utf8)).root,
            endpoint: .prompts,
            namespace: .default,
            keepsBytes: true,
            derivesPartition: true
        )
    }

    @Test(arguments: [
        (#"{"prompt":"Reset my PASSWORD"}"#, #"{"prompt":"reset My password"}"#),
        (#"{"prompt":" ÄRGER\n"}"#, #"{"attributes":{},"prompt":"ärger"}"#),
        (#"{"prompt":"A","attributes":{"a":"1","b":"2"}}"#, #"{"attributes":{"b":"2","a":"1"},"prompt":"a"}"#),
        (#"{"prompt":"a \"B\" \\ C"}"#, #"{"prompt":"A \u0022b\u0022 \\ c"}"#),
    ])
    func theSamePromptButForItsCaseIsTheSameRequest(_ left: String, _ right: String) throws {
        #expect(try canonical(left).fingerprint == canonical(right).fingerprint)
    }

    @Test(arguments: [
        (#"{"prompt":"a b"}"#, #"{"prompt":"a  b"}"#),
        (#"{"prompt":"a","attributes":{"a":"x"}}"#, #"{"prompt":"a","attributes":{"a":"X"}}"#),
        (#"{"prompt":"a","attributes":{"a":"x"}}"#, #"{"prompt":"a","attributes":{"A":"x"}}"#),
        (#"{"prompt":"a","attributes":{"a":"x"}}"#, #"{"prompt":"a"}"#),
        (#"{"prompt":"a","model":"m"}"#, #"{"prompt":"a"}"#),
    ])
    func allElseCounts(_ left: String, _ right: String) throws {
        #expect(try canonical(left).fingerprint != canonical(right).fingerprint)
    }

    @Test func attributesDoNotPartTexts() throws {
        let plain = try canonical(#"{"prompt":"What is DNS?"}"#)
        let marked = try canonical(#"{"prompt":"What is DNS?","attributes":{"user":"a"}}"#)
        #expect(plain.semantic == marked.semantic)
        guard case .eligible("What is DNS?", _) = plain.semantic else {
            Issue.record("the text is not compared as it was sent")
            return
        }
        #expect(try canonical(#"{"prompt":"What is DNS?","model":"m"}"#).semantic != plain.semantic)
        #expect(marked.attributes == [Attribute(name: "user", value: "a")])
        #expect(
            String(decoding: marked.canonicalBytes, as: UTF8.self)
                == #"{"attributes":{"user":"a"},"prompt":"what is dns?"}"#
        )
    }

    @Test(arguments: [
        (#"{"prompt":"a","attributes":["x"]}"#, "$.attributes"),
        (#"{"prompt":"a","attributes":{"x":1}}"#, "$.attributes.x"),
        (#"{"prompt":"a","attributes":{"x":""}}"#, "$.attributes.x"),
        (#"{"prompt":"a","attributes":{"x y":"1"}}"#, "$.attributes"),
        (#"{"prompt":"a","attributes":{"a":"1","b":"1","c":"1","d":"1","e":"1","f":"1"}}"#, "$.attributes"),
        (#"{"prompt":["a"]}"#, "$.prompt"),
        (#"{"attributes":{}}"#, "$"),
    ])
    func whatIsNoPromptIsRefusedWithItsPlace(_ text: String, _ path: String) {
        #expect { try canonical(text) } throws: { ($0 as? RequestError)?.path == path }
    }

    @Test func aTagIsReadableUnlessItIsLong() {
        #expect(Attribute(name: "user", value: "a=b").tag == "user=a=b")
        for value in [String(repeating: "x", count: 300), "two\nlines", "sha256:0"] {
            let tag = Attribute(name: "user", value: value).tag
            #expect(tag.hasPrefix("user=sha256:"))
            #expect(tag.utf8.count == 5 + 7 + 64)
        }
    }

    @Test func anEntrysResponseIsReadBack() throws {
        let prompt = Prompt(text: "a \"b\"\n", attributes: [Attribute(name: "n", value: "ü, \u{1}")])
        let answer = PromptAnswer(prompt: prompt, response: "r\\")
        #expect(PromptAnswer(response: answer.entryResponse) == answer)
        #expect(Prompt(request: try JSONDocument(prompt.request).root) == prompt)
        #expect(PromptAnswer(response: Array("{}".utf8)) == nil)
    }
}
