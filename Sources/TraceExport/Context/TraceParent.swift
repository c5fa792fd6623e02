/// The header `traceparent` (W3C Trace Context, section 3.2).
enum TraceParent {
    /// The header's name.
    static let name = "traceparent"

    /// The context that a value says; nil when it is malformed, and then a new trace begins.
    ///
    /// Versions beyond 00 are read as far as version 00 goes, as the specification asks for.
    static func context(_ text: String) -> TraceContext? {
        let bytes = Array(text.utf8)
        guard bytes.count >= 55, bytes[2] == dash, bytes[35] == dash, bytes[52] == dash,
            let version = number(bytes[0..<2]), version != 0xFF,
            version == 0 ? bytes.count == 55 : bytes.count == 55 || bytes[55] == dash,
            let high = number(bytes[3..<19]), let low = number(bytes[19..<35]),
            let trace = TraceID(high: high, low: low),
            let span = number(bytes[36..<52]).flatMap({ SpanID($0) }),
            let flags = number(bytes[53..<55])
        else { return nil }
        return TraceContext(traceID: trace, spanID: span, isSampled: flags & 1 == 1, isRemote: true)
    }

    /// The value that says a context.
    static func text(_ context: TraceContext) -> String {
        "00-\(context.traceID.hex)-\(context.spanID.hex)-\(context.isSampled ? "01" : "00")"
    }

    private static let dash = UInt8(ascii: "-")

    private static func number(_ digits: ArraySlice<UInt8>) -> UInt64? {
        UInt64(lowercaseHex: String(decoding: digits, as: UTF8.self))
    }
}
