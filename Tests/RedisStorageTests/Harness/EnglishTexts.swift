import Foundation
import JSONScanning
import SemanticCache
import SemanticCacheTesting

/// Requests and answers in natural English, made of the questions in `Examples/data`, each text from others.
struct EnglishTexts {
    private let questions: [String]
    private var generator = SeededGenerator(seed: 7)

    init() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../..")
        let file = try String(contentsOf: root.appending(path: "Examples/data/questions.jsonl"), encoding: .utf8)
        questions = try file.split(separator: "\n").map { line in
            try JSONDocument(Array(line.utf8)).root["text"]?.string ?? ""
        }
    }

    private mutating func text(_ bytes: Int) -> String {
        var text = ""
        while text.utf8.count < bytes {
            if !text.isEmpty { text += " " }
            text += questions.randomElement(using: &generator) ?? ""
        }
        let plain = text.filter { $0.isASCII && $0 != "\"" && $0 != "\\" }
        return String(plain.prefix(bytes))
    }

    /// A chat request of about `requestBytes` and an answer whose text has `answerBytes`.
    mutating func entry(_ key: EntryKey, requestBytes: Int = 600, answerBytes: Int = 1500) -> NewEntry {
        let head =
            #"{"model":"gpt-4o-mini","messages":[{"role":"system","content":"You are the assistant of a bank. Be brief."},{"role":"user","content":""#
        let tail = #""}],"temperature":0.3}"#
        let request = head + text(max(0, requestBytes - head.utf8.count - tail.utf8.count)) + tail
        let id = String(generator.next(), radix: 36) + String(generator.next(), radix: 36)
        let response =
            #"{"id":"chatcmpl-\#(id)","object":"chat.completion","created":\#(1_700_000_000 + generator.next() % 50_000_000),"model":"gpt-4o-mini-2024-07-18","choices":[{"index":0,"message":{"role":"assistant","content":"\#(text(answerBytes))","refusal":null},"logprobs":null,"finish_reason":"stop"}],"usage":{"prompt_tokens":152,"completion_tokens":331,"total_tokens":483},"system_fingerprint":"fp_\#(String(generator.next(), radix: 16))"}"#
        return .sample(
            key,
            response: response,
            request: request,
            model: "gpt-4o-mini",
            usage: TokenUsage(promptTokens: 152, completionTokens: 331),
            cost: Money(nanodollars: 221_400)
        )
    }
}
