import CacheAPI
import JSONScanning

/// One recorded request: `{request, endpoint?, namespace?, label?, group?, response?, answer?, ttl?, at?}`.
///
/// Other members are ignored, so that a log can be replayed as it is.
struct ReplayLine: Sendable {
    /// What is looked up.
    var lookup: LookupBody
    /// The model that the request names.
    var model: String?
    /// What tells which answers fit: `label` or `group`, and the text of `answer` or `response`.
    var meaning: Meaning
    /// An answer that the server can be given with the request: the recorded one when it is whole.
    var storable: JSONText
    /// Tokens that the upstream counted.
    var usage: (prompt: Int, completion: Int)?
    /// Seconds that its answer would live.
    var timeToLive: Int?
    /// When it was asked, seconds since 1970.
    var at: Double?

    /// Reads a line.
    init(_ bytes: [UInt8]) throws(LineFault) {
        let line = try LineObject(bytes)
        lookup = LookupBody(
            namespace: try line.string("namespace"),
            endpoint: try line.string("endpoint"),
            request: try line.required("request", .object, "an object")
        )
        model = line.root["request"]?["model"]?.string
        let response = line.present("response")
        let recorded = response.flatMap(AnswerText.of)
        let answer = try line.string("answer") ?? recorded
        let group = try ReplayLine.label(line, "group")
        meaning = Meaning(
            label: try ReplayLine.label(line, "label") ?? group,
            answer: answer.flatMap(AnswerDigest.init)
        )
        storable =
            response.flatMap { ReplayLine.isWhole($0) ? JSONText($0) : nil }
            ?? RecordedAnswer.json(answer ?? "Recorded.", endpoint: lookup.endpoint)
        usage = response?["usage"].flatMap(ReplayLine.usage)
        timeToLive = try line.integer("ttl", atLeast: 1)
        at = try line.present("at").map { value throws(LineFault) in
            guard let seconds = value.double ?? value.string.flatMap(TimeText.rfc3339), seconds.isFinite else {
                throw LineFault("$.at: must be an RFC 3339 time or seconds since 1970")
            }
            return seconds
        }
    }

    private static func label(_ line: LineObject, _ name: StaticString) throws(LineFault) -> String? {
        guard let value = line.present(name) else { return nil }
        switch value.kind {
        case .string: return value.string
        case .number, .true, .false: return String(decoding: value.rawBytes, as: UTF8.self)
        default: throw LineFault("$.\(name): must be a string, number or Boolean")
        }
    }

    /// Whether a response is more than its token counts: logs often keep no more of it.
    private static func isWhole(_ response: JSONValue) -> Bool {
        response.kind == .object
            && (response["choices"] != nil || response["content"] != nil || response["output"] != nil
                || response["error"] != nil)
    }

    private static func usage(_ value: JSONValue) -> (prompt: Int, completion: Int)? {
        let prompt = value["prompt_tokens"] ?? value["input_tokens"]
        let completion = value["completion_tokens"] ?? value["output_tokens"]
        guard let prompt = prompt?.int, prompt >= 0 else { return nil }
        return (prompt, max(0, completion?.int ?? 0))
    }
}

/// An answer made for a request whose own was not recorded, or not whole.
enum RecordedAnswer {
    /// A plain-text answer in the shape of the endpoint's API; nil is chat completions.
    static func json(_ text: String, endpoint: String?) -> JSONText {
        var writer = JSONWriter()
        writer.string(text)
        let quoted = String(decoding: writer.bytes, as: UTF8.self)
        let json =
            switch endpoint {
            case "completions":
                #"{"object":"text_completion","choices":[{"index":0,"text":\#(quoted),"finish_reason":"stop"}]}"#
            case "messages":
                #"{"type":"message","role":"assistant","content":[{"type":"text","text":\#(quoted)}],"stop_reason":"end_turn"}"#
            case "responses":
                #"{"object":"response","status":"completed","output":[{"type":"message","role":"assistant","#
                    + #""content":[{"type":"output_text","text":\#(quoted)}]}]}"#
            default:
                #"{"object":"chat.completion","choices":[{"index":0,"message":{"role":"assistant","content":\#(quoted)},"#
                    + #""finish_reason":"stop"}]}"#
            }
        return JSONText(valid: Array(json.utf8))
    }
}
