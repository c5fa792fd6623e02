import CacheAPI
import JSONScanning

/// One recorded request: `{request, endpoint?, namespace?, label?, response?, ttl?, at?}`.
///
/// Other members are ignored, so that a log can be replayed as it is.
struct ReplayLine: Sendable {
    /// What is looked up.
    var lookup: LookupBody
    /// The model that the request names.
    var model: String?
    /// What the request means; two requests with different labels have different answers.
    var label: String?
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
        label = try ReplayLine.label(line.present("label"))
        usage = line.present("response")?["usage"].flatMap(ReplayLine.usage)
        timeToLive = try line.integer("ttl", atLeast: 1)
        at = try line.present("at").map { value throws(LineFault) in
            guard let seconds = value.double ?? value.string.flatMap(TimeText.rfc3339), seconds.isFinite else {
                throw LineFault("$.at: must be an RFC 3339 time or seconds since 1970")
            }
            return seconds
        }
    }

    private static func label(_ value: JSONValue?) throws(LineFault) -> String? {
        guard let value else { return nil }
        switch value.kind {
        case .string: return value.string
        case .number, .true, .false: return String(decoding: value.rawBytes, as: UTF8.self)
        default: throw LineFault("$.label: must be a string, number or Boolean")
        }
    }

    private static func usage(_ value: JSONValue) -> (prompt: Int, completion: Int)? {
        let prompt = value["prompt_tokens"] ?? value["input_tokens"]
        let completion = value["completion_tokens"] ?? value["output_tokens"]
        guard let prompt = prompt?.int, prompt >= 0 else { return nil }
        return (prompt, max(0, completion?.int ?? 0))
    }
}
