import JSONScanning

/// The stream of a chat answer.
enum ChatStream {
    /// Data payloads that carry the pieces of an answer.
    static func payloads(of pieces: [String]) -> [String] {
        for piece in pieces { Secrets.current.note(piece) }
        let deltas = [#"{"role":"assistant","content":""}"#] + pieces.map { #"{"content":"\#($0)"}"# }
        return deltas.map { chunk($0, "null") } + [chunk("{}", #""stop""#), "[DONE]"]
    }

    /// The text that data payloads carry.
    static func text(of payloads: [String]) throws -> String {
        try payloads.filter { $0 != "[DONE]" }.reduce(into: "") { text, payload in
            let json = try JSONDocument(Array(payload.utf8)).root
            for choice in json["choices"]?.elements ?? [] { text += choice["delta"]?["content"]?.string ?? "" }
        }
    }

    private static func chunk(_ delta: String, _ reason: String) -> String {
        #"{"id":"chatcmpl-9","object":"chat.completion.chunk","created":5,"model":"gpt-4o","#
            + #""choices":[{"index":0,"delta":\#(delta),"finish_reason":\#(reason)}]}"#
    }
}
