import CacheAPI
import JSONScanning
import Testing

@testable import SemcachectlCommands

@Suite struct RequestTemplateTests {
    private func request(_ template: String, _ question: String) throws -> String {
        let template = try RequestTemplate(JSONDocument(Array(template.utf8)))
        return Self.text(template.store(question, "a").request)
    }

    private static func text(_ json: JSONText?) -> String { String(decoding: json?.bytes ?? [], as: UTF8.self) }

    @Test(arguments: [
        (#"{"model":"m","messages":[{"role":"user","content":"x"}]}"#, #""q""#),
        (#"{ "messages": [{"content": "old \"words\"", "role": "user"}], "model": "m", "n": 1.0 }"#, #""q""#),
        (#"{"prompt":"","model":"m"}"#, #""q""#),
    ])
    func theQuestionStandsWhereTheOldOneStoodAndAllElseStays(template: String, question: String) throws {
        let old = template.contains("prompt") ? #""""# : template.contains("old") ? #""old \"words\"""# : #""x""#
        #expect(try request(template, "q") == template.replacing(old, with: question))
    }

    @Test func aQuestionIsEscaped() throws {
        let template = #"{"prompt":"","model":"m"}"#
        #expect(try request(template, "a \"b\"\n\\") == #"{"prompt":"a \"b\"\n\\","model":"m"}"#)
    }

    @Test(arguments: [
        ("{}", "$.model: must be a string"),
        (#"{"model":"m"}"#, "$: must have `messages`, or a string as its `prompt`"),
        (#"{"model":"m","prompt":["a"]}"#, "$: must have `messages`, or a string as its `prompt`"),
        (
            #"{"model":"m","messages":[]}"#,
            "$.messages: the last must be one of the user, and its content a string"
        ),
        (
            #"{"model":"m","messages":[{"role":"assistant","content":"x"}]}"#,
            "$.messages: the last must be one of the user, and its content a string"
        ),
        (
            #"{"model":"m","messages":[{"role":"user","content":[{"type":"text","text":"x"}]}]}"#,
            "$.messages: the last must be one of the user, and its content a string"
        ),
    ])
    func aTemplateWithoutAPlaceForTheQuestionIsRefused(template: String, message: String) throws {
        let document = try JSONDocument(Array(template.utf8))
        #expect(throws: LineFault(message)) { try RequestTemplate(document) }
    }

    @Test(arguments: [nil, "Be \"brief\"."])
    func aModelAndASystemPromptMakeAChatRequest(system: String?) throws {
        let text = RequestTemplate.text(model: "m", system: system)
        let store = try RequestTemplate(JSONDocument(text)).store("q", "a")
        let before = system == nil ? "" : #"{"role":"system","content":"Be \"brief\"."},"#
        #expect(
            Self.text(store.request)
                == #"{"model":"m","messages":[\#(before){"role":"user","content":"q"}]}"#
        )
        #expect(store.endpoint == "chat.completions")
        #expect(
            Self.text(store.response)
                == #"{"object":"chat.completion","model":"m","choices":[{"index":0,"message":"#
                + #"{"role":"assistant","content":"a"},"finish_reason":"stop"}]}"#
        )
    }
}
